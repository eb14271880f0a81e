"""The list of meetings: filters that combine, counts of their options, and what cannot be understood."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    AttendanceFactory,
    CountryFactory,
    MeetingFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    PresidencyFactory,
    SessionFactory,
    WorkingGroupFactory,
)

LIST = reverse("meetings:list")
TODAY = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def titles(response):
    return [row["meeting"].title for row in response.context["rows"]]


def options(response, name):
    """The options of a filter's list as "words (number)", without the one that says "any"."""
    return [label for value, label in response.context["form"].fields[name].widget.choices if value]


@pytest.fixture
def record():
    """Three meetings of unlike kinds: only the first fits everything that the tests ask for."""
    greece, bulgaria = CountryFactory(code="GR", name="Greece"), CountryFactory(code="BG", name="Bulgaria")
    athens = OrganisationFactory(name="Athens", slug="athens", country=greece)
    sofia = OrganisationFactory(name="Sofia", slug="sofia", country=bulgaria)
    PresidencyFactory(city=athens, started_on=dt.date(2023, 1, 23))
    PresidencyFactory(city=sofia, started_on=dt.date(2025, 2, 24))
    climate = WorkingGroupFactory(name="Local Climate Action", slug="climate", order=1)
    culture = WorkingGroupFactory(name="Culture", slug="culture", order=2)
    heat = MeetingFactory(
        title="Heat in Athens", mode="in_person", start_on=dt.date(2023, 5, 4), host_city=athens, country=greece
    )
    SessionFactory(meeting=heat, working_groups=[climate])
    SessionFactory(meeting=heat, working_groups=[climate, culture])
    board = MeetingFactory(title="Board", kind="board", mode="online", start_on=dt.date(2023, 9, 1))
    visit = MeetingFactory(
        title="Visit", kind="visit", mode="in_person", start_on=dt.date(2025, 4, 9), country=bulgaria
    )
    for meeting in (heat, board):
        AttendanceFactory(meeting=meeting, organisation=athens)
    AttendanceFactory(meeting=visit, organisation=sofia)
    AttendanceFactory(meeting=visit, organisation=athens, presence="excused")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Visit", "Board", "Heat in Athens"]),
        ("?q=heat", ["Heat in Athens"]),
        ("?q=Βισιτ", ["Visit"]),
        ("?year=2023", ["Board", "Heat in Athens"]),
        ("?kind=board", ["Board"]),
        ("?mode=in_person", ["Visit", "Heat in Athens"]),
        ("?group=climate", ["Heat in Athens"]),
        ("?group=culture", ["Heat in Athens"]),
        ("?city=athens", ["Board", "Heat in Athens"]),
        ("?city=sofia", ["Visit"]),
        ("?country=BG", ["Visit"]),
        ("?presidency=athens-2023-01-23", ["Board", "Heat in Athens"]),
        ("?presidency=sofia-2025-02-24", ["Visit"]),
        ("?year=2023&mode=in_person&group=climate&city=athens&country=GR&q=athens", ["Heat in Athens"]),
        ("?year=2023&mode=online&country=GR", []),
    ],
)  # fmt: skip
def test_filters_narrow_and_combine(client, record, query, found):
    response = client.get(LIST + query)

    assert titles(response) == found
    assert response.context["number"] == len(found)


def test_options_count_what_the_other_filters_leave(client, record):
    response = client.get(LIST, {"year": "2023", "mode": "in_person"})

    assert options(response, "year") == ["2025 (1)", "2023 (1)"]
    assert options(response, "mode") == ["Online (1)", "In person (1)"]
    assert options(response, "kind") == ["Working group meeting (1)"]
    assert options(response, "group") == ["Local Climate Action (1)", "Culture (1)"]
    assert options(response, "country") == ["Greece (1)"]
    assert options(response, "presidency") == ["Athens presidency, 2023 (1)"]


def test_chosen_option_stays_in_its_list_when_nothing_is_left(client, record):
    response = client.get(LIST, {"year": "1999", "kind": "summit", "city": "sofia"})

    assert options(response, "year")[-1] == "1999 (0)"
    assert options(response, "kind")[0] == "Summit (0)"


def test_counts_are_kept_until_the_record_changes(client, record):
    before = options(client.get(LIST), "kind")
    with CaptureQueriesContext(connection) as again:
        assert options(client.get(LIST), "kind") == before
    MeetingFactory(kind="board")

    after = options(client.get(LIST), "kind")

    assert not [query for query in again if "GROUP BY" in query["sql"]]
    assert "Executive Board (1)" in before
    assert "Executive Board (2)" in after


def test_chips_name_the_filters_in_force_and_lead_to_the_list_without_each(client, record):
    response = client.get(LIST, {"q": "athens", "city": "athens", "year": "2023"})

    assert [chip["label"] for chip in response.context["asked"].chips] == [
        "Text: athens",
        "Year: 2023",
        "City that came: Athens",
    ]
    assert 'href="?q=athens&amp;year=2023"' in response.text
    assert 'href="?city=athens&amp;year=2023"' in response.text


def test_city_is_understood_in_any_spelling_and_said(client, record):
    OrganisationNameFactory(organisation__name="Thessaloniki", text="Солун")

    response = client.get(LIST, {"city": "Солун"})

    assert titles(response) == []
    assert response.context["asked"].city_meant == "“Солун” is Thessaloniki."
    assert "“Солун” is Thessaloniki." in response.text


