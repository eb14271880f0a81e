"""The calendars, read back by the library as programs read them."""

import datetime as dt
import zoneinfo

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from meetings import calendar as calendar_module
from meetings.actions import reschedule, save_meeting
from tests.b40.admin_rows import typed
from tests.factories import (
    AttendanceFactory,
    CountryFactory,
    MeetingFactory,
    OrganisationFactory,
    SessionFactory,
    UserFactory,
)

FEED = reverse("meetings:calendar")
TODAY = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SOFIA = zoneinfo.ZoneInfo("Europe/Sofia")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


def events(client, address=FEED, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).events


def ics(client, meeting):
    (event,) = events(client, reverse("meetings:ics", args=[meeting.slug]))
    return event


def test_meeting_without_times_takes_whole_days_and_the_end_is_the_day_after(client):
    meeting = MeetingFactory(
        start_on=dt.date(2026, 1, 25), end_on=dt.date(2026, 1, 27), title="Summit; in Zagreb, at last"
    )

    event = ics(client, meeting)

    assert (event.start, event.end) == (dt.date(2026, 1, 25), dt.date(2026, 1, 28))
    assert event["SUMMARY"] == "Summit; in Zagreb, at last"
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["DTSTART"].params["VALUE"] == "DATE"


def test_session_times_are_told_in_utc(client):
    meeting = MeetingFactory(start_on=dt.date(2026, 7, 1), timezone="Europe/Sofia", status="announced")
    for hour in (9, 14):
        starts_at = dt.datetime(2026, 7, 1, hour, tzinfo=SOFIA)
        SessionFactory(meeting=meeting, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=2))

    response = client.get(reverse("meetings:ics", args=[meeting.slug]))

    assert b"DTSTART:20260701T060000Z\r\n" in response.content
    assert b"DTEND:20260701T130000Z\r\n" in response.content


def test_session_without_an_end_gives_a_beginning_alone(client):
    meeting = MeetingFactory(start_on=dt.date(2026, 7, 1), timezone="Europe/Sofia")
    SessionFactory(meeting=meeting, starts_at=dt.datetime(2026, 7, 1, 9, tzinfo=SOFIA))

    event = ics(client, meeting)

    assert event.start == dt.datetime(2026, 7, 1, 6, tzinfo=dt.UTC)
    assert "DTEND" not in event


def test_times_that_do_not_reach_from_the_first_day_to_the_last_leave_whole_days(client):
    meeting = MeetingFactory(start_on=dt.date(2026, 7, 1), end_on=dt.date(2026, 7, 2), timezone="Europe/Sofia")
    SessionFactory(meeting=meeting, starts_at=dt.datetime(2026, 7, 1, 9, tzinfo=SOFIA))

    assert ics(client, meeting).start == dt.date(2026, 7, 1)


@pytest.mark.parametrize("field", ["title", "status", "start_on", "mode", "place", "venue"])
def test_entry_keeps_its_identity_and_counts_its_versions(client, field):
    meeting = MeetingFactory(mode="hybrid", status="announced", start_on=dt.date(2026, 4, 9))
    before = ics(client, meeting)
    meeting.slug = "moved"
    values = {"status": "cancelled", "start_on": dt.date(2026, 4, 8), "mode": "in_person"}
    setattr(meeting, field, values.get(field, "Another"))

    save_meeting(meeting, changed=["slug", field])
    after = ics(client, meeting)

    assert after["UID"] == before["UID"] == f"meeting-{meeting.pk}@b40network.org"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_other_times_of_its_sessions_are_a_new_version(client):
    meeting = MeetingFactory()

    reschedule(meeting)

    assert ics(client, meeting)["SEQUENCE"] == 1


@pytest.mark.parametrize("model", ["meeting", "session"])
def test_other_times_set_in_the_admin_are_a_new_version(client, model):
    meeting = MeetingFactory(start_on=dt.date(2026, 7, 1), timezone="Europe/Sofia")
    session = SessionFactory(meeting=meeting, starts_at=dt.datetime(2026, 7, 1, 9, tzinfo=SOFIA))
    client.force_login(UserFactory(staff=True, is_superuser=True))
    row, prefix = (meeting, "sessions-0-") if model == "meeting" else (session, "")
    address = reverse(f"admin:meetings_{model}_change", args=[row.pk])

    unchanged = client.post(address, typed(client.get(address)))
    before = ics(client, meeting)["SEQUENCE"]
    changed = client.post(address, typed(client.get(address), **{f"{prefix}starts_at_1": "10:30"}))

    assert (unchanged.status_code, changed.status_code) == (302, 302)
    assert (before, ics(client, meeting)["SEQUENCE"]) == (0, 1)


def test_change_that_no_calendar_shows_is_no_new_version(client):
    meeting = MeetingFactory()

    save_meeting(meeting, changed=["report", "slug"])

    assert ics(client, meeting)["SEQUENCE"] == 0


