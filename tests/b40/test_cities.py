"""The register's pages: any day, any filter, every city with all that is known of it."""

import datetime as dt
import json
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from b40.pages import cities as page
from members import register_map
from members.models import Certainty, Country, Organisation
from members.models.membership import Founding
from tests.factories import (
    AttendanceFactory,
    BoardSeatChangeFactory,
    CountryFactory,
    MeetingFactory,
    MembershipChangeFactory,
    NewsItemFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    ParticipationChangeFactory,
    PhotoFactory,
    PresidencyFactory,
    StatedMemberCountFactory,
)

pytestmark = pytest.mark.django_db
REGISTER = "/cities/"
NO_DAY = "“{}” is no day of the calendar. Write it as in 2023-01-23. Below is the register of today."


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def sofia():
    """A candidate from 2022, a member from 2023, seen at one meeting of 2024."""
    bulgaria = CountryFactory(code="B1", name="Bulgaria")
    city = OrganisationFactory(name="Sofia", slug="sofia", country=bulgaria, latitude="42.698", longitude="23.322")
    OrganisationNameFactory(organisation=city, text="София", language="bg", is_native=True)
    MembershipChangeFactory(organisation=city, status="candidate", latest=dt.date(2022, 3, 1))
    MembershipChangeFactory(organisation=city, status="member", latest=dt.date(2023, 6, 28), how="signed in Sofia")
    AttendanceFactory(organisation=city, meeting=MeetingFactory(title="Round of May", start_on=dt.date(2024, 5, 21)))
    return city


def listed(response):
    """The cities of the page with what stands beside them."""
    return {
        entry.city.name: (entry.status, entry.since, entry.meetings)
        for countries in response.context["countries"]
        for entry in countries.entries
    }


# --- the register ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("", ("member", "since 28 June 2023", 1)),
        ("?on=2022-02-28", None),
        ("?on=2022-03-01", ("candidate", "since 1 March 2022", 0)),
        ("?on=2023-06-27", ("candidate", "since 1 March 2022", 0)),
        ("?on=2023-06-28", ("member", "since 28 June 2023", 0)),
        ("?on=2024-05-21", ("member", "since 28 June 2023", 1)),
        ("?on=9999-12-31", ("member", "since 28 June 2023", 1)),
        ("?on=0001-01-01", None),
    ],
)
def test_register_tells_what_a_city_was_on_the_day(client, sofia, query, line):
    assert listed(client.get(REGISTER + query)).get("Sofia") == line


def test_register_shows_the_own_name_with_its_language(client, sofia):
    assertContains(client.get(REGISTER), '<span class="native" lang="bg">София</span>', html=True)


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ("", None),
        ("?on=2023-01-01", None),
        ("?on=2021-01-01", "The network was not yet founded on this day: its register begins on 1 March 2022."),
        ("?on=2026-02-02", "This day is yet to come. Below is what the record says so far."),
        ("?on=2023-02-30", NO_DAY.format("2023-02-30")),
        ("?on=yesterday", NO_DAY.format("yesterday")),
        ("?on=01.02.2023", NO_DAY.format("01.02.2023")),
        ("?country=QQ", "The filter “Country” could not be read and was left out."),
        ("?status=king", "The filter “Status” could not be read and was left out."),
        ("?q=" + "x" * 101, "The filter “Name, in any spelling or script” could not be read and was left out."),
        ("?q=%00", "The filter “Name, in any spelling or script” could not be read and was left out."),
    ],
)  # fmt: skip
def test_register_says_what_is_odd_about_the_question(client, sofia, query, remark):
    response = client.get(REGISTER + query)

    assert response.context["remarks"] == ([remark] if remark else [])
    if remark:
        assertContains(response, remark)


@pytest.mark.parametrize("query", ["?on=2023-02-30", "?country=QQ", "?status=king", "?q=%00"])
def test_register_shows_everything_of_today_when_a_filter_cannot_be_read(client, sofia, query):
    response = client.get(REGISTER + query)

    assert response.context["day"] == dt.date(2026, 2, 1)
    assert list(listed(response)) == ["Sofia"]


@pytest.mark.parametrize(
    ("query", "cities"),
    [
        ("?country=B1", ["Sofia"]),
        ("?status=member", ["Athens", "Sofia"]),
        ("?status=candidate", ["Tuzla"]),
        ("?status=ended", ["Trikala"]),
        ("?status=member&country=G1", ["Athens"]),
        ("?q=СОФИЯ", ["Sofia"]),
        ("?q=Sofija", ["Sofia"]),
        ("?q=Αθηνα", ["Athens"]),
        ("?q=Atlantis", []),
        ("?status=candidate&on=2022-03-01", ["Sofia", "Tuzla"]),
    ],
)
def test_register_is_narrowed_by_country_status_and_any_spelling(client, sofia, query, cities):
    greece = CountryFactory(code="G1", name="Greece")
    athens = OrganisationFactory(name="Athens", country=greece)
    OrganisationNameFactory(organisation=athens, text="Αθήνα", language="el", is_native=True)
    MembershipChangeFactory(organisation=athens)
    MembershipChangeFactory(organisation=OrganisationFactory(name="Trikala", country=greece), status="ended")
    MembershipChangeFactory(organisation=OrganisationFactory(name="Tuzla"), status="candidate")

    assert sorted(listed(client.get(REGISTER + query))) == cities


