"""Holidays of all twelve countries, and what the clocks show where."""

import datetime as dt
import zoneinfo

import pytest

from meetings.scheduling import ZONES, countries_of_members, free_days, hours_of, is_still_planned
from members.models import Status
from tests.factories import CountryFactory, MeetingFactory, MembershipChangeFactory, OrganisationFactory, SessionFactory

pytestmark = pytest.mark.django_db


def country(code):
    return CountryFactory(code=code, name=code)


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("AL", dt.date(2026, 11, 28), "Flag and Independence Day"),
        ("AL", dt.date(2026, 5, 27), "Eid al-Adha"),
        ("BA", dt.date(2026, 4, 10), "Orthodox Good Friday"),
        ("BA", dt.date(2026, 4, 6), "Catholic Easter Monday"),
        ("BG", dt.date(2026, 3, 3), "Liberation Day"),
        ("GR", dt.date(2026, 4, 13), "Easter Monday"),
        ("GR", dt.date(2026, 3, 25), "Independence Day"),
        ("HR", dt.date(2026, 4, 6), "Easter Monday"),
        ("ME", dt.date(2026, 7, 13), "Statehood Day"),
        ("ME", dt.date(2026, 4, 13), "Easter"),
        ("MK", dt.date(2026, 8, 2), "Republic Day"),
        ("RO", dt.date(2026, 12, 1), "National Day"),
        ("RS", dt.date(2026, 2, 15), "Statehood Day"),
        ("SI", dt.date(2026, 6, 25), "Statehood Day"),
        ("TR", dt.date(2026, 3, 20), "Eid al-Fitr"),
        ("TR", dt.date(2026, 5, 28), "Eid al-Adha"),
        ("TR", dt.date(2026, 4, 23), "National Sovereignty"),
        ("XK", dt.date(2026, 2, 17), "Independence Day"),
    ],
)
def test_a_holiday_of_every_country_is_found(code, day, name):
    found = [free.name for free in free_days(day, day, [country(code)])]

    assert [each for each in found if name in each] != []


def test_every_zone_is_one_of_a_country_that_is_known():
    assert len(ZONES) == 12
    for code in ZONES:
        zoneinfo.ZoneInfo(ZONES[code])
        assert free_days(dt.date(2026, 1, 1), dt.date(2026, 1, 1), [country(code)])[0].name.startswith("New Year")


def test_both_easters_stand_apart():
    days = free_days(dt.date(2026, 4, 1), dt.date(2026, 4, 20), [country("GR"), country("HR")])

    mondays = {
        (free.day.isoformat(), *[each.code for each in free.countries]) for free in days if "Monday" in free.name
    }
    assert mondays == {("2026-04-06", "HR"), ("2026-04-13", "GR")}


def test_countries_that_keep_one_day_stand_together():
    (new_year,) = free_days(dt.date(2026, 1, 1), dt.date(2026, 1, 1), [country("BG"), country("GR")])

    assert [each.code for each in new_year.countries] == ["BG", "GR"]


def test_an_ordinary_day_is_free_of_them_and_a_strange_country_does_no_harm():
    assert free_days(dt.date(2026, 10, 13), dt.date(2026, 10, 13), [country(code) for code in (*ZONES, "ZZ")]) == []


def test_a_long_meeting_is_looked_at_for_a_month():
    days = free_days(dt.date(2026, 1, 1), dt.date(2036, 1, 1), [country("GR")])

    assert {free.day.year for free in days} == {2026}


@pytest.mark.parametrize(
    ("month", "hours"),
    [(1, {"08:00": ["AL"], "09:00": ["BG"], "10:00": ["TR"]}), (7, {"09:00": ["AL"], "10:00": ["BG", "TR"]})],
)
def test_tuerkiye_stays_and_the_others_move(month, hours):
    starts = dt.datetime(2026, month, 13, 10, tzinfo=zoneinfo.ZoneInfo("Europe/Istanbul"))
    meeting = MeetingFactory(start_on=starts.date())
    session = SessionFactory(meeting=meeting, starts_at=starts, ends_at=starts + dt.timedelta(hours=2))

    found = hours_of(session, [country(code) for code in ("AL", "BG", "TR", "ZZ")])

    assert {f"{hour.starts:%H:%M}": [each.code for each in hour.countries] for hour in found} == hours
    assert {hour.ends - hour.starts for hour in found} == {dt.timedelta(hours=2)}
    assert hours_of(SessionFactory(meeting=meeting), []) == []


def test_countries_are_those_of_the_members_of_the_day():
    member = OrganisationFactory(country=country("BG"))
    OrganisationFactory(country=country("GR"))
    MembershipChangeFactory(
        organisation=member, status=Status.MEMBER, earliest=dt.date(2026, 1, 1), latest=dt.date(2026, 1, 1)
    )

    assert [each.code for each in countries_of_members(dt.date(2026, 1, 1))] == ["BG"]
    assert countries_of_members(dt.date(2025, 12, 31)) == []


@pytest.mark.parametrize(
    ("status", "start_on", "planned"),
    [
        ("draft", dt.date(2099, 1, 1), True),
        ("announced", dt.date(2099, 1, 1), True),
        ("cancelled", dt.date(2099, 1, 1), False),
        ("draft", dt.date(2020, 1, 1), False),
    ],
)
def test_a_day_can_be_chosen_until_it_is_past_or_called_off(status, start_on, planned):
    assert is_still_planned(MeetingFactory(status=status, start_on=start_on)) is planned
