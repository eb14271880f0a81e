"""The calendars of a group and of one account: what they hold for whom, and how programs read them."""

import datetime as dt
import zoneinfo
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from meetings.following.own_calendar import make_link, switch_off, token_of
from meetings.models import CalendarLink
from tests.factories import (
    InvitationFactory,
    MeetingFactory,
    MembershipChangeFactory,
    OrganisationFactory,
    ParticipationChangeFactory,
    SessionFactory,
    SubscriptionFactory,
    WorkingGroupFactory,
)
from tests.following.cast import delegate

TODAY = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
ANSWERED = {"answered_at": TODAY, "answered_by": "Ana"}
SOFIA = zoneinfo.ZoneInfo("Europe/Sofia")
GOLDEN = Path(__file__).parent / "golden"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def sofia():
    return MembershipChangeFactory(organisation=OrganisationFactory(name="Sofia", slug="sofia")).organisation


@pytest.fixture
def climate():
    return WorkingGroupFactory(name="Local Climate Action", slug="climate")


@pytest.fixture
def maria(sofia, climate):
    return delegate(sofia, groups=[climate])


def meeting_of(*groups, **fields):
    """A meeting of two hours on 1 July 2026."""
    fields = {"status": "announced", "start_on": dt.date(2026, 7, 1), "timezone": "Europe/Sofia"} | fields
    meeting = MeetingFactory(**fields)
    start = dt.datetime.combine(meeting.start_on, dt.time(10), SOFIA)
    SessionFactory(meeting=meeting, working_groups=list(groups), starts_at=start, ends_at=start + dt.timedelta(hours=2))
    return meeting


def address_of(user):
    link = CalendarLink.objects.standing().filter(user=user).first() or make_link(user)
    return reverse("meetings:own_calendar", args=[token_of(link)])


def events(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(response.content).events}


def test_group_has_a_calendar_of_its_own_meetings(client, climate):
    meeting_of(climate, title="Heat")
    meeting_of(WorkingGroupFactory(), title="Roads")
    meeting_of(climate, title="Not yet", status="draft")

    response = client.get("/working-groups/climate/calendar.ics")

    calendar = Calendar.from_ical(response.content)
    assert [str(event["SUMMARY"]) for event in calendar.events] == ["Heat"]
    assert calendar["X-WR-CALNAME"] == "B40 Local Climate Action"


def test_own_calendar_holds_own_groups_the_network_and_invitations_but_no_others(client, maria, sofia, climate):
    other = WorkingGroupFactory()
    meeting_of(climate, title="Heat")
    meeting_of(title="Plenary of all")
    meeting_of(other, title="Roads")
    InvitationFactory(meeting=meeting_of(other, title="Roads with Sofia"), organisation=sofia)

    assert set(events(client, address_of(maria))) == {"Heat", "Plenary of all", "Roads with Sofia"}


def test_a_draft_is_there_only_for_those_who_prepare_it(client, maria, sofia, climate):
    meeting_of(climate, title="Not yet", status="draft")
    assert events(client, address_of(maria)) == {}

    ParticipationChangeFactory(group=climate, organisation=sofia, role="coordinator")
    event = events(client, address_of(maria))["Not yet"]

    assert event["STATUS"] == "TENTATIVE"


@pytest.mark.parametrize(
    ("coming", "status", "said"),
    [
        ("yes", "CONFIRMED", "Sofia: coming"),
        ("no", "TENTATIVE", "Sofia: not coming"),
        ("", "TENTATIVE", "Sofia: not answered yet"),
    ],
)
def test_the_entry_tells_what_the_city_answered(client, maria, sofia, climate, coming, status, said):
    InvitationFactory(
        meeting=meeting_of(climate, title="Heat"), organisation=sofia, coming=coming, **(ANSWERED if coming else {})
    )

    event = events(client, address_of(maria))["Heat"]

    assert (event["STATUS"], event["DESCRIPTION"].split("\n")[0]) == (status, said)
    assert event["TRANSP"] == ("OPAQUE" if coming == "yes" else "TRANSPARENT")


def test_answers_of_other_cities_are_not_in_it(client, maria, climate):
    other = OrganisationFactory(name="Skopje")
    InvitationFactory(meeting=meeting_of(climate, title="Heat"), organisation=other, coming="no", **ANSWERED)

    assert b"Skopje" not in client.get(address_of(maria)).content


def test_entry_is_the_same_as_in_the_public_feed_and_in_invitations(client, maria, climate):
    meeting_of(climate, title="Heat", sequence=3)

    own = events(client, address_of(maria))["Heat"]
    public = events(client, "/meetings/calendar.ics")["Heat"]

    assert (own["UID"], own["SEQUENCE"], own.start) == (public["UID"], public["SEQUENCE"], public.start)


def test_without_a_mandate_it_holds_public_meetings_of_followed_groups_alone(client, sofia, climate):
    former = delegate(sofia, groups=[climate], ends_on=dt.date(2026, 2, 28))
    meeting_of(climate, title="Heat")
    meeting_of(title="Plenary of all")
    address = address_of(former)
    assert events(client, address) == {}

    SubscriptionFactory(address=former.email, user=former, everything=False).groups.add(climate)

    assert set(events(client, address)) == {"Heat"}


