from xml.etree import ElementTree

import pytest
from django.utils import timezone

from b40.pages import sitemaps
from meetings.models import MeetingStatus
from tests import factories

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client, path):
    tree = ElementTree.fromstring(client.get(path).content)
    return [place.text.removeprefix("http://testserver") for place in tree.iter(f"{SITEMAP}loc")]


@pytest.mark.django_db
def test_index_names_every_section(client):
    assert locations(client, "/sitemap.xml") == [f"/sitemap-{name}.xml" for name in sitemaps.SECTIONS]


@pytest.mark.django_db
def test_every_public_record_stands_in_its_section_and_no_draft(client):
    city, observer = factories.OrganisationFactory(), factories.OrganisationFactory(observer=True)
    meeting, term = factories.MeetingFactory(), factories.PresidencyFactory(city=city)
    topic = factories.TopicFactory()
    news = factories.NewsItemFactory()
    factories.MeetingFactory(status=MeetingStatus.DRAFT)
    factories.NewsItemFactory(draft=True)
    factories.TopicFactory(status="draft", group=topic.group)
    client.force_login(factories.UserFactory(staff=True))

    found = {name: locations(client, f"/sitemap-{name}.xml") for name in sitemaps.SECTIONS}

    assert found == {
        "pages": [
            "/",
            "/about/",
            "/meetings/",
            "/news/",
            "/cities/",
            "/observers/",
            "/presidencies/",
            "/working-groups/",
            "/topics/",
        ],
        "meetings": [meeting.get_absolute_url()],
        "news": [news.get_absolute_url()],
        "organisations": [city.get_absolute_url(), observer.get_absolute_url()],
        "presidencies": [term.get_absolute_url()],
        "reports": [f"{term.get_absolute_url()}report/"],
        "groups": [topic.group.get_absolute_url()],
        "topics": [topic.get_absolute_url()],
    }


@pytest.mark.django_db
def test_meetings_say_when_they_changed(client):
    meeting = factories.MeetingFactory()

    page = client.get("/sitemap-meetings.xml").content.decode()

    assert f"<lastmod>{timezone.localdate(meeting.changed_at).isoformat()}</lastmod>" in page


@pytest.mark.django_db
def test_a_long_section_is_parted_into_pages(client, monkeypatch):
    monkeypatch.setattr(sitemaps.RecordSitemap, "limit", 2)
    topics = factories.TopicFactory.create_batch(3)

    assert "/sitemap-topics.xml?p=2" in locations(client, "/sitemap.xml")
    assert locations(client, "/sitemap-topics.xml?p=2") == [topics[2].get_absolute_url()]
    assert client.get("/sitemap-topics.xml?p=3").status_code == 404


@pytest.mark.django_db
def test_a_page_of_a_section_is_at_most_5000():
    assert sitemaps.RecordSitemap.limit == 5_000


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    "section", ["meetings", "news", "organisations", "presidencies", "reports", "groups", "topics"]
)
def test_a_section_asks_two_queries_whatever_the_number_of_rows(client, django_assert_num_queries, section, number):
    for _row in range(number):
        factories.MeetingFactory()
        factories.NewsItemFactory()
        factories.PresidencyFactory()
        factories.TopicFactory()

    with django_assert_num_queries(2):
        response = client.get(f"/sitemap-{section}.xml")

    assert response.status_code == 200


@pytest.mark.django_db
def test_unknown_section_is_404(client):
    assert client.get("/sitemap-mayors.xml").status_code == 404


def test_robots_may_read_everything_but_the_admin_and_find_the_sitemap(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /my/\nDisallow: /account/\nAllow: /\n\nSitemap: http://testserver/sitemap.xml\n"
    )