def test_register_says_what_the_resolver_knows_of_a_name_that_finds_nothing(client, sofia):
    response = client.get(REGISTER + "?q=Soffja Grd")

    assertContains(response, "No city of the register fits")
    assertContains(response, "“Soffja Grd” is not in the register")


def test_register_leaves_out_what_is_no_city(client):
    MembershipChangeFactory(organisation=OrganisationFactory(observer=True), status="observer")

    assert listed(client.get(REGISTER)) == {}


def test_register_counts_members_beside_the_number_stated_last(client, sofia):
    MembershipChangeFactory(organisation=OrganisationFactory(), latest=dt.date(2023, 1, 1))
    StatedMemberCountFactory(on=dt.date(2023, 1, 23), members=48)
    StatedMemberCountFactory(on=dt.date(2024, 1, 30), members=55, certainty=Certainty.DISPUTED, basis="Says Istanbul.")
    StatedMemberCountFactory(on=dt.date(2024, 1, 30), members=54, certainty=Certainty.DISPUTED, basis="Says Tirana.")

    numbers = {
        day: (context["counted"], context["stated_words"], context["stated_note"])
        for day in ("2022-12-31", "2023-06-27", "2024-01-30")
        if (context := client.get(REGISTER, {"on": day}).context)
    }

    assert numbers == {
        "2022-12-31": (0, "", ""),
        "2023-06-27": (1, "48", ""),
        "2024-01-30": (2, "55 or 54", "55 (disputed): Says Istanbul. 54 (disputed): Says Tirana."),
    }


def test_register_shows_the_footnote_of_a_country_and_its_count_on_all_pages(client, monkeypatch):
    monkeypatch.setattr(page, "CITIES_PER_PAGE", 2)
    country = CountryFactory(code="K1", name="Kosovo", footnote="Takes no position.")
    for _number in range(3):
        MembershipChangeFactory(organisation=OrganisationFactory(country=country))

    first, second = client.get(REGISTER), client.get(REGISTER + "?page=2")

    assert [len(listed(first)), len(listed(second))] == [2, 1]
    assert second.context["countries"][0].total == 3
    assertContains(second, "Takes no position.")
    assert client.get(REGISTER + "?page=3").status_code == 404


def test_register_says_less_than_certain_with_its_reason(client):
    MembershipChangeFactory(certainty=Certainty.UNCONFIRMED, basis="Not on the list of 2024.", status="ended")

    response = client.get(REGISTER)

    assertContains(response, "<summary>not confirmed</summary><p>Not on the list of 2024.</p>")


def test_map_marks_status_and_the_presiding_city(client, sofia):
    PresidencyFactory(city=sofia, started_on=dt.date(2025, 2, 24))
    tuzla = OrganisationFactory(name="Tuzla", latitude="44.538", longitude="18.676")
    MembershipChangeFactory(organisation=tuzla, status="candidate")

    points = client.get(REGISTER).context["survey"].points

    assert {point.label: point.state for point in points} == {"Sofia": "host", "Tuzla": "candidate"}


def test_map_adds_cities_up_by_squares_when_they_are_many(client, sofia, monkeypatch):
    monkeypatch.setattr(register_map, "MOST_POINTS", 2)
    places = [("42.1", "23.9"), ("42.999", "23.0"), ("41.999", "23.5"), ("60.0", "23.5")]
    for latitude, longitude in places:
        MembershipChangeFactory(organisation=OrganisationFactory(latitude=latitude, longitude=longitude))

    response = client.get(REGISTER)

    assert [(point.label, point.radius) for point in response.context["survey"].points] == [
        ("3 cities", 20),
        ("1 city", 13),
    ]
    assertContains(response, "Each disc stands for the cities of one square degree")


def test_register_is_counted_once_for_each_state_of_the_record(client, sofia):
    first = client.get(REGISTER).context["survey"]
    with CaptureQueriesContext(connection) as again:
        client.get(REGISTER)
    for _number in range(2):
        MembershipChangeFactory(organisation__country_id="B1")

    later, other = client.get(REGISTER).context["survey"], client.get(REGISTER + "?country=B1").context["survey"]

    assert not [query for query in again if "GROUP BY" in query["sql"] and "country" in query["sql"]]
    assert [survey.found for survey in (first, later, other)] == [1, 3, 3]


