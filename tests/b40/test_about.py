import datetime as dt
import re

import pytest

from b40.pages import about
from b40.pages.rules import CHAPTERS
from members.counting import count_member_cities
from members.models import Organisation, Status
from tests import factories

TODAY = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def first_of_march(time_machine):
    time_machine.move_to(dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC), tick=False)


def fill(number):
    for row in range(number):
        seat = factories.BoardSeatChangeFactory()
        seat.sources.add(factories.SourceFactory())
        factories.OfficeChangeFactory(presidency__started_on=dt.date(2022 + row, 1, 1))
        factories.OfficeChangeFactory(secretary=True, latest=dt.date(2022, 1, 1 + row))
        factories.StatedMemberCountFactory(on=dt.date(2022, 1, 1 + row)).sources.add(factories.SourceFactory())
        factories.DocumentFactory(meeting=None)
        factories.CountryFactory(footnote="A label, not a position.")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_about_asks_as_many_queries_whatever_the_number_of_rows(client, django_assert_num_queries, number):
    fill(number)

    with django_assert_num_queries(17):
        response = client.get("/about/")

    assert response.status_code == 200


@pytest.mark.django_db
def test_about_of_an_empty_record_still_tells_the_rules(client):
    page = client.get("/about/").content.decode()

    assert "No paper of the network is on record yet." in page
    assert "No city presides for two terms in a row." in page
    assert len(re.findall("<h1", page)) == 1


@pytest.mark.django_db
def test_about_shows_offices_papers_footnotes_and_the_secretariat(client):
    term = factories.PresidencyFactory(city__name="Zagreb", started_on=dt.date(2026, 1, 26))
    factories.OfficeChangeFactory(presidency=term, person__name="Tomislav Tomašević")
    factories.OfficeChangeFactory(secretary=True, person__name="Barbaros Büyüksağnak", latest=dt.date(2026, 1, 20))
    factories.DocumentFactory(meeting=None, title="Working principles")
    factories.DocumentFactory(title="Agenda of a meeting")
    factories.CountryFactory(name="Kosovo", footnote="A label, not a position.")

    page = client.get("/about/").content.decode()

    for text in (
        "Zagreb",
        "Tomislav Tomašević",
        "Barbaros Büyüksağnak",
        "Working principles",
        "A label, not a position.",
    ):
        assert text in page
    assert "Agenda of a meeting" not in page
    assert "https://frd.ibb.istanbul" in page


@pytest.mark.django_db
@pytest.mark.django_db
def test_numbers_over_time_stand_beside_those_counted_on_the_same_day():
    for joined in (dt.date(2021, 11, 30), dt.date(2022, 6, 28)):
        factories.MembershipChangeFactory(latest=joined)
    factories.StatedMemberCountFactory(on=dt.date(2021, 11, 30), members=4)
    factories.StatedMemberCountFactory(on=dt.date(2022, 6, 28), members=2)
    factories.StatedMemberCountFactory(on=dt.date(2026, 4, 1), members=80)

    rows = about.numbers_over_time(TODAY)

    assert [(row["fact"].members, row["counted"], row["stated_share"], row["counted_share"]) for row in rows] == [
        (4, 1, "100.0%", "25.0%"),
        (2, 2, "50.0%", "50.0%"),
    ]


@pytest.mark.django_db
def test_counting_many_days_agrees_with_the_register_of_each_day():
    city = factories.OrganisationFactory()
    for number, status in enumerate([Status.CANDIDATE, Status.MEMBER, Status.ENDED, Status.MEMBER]):
        factories.MembershipChangeFactory(organisation=city, status=status, latest=dt.date(2022, 1, 10 + number))
    factories.MembershipChangeFactory(latest=dt.date(2022, 1, 11))
    factories.MembershipChangeFactory(
        organisation=factories.OrganisationFactory(observer=True), latest=dt.date(2022, 1, 9)
    )
    days = [dt.date(2022, 1, day) for day in range(8, 16)]

    register = {day: Organisation.objects.cities().holding(day, Status.MEMBER).count() for day in days}

    assert count_member_cities(days) == register
    assert list(register.values()) == [0, 0, 0, 2, 1, 2, 2, 2]


def test_counting_no_day_asks_nothing():
    assert count_member_cities([]) == {}


def test_every_rule_has_a_standing_and_a_source():
    rules = [rule for chapter in CHAPTERS for rule in chapter.rules]

    assert {rule.standing for rule in rules} == {"statute", "practice"}
    assert all(source.startswith("https://") for rule in rules for source in rule.sources)
    assert all(rule.sources for rule in rules)