def test_ambiguous_city_narrows_nothing_and_asks_which(client, record):
    for code in ("BG", "GR"):
        OrganisationFactory(name="Dimitrovgrad", country_id=code)

    response = client.get(LIST, {"city": "Dimitrovgrad"})

    assert len(titles(response)) == 3
    assert response.context["asked"].remarks == [
        "City that came: “Dimitrovgrad” may be any of Dimitrovgrad (BG), Dimitrovgrad (GR): "
        "add the country, as in “Dimitrovgrad (BG)”. This filter was left out."
    ]


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ("year=abc", "Year: “abc” is no year. This filter was left out."),
        ("year=0", "Year: “0” is no year. This filter was left out."),
        ("year=99999999999999999999", "Year: “99999999999999999999” is no year. This filter was left out."),
        ("kind=party", "Kind: “party” is unknown. This filter was left out."),
        ("mode=%00", "Mode: Null characters are not allowed. This filter was left out."),
        ("group=no", "Working group: “no” is unknown. This filter was left out."),
        ("country=ZZ", "Met in: “ZZ” is unknown. This filter was left out."),
        ("presidency=athens", "Presidency: “athens” is unknown. This filter was left out."),
        ("city=Atlantis", "City that came: “Atlantis” is not in the register. This filter was left out."),
        ("q=%3F%3F", "Text, in any script: “??” holds no letter or digit. This filter was left out."),
    ],
)
def test_what_is_not_understood_is_said_and_the_rest_is_shown(client, record, query, remark):
    response = client.get(
        f"{LIST}?{query}&mode=online" if "mode" not in query else f"{LIST}?{query}&year=2023&kind=board"
    )

    assert response.status_code == 200
    assert response.context["asked"].remarks == [remark]
    assert titles(response) == ["Board"]


@time_machine.travel(TODAY, tick=False)
def test_announced_meetings_stand_first_by_themselves_while_unfiltered(client):
    later, sooner = (MeetingFactory(status="announced", start_on=dt.date(2026, month, 1)) for month in (6, 4))
    past = MeetingFactory(start_on=dt.date(2025, 1, 1))
    cancelled = MeetingFactory(start_on=dt.date(2026, 5, 1), status="cancelled")

    unfiltered, filtered = client.get(LIST), client.get(LIST, {"mode": "online"})

    assert [row["meeting"] for row in unfiltered.context["upcoming"]] == [sooner, later]
    assert [row["meeting"] for row in unfiltered.context["rows"]] == [cancelled, past]
    assert filtered.context["upcoming"] == []
    assert [row["meeting"] for row in filtered.context["rows"]] == [later, cancelled, sooner, past]
    assert '<span class="badge is-cancelled">cancelled</span>' in unfiltered.text


@time_machine.travel(TODAY, tick=False)
def test_pages_are_of_25_and_show_every_meeting_once(client):
    upcoming = MeetingFactory(status="announced", start_on=dt.date(2026, 6, 1))
    MeetingFactory.create_batch(30, start_on=dt.date(2025, 1, 1))

    first, second = client.get(LIST), client.get(LIST, {"page": 2})

    shown = [row["meeting"].pk for page in (first, second) for row in page.context["rows"]]
    assert len(first.context["rows"]) == 25
    assert len(set(shown)) == len(shown) == 30
    assert upcoming.pk not in shown
    assert second.context["upcoming"] == []
    assert client.get(LIST, {"page": 3}).status_code == 404


def test_row_shows_groups_presidency_and_cities_that_came(client, record):
    response = client.get(LIST, {"q": "heat"})

    row = response.context["rows"][0]
    assert [group.name for group in row["groups"]] == ["Local Climate Action", "Culture"]
    assert row["presidency"].city.name == "Athens"
    assert row["meeting"].city_count == 1
    assert "Presidency: Athens" in response.text
    assert "<strong>1</strong> city" in response.text


def test_empty_result_names_the_filters_without_which_something_fits(client, record):
    response = client.get(LIST, {"kind": "board", "country": "GR"})

    assert [(way["name"], way["number"]) for way in response.context["ways_out"]] == [("kind", 1), ("country", 1)]
    assert "Without “Kind: Executive Board”: 1 meeting" in response.text


def test_text_that_is_only_a_citys_name_leads_to_the_meetings_it_attended(client, record):
    OrganisationNameFactory(organisation__name="Skopje", organisation__slug="skopje", text="Üsküp")

    response = client.get(LIST, {"q": "Üsküp"})

    assert response.context["city_found"].name == "Skopje"
    assert 'href="/meetings/?city=skopje"' in response.text


def test_empty_record_says_so(client):
    assert "No meeting is on record yet" in client.get(LIST).text


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_depend_on_the_number_of_meetings(client, number, django_assert_num_queries):
    group = WorkingGroupFactory()
    for _number in range(number):
        meeting = MeetingFactory(host_city=OrganisationFactory(), mode="in_person")
        SessionFactory(meeting=meeting, working_groups=[group])
        AttendanceFactory(meeting=meeting)
        PresidencyFactory()

    with django_assert_num_queries(16):
        client.get(LIST)