@pytest.mark.parametrize("rows", [1, 3])
def test_register_asks_a_fixed_number_of_queries(client, django_assert_num_queries, rows):
    for number in range(rows):
        StatedMemberCountFactory(on=dt.date(2023, 1, 1), members=number)
    PresidencyFactory(started_on=dt.date(2025, 2, 24))
    for _number in range(rows):
        city = OrganisationFactory(latitude="42.1", longitude="23.9")
        OrganisationNameFactory(organisation=city)
        MembershipChangeFactory(organisation=city)
        AttendanceFactory(organisation=city)

    with django_assert_num_queries(17):
        client.get(REGISTER)


# --- a city ----------------------------------------------------------------------------------------------------------


def test_city_page_shows_names_facts_and_membership(client, sofia):
    Country.objects.filter(code="B1").update(footnote="A footnote.")
    Organisation.objects.filter(pk=sofia.pk).update(
        population=1_200_000, population_year=2021, website="https://www.sofia.bg"
    )
    OrganisationNameFactory(organisation=sofia, text="Sofya", language="tr")
    OrganisationNameFactory(organisation=sofia, text="Sophia")

    response = client.get("/cities/sofia/")

    assertContains(response, '<p class="page-header-native" lang="bg">София</p>', html=True)
    assertContains(response, '<span lang="tr">Sofya</span> <span class="native">Turkish</span>')
    assertContains(response, '<li class="chip">Sophia</li>', html=True)
    assertContains(response, "about 1,200,000 (2021)")
    assertContains(response, '<a href="https://www.sofia.bg" rel="external noopener">sofia.bg</a>', html=True)
    assertContains(response, "42.698° N, 23.322° E")
    assertContains(response, "A footnote.")
    assertContains(response, "Signed in Sofia.")
    told = [(spell.change.status, spell.words) for spell in response.context["membership"]]
    assert told == [("member", "since 28 June 2023"), ("candidate", "1 March 2022 to 28 June 2023")]


def test_city_page_shows_offices_and_groups(client, sofia):
    PresidencyFactory(city=sofia, started_on=dt.date(2024, 2, 24))
    PresidencyFactory(started_on=dt.date(2025, 1, 26))
    BoardSeatChangeFactory(city=sofia, latest=dt.date(2024, 2, 24), how="elected in Sofia")
    ParticipationChangeFactory(organisation=sofia, group__name="Local Climate Action", latest=dt.date(2024, 1, 1))

    response = client.get("/cities/sofia/")

    assertContains(response, "24 February 2024 to 26 January 2025")
    assertContains(response, "Since 24 February 2024: elected in Sofia")
    assertContains(response, "Takes part, since 1 January 2024")


@pytest.mark.parametrize(
    ("day", "status", "held"),
    [
        ("2022-02-28", None, []),
        ("2022-03-01", "candidate", []),
        ("2024-02-23", "member", []),
        ("2024-02-24", "member", ["presiding city", "seat on the Executive Board", "Local Climate Action: takes part"]),
        ("2025-01-26", "member", ["seat on the Executive Board", "Local Climate Action: takes part"]),
    ],
)
def test_city_page_tells_what_it_was_on_a_day(client, sofia, day, status, held):
    PresidencyFactory(city=sofia, started_on=dt.date(2024, 2, 24))
    PresidencyFactory(started_on=dt.date(2025, 1, 26))
    BoardSeatChangeFactory(city=sofia, latest=dt.date(2024, 2, 24))
    ParticipationChangeFactory(organisation=sofia, group__name="Local Climate Action", latest=dt.date(2024, 2, 24))

    standing = client.get("/cities/sofia/", {"on": day}).context["standing"]

    assert standing["held"] == held
    assert (standing["spell"].change.status if standing["spell"] else None) == status


def test_city_page_says_that_a_day_is_none(client, sofia):
    response = client.get("/cities/sofia/?on=soon")

    assert response.context["standing"] is None
    assertContains(response, "“soon” is no day of the calendar. Write it as in 2023-01-23. Below is the page of today.")


def test_city_page_lists_meetings_with_the_capacity_of_their_day(client, sofia):
    early = MeetingFactory(title="Early", start_on=dt.date(2022, 6, 1))
    AttendanceFactory(organisation=sofia, meeting=early)
    guest = MeetingFactory(title="Guest day", start_on=dt.date(2025, 6, 1))
    AttendanceFactory(organisation=sofia, meeting=guest, capacity="guest", certainty=Certainty.INFERRED)
    AttendanceFactory(organisation=sofia, meeting=MeetingFactory(title="Excused"), presence="excused")
    AttendanceFactory(organisation=sofia, meeting=MeetingFactory(title="Drafted", status="draft"))

    rows = client.get("/cities/sofia/").context["meetings"]

    assert [(row["meeting"].title, row["remarks"]) for row in rows] == [
        ("Guest day", ["took part as guest", "not certain"]),
        ("Round of May", ["took part as member"]),
        ("Early", ["took part as candidate"]),
    ]