def test_closed_account_switched_off_and_tampered_addresses_lead_nowhere(client, maria, climate):
    first = address_of(maria)
    make_link(maria)
    second = address_of(maria)
    assert [client.get(each).status_code for each in (first, second)] == [404, 200]

    token = second.removeprefix("/calendar/").removesuffix(".ics")
    key, _dot, signature = token.partition(".")
    tampered = [f"/calendar/{key}.ics", f"/calendar/{'0' * 32}.{signature}.ics", f"/calendar/{token}x.ics"]
    assert [client.get(each).status_code for each in tampered] == [404] * 3

    maria.is_active = False
    maria.save()
    assert client.get(second).status_code == 404
    maria.is_active = True
    maria.save()
    switch_off(maria)
    assert client.get(second).status_code == 404


def test_an_address_that_was_not_made_here_is_not_even_looked_up(client):
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/calendar/made-up.ics").status_code == 404

    assert [query for query in asked.captured_queries if "calendarlink" in query["sql"]] == []


def test_nobody_on_the_way_keeps_it_and_nothing_is_sent_twice(client, maria, climate):
    meeting_of(climate)

    response = client.get(address_of(maria))
    again = client.get(address_of(maria), headers={"If-None-Match": response["ETag"]})

    assert "private" in response["Cache-Control"]
    assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_changes_what_programs_fetch(client, maria, sofia, climate):
    invitation = InvitationFactory(meeting=meeting_of(climate), organisation=sofia)
    before = client.get(address_of(maria))["ETag"]
    invitation.coming, invitation.answered_at, invitation.answered_by = "yes", TODAY, "Ana"
    invitation.save()

    assert client.get(address_of(maria), headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize("number", [1, 8])
def test_it_costs_the_same_for_any_number_of_meetings(client, maria, sofia, climate, number, django_assert_num_queries):
    for _each in range(number):
        InvitationFactory(meeting=meeting_of(climate), organisation=sofia)
    address = address_of(maria)
    client.get(address)

    with django_assert_num_queries(6):
        client.get(address)


# --- As programs read it ---------------------------------------------------------------------------------------------


def shown(content):
    """A calendar's text with what differs from run to run taken out."""
    changing = ("DTSTAMP", "CREATED", "LAST-MODIFIED", "UID")
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return "\n".join(line for line in lines if not line.startswith(changing))


def test_text_is_what_outlook_google_and_apple_understand(client, maria, sofia, climate):
    title = "Градови на Балкана, Πόλεις των Βαλκανίων; a round of long names that has to be folded"
    InvitationFactory(
        meeting=meeting_of(climate, title=title, slug="round", mode="online"),
        organisation=sofia,
        coming="yes",
        **ANSWERED,
    )
    meeting_of(climate, title="Called off", slug="off", status="cancelled", sequence=2, mode="online")
    whole = MeetingFactory(
        title="Summit", slug="summit", kind="summit", mode="online", status="announced",
        start_on=dt.date(2026, 9, 10), end_on=dt.date(2026, 9, 12),
    )  # fmt: skip

    content = client.get(address_of(maria)).content

    assert shown(content) == (GOLDEN / "own.ics").read_text(encoding="utf-8")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(content)
    assert (calendar["METHOD"], calendar["VERSION"], calendar["X-WR-CALNAME"]) == ("PUBLISH", "2.0", "My B40 meetings")
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    read = {str(event["SUMMARY"]): event for event in calendar.events}
    assert (read[title].start, read[title].end) == (
        dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC), dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC),
    )  # fmt: skip
    assert (read["Called off"]["STATUS"], read["Called off"]["SEQUENCE"]) == ("CANCELLED", 2)
    assert (read["Summit"].start, read["Summit"].end) == (whole.start_on, dt.date(2026, 9, 13))


# --- The page --------------------------------------------------------------------------------------------------------


def test_page_makes_renews_and_switches_off_the_address(client, maria):
    client.force_login(maria)
    assert client.get("/my/calendar/").context["address"] == ""

    client.post("/my/calendar/new/")
    first = client.get("/my/calendar/").context["address"]
    client.post("/my/calendar/new/")
    page = client.get("/my/calendar/")

    assert page.context["webcal"] == page.context["address"].replace("http:", "webcal:")
    assert page["Cache-Control"].startswith("max-age=0")
    assert client.get("/my/calendar/code.svg")["Content-Type"] == "image/svg+xml"
    assert [client.get(each).status_code for each in (first, page.context["address"])] == [404, 200]
    client.post("/my/calendar/off/")
    assert client.get(page.context["address"]).status_code == 404
    assert client.get("/my/calendar/code.svg").status_code == 404


def test_pages_ask_to_sign_in(client):
    pages = ["/my/calendar/", "/my/calendar/code.svg", "/my/subscriptions/", "/my/privacy/", "/my/privacy/data.json"]

    assert [client.get(page).status_code for page in pages] == [302] * len(pages)