def test_entry_says_when_it_was_changed_and_where_it_meets(client):
    country = CountryFactory(name="Greece")
    athens = OrganisationFactory(name="Athens", country=country)
    meeting = MeetingFactory(
        mode="in_person", host_city=athens, country=country, venue="Technopolis", summary="They meet.", slug="round"
    )

    event = ics(client, meeting)

    assert event["LOCATION"] == "Technopolis, Athens, Greece"
    assert event["DESCRIPTION"] == "They meet.\n\nhttp://testserver/meetings/round/"
    assert event["URL"] == "http://testserver/meetings/round/"
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == TODAY


def test_cancelled_meeting_stays_as_cancelled(client):
    meeting = MeetingFactory(status="cancelled", start_on=dt.date(2026, 2, 1))

    assert [event["STATUS"] for event in events(client)] == ["CANCELLED"]
    assert ics(client, meeting)["STATUS"] == "CANCELLED"


def test_draft_is_tentative_for_staff_and_unknown_to_the_public(client):
    meeting = MeetingFactory(status="draft", start_on=dt.date(2026, 2, 1))
    public = (events(client), client.get(reverse("meetings:ics", args=[meeting.slug])).status_code)
    client.force_login(UserFactory(staff=True))

    assert public == ([], 404)
    assert [event["STATUS"] for event in events(client)] == ["TENTATIVE"]


def test_meeting_known_to_the_month_is_in_no_calendar(client):
    meeting = MeetingFactory(start_on=dt.date(2026, 2, 1), date_precision="month")

    assert events(client) == []
    assert client.get(reverse("meetings:ics", args=[meeting.slug])).status_code == 404


def test_feed_holds_what_is_to_come_and_two_years_back_and_says_so(client):
    days = [dt.date(2024, 2, 28), dt.date(2024, 3, 2), dt.date(2028, 1, 1)]
    meetings = [MeetingFactory(start_on=day) for day in days]

    response = client.get(FEED)

    feed = Calendar.from_ical(response.content)
    assert {event["UID"] for event in feed.events} == {
        f"meeting-{meeting.pk}@b40network.org" for meeting in meetings[1:]
    }
    assert feed["DESCRIPTION"] == (
        "The meetings to come and those of the past 2 years, 400 at most. "
        "Not in here: meetings of which only the month is known."
    )
    assert b"X-WR-CALDESC:The meetings to come and those of the past 2 years\\, 400" in response.content
    assert feed["METHOD"] == "PUBLISH"


def test_feed_is_bounded(client, monkeypatch):
    monkeypatch.setattr(calendar_module, "MOST_MEETINGS", 2)
    MeetingFactory.create_batch(3, start_on=dt.date(2026, 1, 1))

    assert len(events(client)) == 2


def test_feed_takes_the_filters_of_the_list(client):
    wanted = AttendanceFactory(organisation__slug="athens", meeting__start_on=dt.date(2026, 1, 1)).meeting
    AttendanceFactory(organisation__slug="sofia", meeting__start_on=dt.date(2026, 1, 2))

    assert [event["UID"] for event in events(client, city="athens")] == [f"meeting-{wanted.pk}@b40network.org"]


def test_lines_are_folded_and_long_titles_survive(client):
    title = "Συνάντηση των ομάδων εργασίας για την κλιματική δράση, Θεσσαλονίκη " + "Никшић " * 12
    meeting = MeetingFactory(title=title.strip())

    content = client.get(reverse("meetings:ics", args=[meeting.slug])).content

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert Calendar.from_ical(content).events[0]["SUMMARY"] == title.strip()


def test_program_that_has_the_calendar_is_told_so_until_it_changes(client):
    meeting = MeetingFactory(start_on=dt.date(2026, 7, 1), timezone="Europe/Sofia", status="announced")
    first = client.get(FEED)

    unchanged = client.get(FEED, headers={"if-none-match": first["ETag"]})
    SessionFactory(meeting=meeting, starts_at=dt.datetime(2026, 7, 1, 9, tzinfo=SOFIA))
    changed = client.get(FEED, headers={"if-none-match": first["ETag"]})

    assert first["Last-Modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_no_shared_cache_keeps_what_staff_see(client):
    public = client.get(FEED)["Cache-Control"]
    client.force_login(UserFactory(staff=True))

    assert (public, client.get(FEED)["Cache-Control"]) == ("no-cache", "no-cache, private")


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_depend_on_the_number_of_meetings(client, number, django_assert_num_queries):
    for _number in range(number):
        host = OrganisationFactory()
        day = dt.date(2026, 1, 1)
        SessionFactory(meeting=MeetingFactory(start_on=day, mode="in_person", host_city=host, country=host.country))

    with django_assert_num_queries(5):
        client.get(FEED)