def test_city_page_pages_its_meetings(client, sofia):
    for _number in range(25):
        AttendanceFactory(organisation=sofia)

    assert len(client.get("/cities/sofia/").context["meetings"]) == 25
    assert len(client.get("/cities/sofia/?page=2").context["meetings"]) == 1
    assert client.get("/cities/sofia/?page=3").status_code == 404


def test_city_page_ranks_the_cities_at_the_same_meetings(client, sofia):
    often, once, never, observer = (OrganisationFactory(name=name) for name in ("Often", "Once", "Never", "Observer"))
    Organisation.objects.filter(pk=observer.pk).update(kind="network")
    for number in range(2):
        meeting = MeetingFactory()
        for organisation in [sofia, often, observer, *[once] * (number == 0)]:
            AttendanceFactory(organisation=organisation, meeting=meeting)
        AttendanceFactory(organisation=never, meeting=meeting, presence="absent")
    AttendanceFactory(organisation=often)
    drafted = MeetingFactory(status="draft")
    for organisation in (sofia, never):
        AttendanceFactory(organisation=organisation, meeting=drafted)

    company = client.get("/cities/sofia/").context["company"]

    assert [(row["label"], row["value"]) for row in company] == [("Often", 2), ("Once", 1)]


def test_city_page_describes_itself_as_schema_org_says(client, sofia):
    content = client.get("/cities/sofia/").content.decode()

    said = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', content)[1])

    assert said == {
        "@context": "https://schema.org",
        "@type": "City",
        "@id": "http://testserver/cities/sofia/#city",
        "name": "Sofia",
        "url": "http://testserver/cities/sofia/",
        "alternateName": ["София"],
        "geo": {"@type": "GeoCoordinates", "latitude": "42.6980", "longitude": "23.3220"},
        "containedInPlace": {"@type": "Country", "name": "Bulgaria"},
    }


def test_city_page_of_what_is_no_city_leads_to_the_observers(client):
    observer = OrganisationFactory(observer=True)

    assertRedirects(client.get(f"/cities/{observer.slug}/"), f"/observers/{observer.slug}/")


def test_city_page_without_any_membership_says_so(client):
    city = OrganisationFactory(name="Newcomer")

    assertContains(client.get(city.get_absolute_url()), "nothing on record for today")


def test_city_page_of_nobody_is_not_found(client):
    assert client.get("/cities/atlantis/").status_code == 404


def test_city_page_names_a_founding_city(client):
    change = MembershipChangeFactory(founding=Founding.INFERRED)

    assertContains(client.get(change.organisation.get_absolute_url()), "Founding city (inferred)")


@pytest.mark.parametrize("rows", [1, 3])
def test_city_page_asks_a_fixed_number_of_queries(client, django_assert_num_queries, rows):
    city = OrganisationFactory(latitude="42.1", longitude="23.9")
    OrganisationNameFactory.create_batch(rows, organisation=city)
    for number in range(rows):
        day = dt.date(2022 + number, 1, 1)
        MembershipChangeFactory(organisation=city, latest=day)
        BoardSeatChangeFactory(city=city, latest=day)
        ParticipationChangeFactory(organisation=city, latest=day)
        PresidencyFactory(city=city, started_on=day)
        other = OrganisationFactory()
        OrganisationNameFactory(organisation=other)
        meeting = MeetingFactory(host_city=other, mode="in_person")
        AttendanceFactory(organisation=city, meeting=meeting)
        AttendanceFactory(organisation=other, meeting=meeting)
        PhotoFactory(news_item=NewsItemFactory(organisations=[city, other]))

    with django_assert_num_queries(23):
        client.get(city.get_absolute_url(), {"on": "2025-01-01"})


# --- the network's own record ----------------------------------------------------------------------------------------


def test_pages_on_the_record(shipped_record, client):
    register = client.get(reverse("members:city_list")).context
    founding = client.get(reverse("members:city_list"), {"on": "2021-11-30"}).context

    assert (register["counted"], register["stated_words"]) == (59, "76")
    assert founding["stated_words"] == "23 or 24 or 12"
    assert founding["counted"] == sum(len(countries.entries) for countries in founding["countries"])
    sofia = client.get("/cities/sofia/")
    assertContains(sofia, "First Online Working Group Meetings during Sofia Presidency")
    assertContains(sofia, "24 February 2025 to 26 January 2026")
    assertContains(client.get("/cities/", {"q": "Солун"}), "Thessaloniki")
    assertNotContains(client.get("/cities/", {"q": "Солун"}), "/cities/sofia/")
