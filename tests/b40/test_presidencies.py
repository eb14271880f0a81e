"""Presidencies from handover to handover, and the offices of today."""

import datetime as dt

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains

from members.models import Certainty
from tests.factories import (
    BoardSeatChangeFactory,
    MeetingFactory,
    OfficeChangeFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    PresidencyFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def athens():
    """The term before the present one, with two presidents; the summit is a meeting of three days."""
    athens = PresidencyFactory(
        city__name="Athens",
        city__slug="athens",
        started_on=dt.date(2023, 1, 23),
        priorities=["Heat", "Fair cities"],
        chosen="Elected in Istanbul",
    )
    for name, latest in [("Kostas Bakoyannis", dt.date(2023, 1, 23)), ("Haris Doukas", dt.date(2024, 1, 1))]:
        OfficeChangeFactory(presidency=athens, person__name=name, latest=latest)
    PresidencyFactory(city__name="Tirana", city__slug="tirana", started_on=dt.date(2024, 1, 30))
    return athens


def test_list_tells_the_terms_from_the_first_to_the_last(client, athens):
    terms = client.get("/presidencies/").context["terms"]

    told = [(term["city"], term["term"], term["people"], term["is_current"]) for term in terms]
    both = ["Kostas Bakoyannis, 23 January 2023 to 1 January 2024", "Haris Doukas, 1 January 2024 to 30 January 2024"]
    assert told == [
        ("Athens", "23 January 2023 to 30 January 2024", both, False),
        ("Tirana", "30 January 2024 until today", [], True),
    ]


@pytest.mark.parametrize(
    ("moment", "current"),
    [(dt.date(2023, 1, 22), []), (dt.date(2024, 1, 29), ["Athens"]), (dt.date(2024, 1, 30), ["Tirana"])],
)
def test_list_knows_who_presides_on_the_day_of_the_handover(client, athens, moment, current):
    with time_machine.travel(dt.datetime(moment.year, moment.month, moment.day, 12, tzinfo=dt.UTC)):
        terms = client.get("/presidencies/").context["terms"]

    assert [term["city"] for term in terms if term["is_current"]] == current


def test_list_links_the_summit_unless_it_is_a_draft(client, athens):
    MeetingFactory(
        title="Athens Summit",
        kind="summit",
        status="draft",
        summit_of=athens,
        motto="Together",
        start_on=dt.date(2023, 1, 22),
        end_on=dt.date(2023, 1, 24),
    )

    assertNotContains(client.get("/presidencies/"), "Athens Summit")
    assertNotContains(client.get("/presidencies/"), "Together")

    athens.summit.status = "held"
    athens.summit.save()
    assertContains(client.get("/presidencies/"), "Athens Summit</a>, 22–24 January 2023")
    assertContains(client.get("/presidencies/"), "“Together”")


def test_list_shows_the_offices_of_today_with_their_certainty(client, athens):
    BoardSeatChangeFactory(city__name="Sofia")
    BoardSeatChangeFactory(city__name="Bursa", certainty=Certainty.DISPUTED, basis="One report claims it.")
    BoardSeatChangeFactory(city__name="Later", latest=dt.date(2026, 2, 2))
    OfficeChangeFactory(secretary=True, person__name="Barbaros", earliest=None, latest=dt.date(2026, 1, 20))

    response = client.get("/presidencies/")

    assert [seat.change.city.name for seat in response.context["board"]] == ["Bursa", "Sofia"]
    assertContains(response, "<summary>disputed</summary><p>One report claims it.</p>")
    assertContains(response, "Barbaros, known by 20 January 2026")


def test_list_shows_the_rules(client):
    response = client.get("/presidencies/")

    assertContains(response, "No city presides for two terms in a row.")
    assertContains(response, "No presidency on record")


def test_page_tells_the_term(client, athens):
    response = client.get("/presidencies/athens-2023-01-23/")

    assertContains(response, "23 January 2023 to 30 January 2024")
    assertContains(response, "Haris Doukas, 1 January 2024 to 30 January 2024")
    assertContains(response, "Elected in Istanbul")
    assertContains(response, "<li>Fair cities</li>", html=True)
    assertContains(response, 'href="/presidencies/tirana-2024-01-30/" rel="next"')


def test_page_lists_the_meetings_of_the_term_the_public_may_see(client, athens):
    tirana = athens.__class__.objects.get(city__slug="tirana")
    for title, start, extra in [
        ("Own summit", dt.date(2023, 1, 22), {"kind": "summit", "summit_of": athens, "end_on": dt.date(2023, 1, 24)}),
        ("Last day", dt.date(2024, 1, 29), {}),
        ("Next summit", dt.date(2024, 1, 29), {"kind": "summit", "summit_of": tirana, "end_on": dt.date(2024, 1, 31)}),
        ("Before", dt.date(2023, 1, 22), {}),
        ("Drafted", dt.date(2023, 5, 1), {"status": "draft"}),
    ]:
        MeetingFactory(title=title, start_on=start, **extra)

    page = client.get("/presidencies/athens-2023-01-23/").context["page"]

    assert [meeting.title for meeting in page] == ["Last day", "Own summit"]


def test_page_names_the_board_in_that_time(client, athens):
    seat = BoardSeatChangeFactory(city__name="Sofia", latest=dt.date(2023, 6, 1))
    BoardSeatChangeFactory(city=seat.city, event="left", latest=dt.date(2023, 9, 1))
    BoardSeatChangeFactory(city__name="Bursa", latest=dt.date(2024, 1, 30))

    board = client.get("/presidencies/athens-2023-01-23/").context["board"]

    assert [(seat.change.city.name, seat.words) for seat in board] == [("Sofia", "1 June 2023 to 1 September 2023")]


@pytest.mark.parametrize(
    "slug", ["athens", "athens-2023-01-24", "tirana-2023-01-23", "athens-2023-13-40", "2023-01-23", "athens2023-01-23"]
)
def test_page_of_no_term_is_not_found(client, athens, slug):
    assert client.get(f"/presidencies/{slug}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_page_ask_a_fixed_number_of_queries(client, django_assert_num_queries, rows):
    for number in range(rows):
        city = OrganisationFactory()
        OrganisationNameFactory(organisation=city)
        presidency = PresidencyFactory(city=city, started_on=dt.date(2022 + number, 1, 1))
        OfficeChangeFactory(presidency=presidency)
        OfficeChangeFactory(presidency=presidency, latest=dt.date(2022 + number, 2, 1))
        MeetingFactory(
            kind="summit", mode="in_person", host_city=city, summit_of=presidency, start_on=presidency.started_on
        )
        BoardSeatChangeFactory(city=city)
    OfficeChangeFactory(secretary=True)

    with django_assert_num_queries(11):
        client.get("/presidencies/")
    with django_assert_num_queries(14):
        client.get(presidency.get_absolute_url())


def test_pages_on_the_record(shipped_record, client):
    terms = client.get("/presidencies/").context["terms"]

    assert [term["city"] for term in terms] == ["Istanbul", "Athens", "Tirana", "Sofia", "Zagreb"]
    assert [holder.change.person.name for holder in terms[1]["presidents"]] == ["Kostas Bakoyannis", "Haris Doukas"]
    assert [term["term"] for term in terms][::4] == [
        "30 November 2021 to 23 January 2023",
        "26 January 2026 until today",
    ]
    assert all(term["summit"] for term in terms)
    for term in terms:
        assertContains(client.get(term["url"]), term["summit"].title)
