"""A draft is nowhere for the public: not in a list, a number, a calendar, a search, a neighbour's page or a file."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from tests.factories import (
    AttendanceFactory,
    MeetingFactory,
    OrganisationFactory,
    SessionFactory,
    UserFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db
WORD = "Confidential"
TODAY = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def draft():
    """A draft that would be everywhere if it leaked: with host, group and city, between two public meetings."""
    city = OrganisationFactory(name="Skopje", slug="skopje")
    group = WorkingGroupFactory(slug="climate")
    with time_machine.travel(TODAY, tick=False):
        MeetingFactory(start_on=dt.date(2026, 3, 1), slug="before")
        draft = MeetingFactory(
            title=f"{WORD} round", slug="confidential", status="draft", kind="board", mode="hybrid",
            start_on=dt.date(2026, 3, 2), host_city=city, country=city.country, summary=WORD,
        )  # fmt: skip
        MeetingFactory(start_on=dt.date(2026, 3, 3), slug="after", status="announced")
        SessionFactory(meeting=draft, title=WORD, working_groups=[group])
        AttendanceFactory(meeting=draft, organisation=city, basis=WORD)
        yield draft


ADDRESSES = [
    "/meetings/",
    "/meetings/?q=confidential",
    "/meetings/?city=skopje",
    "/meetings/?group=climate",
    "/meetings/?kind=board",
    "/meetings/?year=2026",
    "/meetings/before/",
    "/meetings/after/",
    "/meetings/calendar.ics",
    "/meetings/calendar.ics?kind=board",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_draft_is_not_told_to_the_public(client, draft, address):
    content = client.get(address).text

    shown = content.replace('value="confidential"', "").replace("confidential", "")  # the words that were asked for
    assert WORD not in shown


@pytest.mark.parametrize("address", ["/meetings/confidential/", "/meetings/confidential.ics"])
def test_draft_itself_is_not_found_by_the_public(client, draft, address):
    response = client.get(address)

    assert response.status_code == 404
    assert WORD not in response.text


def test_draft_is_in_no_number_of_the_filters(client, draft):
    fields = client.get(reverse("meetings:list")).context["form"].fields

    offered = {
        name: [label for value, label in fields[name].widget.choices if value] for name in ("kind", "mode", "year")
    }
    assert offered == {"kind": ["Working group meeting (2)"], "mode": ["Online (2)"], "year": ["2026 (2)"]}
    assert [value for name in ("group", "country") for value, _label in fields[name].widget.choices] == ["", ""]


@pytest.mark.parametrize(
    "address", ["/meetings/", "/meetings/?q=confidential", "/meetings/confidential/", "/meetings/calendar.ics"]
)
def test_draft_is_told_to_staff(client, draft, address):
    client.force_login(UserFactory(staff=True))

    assert WORD in client.get(address).text


def test_draft_says_to_staff_that_it_is_one(client, draft):
    client.force_login(UserFactory(staff=True))

    text = client.get(draft.get_absolute_url()).text

    assert "Only staff see this page." in text
    assert '<span class="badge is-draft">draft</span>' in text
