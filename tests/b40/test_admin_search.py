"""The admin finds a record by any spelling and script, in lists and in autocompletion."""

import pytest
from django.db import models
from django.test import Client

from meetings.models import AgendaItem, Attendance, Document, Meeting, Session
from members.models import (
    BoardSeatChange,
    Country,
    MembershipChange,
    OfficeChange,
    Organisation,
    OrganisationName,
    Person,
    Presidency,
    Source,
)
from tests.b40 import admin_rows as rows
from tests.b40.admin_rows import MAKERS, address, client_of, secretariat_user
from workinggroups.models import ParticipationChange, Topic, WorkingGroup

pytestmark = pytest.mark.django_db

SPELLINGS = ["Skopje", "skopje", "Скопје", "Shkup", "Üsküp", "ÜSKÜP"]


@pytest.fixture
def staff() -> Client:
    return client_of(secretariat_user())


@pytest.fixture
def skopje() -> Organisation:
    city = Organisation.objects.create(name="Skopje", slug="skopje", country=rows.country(1))
    for spelling in ("Скопје", "Shkup", "Üsküp"):
        OrganisationName.objects.create(organisation=city, text=spelling)
    rows.city(7)
    return city


def listed(client: Client, model: type[models.Model], text: str) -> list[models.Model]:
    return list(client.get(address(model, "changelist"), {"q": text}).context["cl"].result_list)


def offered(client: Client, model: type[models.Model], field: str, term: str) -> list[str]:
    label, name = model._meta.app_label, model._meta.model_name
    query = {"app_label": label, "model_name": name, "field_name": field, "term": term}
    return [result["text"] for result in client.get("/admin/autocomplete/", query).json()["results"]]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_list_finds_a_city_by_any_spelling(staff: Client, skopje: Organisation, spelling: str) -> None:
    assert listed(staff, Organisation, spelling) == [skopje]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_autocompletion_finds_a_city_by_any_spelling_and_names_its_country(
    staff: Client, skopje: Organisation, spelling: str
) -> None:
    assert offered(staff, Attendance, "organisation", spelling) == ["Skopje · Land 1"]


@pytest.mark.parametrize("text", ["Nowhere", "—", "%"])
def test_search_without_a_match_lists_nothing(staff: Client, skopje: Organisation, text: str) -> None:
    assert (listed(staff, Organisation, text), offered(staff, Attendance, "organisation", text)) == ([], [])


def test_blank_search_lists_everything(staff: Client, skopje: Organisation) -> None:
    assert len(listed(staff, Organisation, "  ")) == 2


def test_host_city_is_chosen_among_cities_alone(staff: Client, skopje: Organisation) -> None:
    Organisation.objects.create(name="Skopje Forum", slug="forum", kind="civil")

    assert offered(staff, Meeting, "host_city", "Skopje") == ["Skopje · Land 1"]


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (MembershipChange, "organisation"),
        (OrganisationName, "organisation"),
        (ParticipationChange, "organisation"),
        (Attendance, "organisation"),
        (Presidency, "city"),
        (BoardSeatChange, "city"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_records_of_a_city_are_found_by_its_spellings(
    staff: Client, skopje: Organisation, model: type[models.Model], field: str
) -> None:
    OrganisationName.objects.all().delete()
    OrganisationName.objects.create(organisation=skopje, text="Скопје")
    model.objects.all().delete() if model is not OrganisationName else None
    mine, other = MAKERS[model](3), MAKERS[model](4)
    model.objects.filter(pk=mine.pk).update(**{field: skopje})

    found = listed(staff, model, "Скопје")

    assert mine in found
    assert other not in found


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (Country, "земя"),
        (Source, "example.org/3"),
        (Person, "person 3"),
        (WorkingGroup, "group 3"),
        (Topic, "topic 3"),
        (Meeting, "meeting 3"),
        (Session, "group 3"),
        (AgendaItem, "topic 3"),
        (Document, "document 3"),
        (OfficeChange, "person 3"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_list_finds_its_record(staff: Client, model: type[models.Model], text: str) -> None:
    MAKERS[model](4)
    mine = MAKERS[model](3)
    Country.objects.exclude(pk="AD").update(native_names=[])

    assert listed(staff, model, text) == [mine]


@pytest.mark.parametrize(
    ("model", "field", "term", "label"),
    [
        (Attendance, "meeting", "meeting", "Meeting 3 · 31 March 2020"),
        (Attendance, "session", "meeting", "Group 3 · Meeting 3"),
        (AgendaItem, "topics", "topic", "Topic 3 · Group 3"),
        (Session, "working_groups", "group", "Group 3"),
        (Meeting, "sources", "page", "Page 3 · https://example.org/3"),
        (OfficeChange, "person", "person", "Person 3"),
        (Organisation, "country", "land", "Land 3"),
    ],
)
def test_options_are_told_apart_by_their_labels(
    staff: Client, model: type[models.Model], field: str, term: str, label: str
) -> None:
    rows.agenda_item(3)
    rows.source(3)
    rows.person(3)

    assert label in offered(staff, model, field, term)


@pytest.mark.parametrize("count", [1, 3])
def test_autocompletion_costs_the_same_for_any_number_of_options(
    staff: Client, count: int, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(1, count + 1):
        rows.session(number)
    offered(staff, Attendance, "session", "")

    with django_assert_num_queries(7):  # type: ignore[operator]
        assert len(offered(staff, Attendance, "session", "")) == count
