import pytest
from django.http import Http404

from members.models import Country
from members.paging import paginate
from tests.factories import CountryFactory


@pytest.fixture
def countries(db):
    return CountryFactory.create_batch(5)


@pytest.mark.parametrize(
    ("query", "number"), [("", 1), ("?page=2", 2), ("?page=3", 3), ("?page=two", 1), ("?page=", 1)]
)
def test_page_is_the_one_asked_for_or_else_the_first(countries, rf, query, number):
    page = paginate(rf.get(f"/{query}"), Country.objects.all(), 2)

    assert page.number == number


@pytest.mark.parametrize("number", ["4", "0", "-1", "99999999999999999999"])
def test_page_beyond_the_list_is_not_found(countries, rf, number):
    with pytest.raises(Http404, match=r"The last page of this list is page 3\."):
        paginate(rf.get("/", {"page": number}), Country.objects.all(), 2)


def test_two_queries_whatever_the_size(countries, rf, django_assert_num_queries):
    with django_assert_num_queries(2):
        list(paginate(rf.get("/"), Country.objects.all(), 2))
