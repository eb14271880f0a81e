"""How to join: who reads it, when, and that it stands nowhere else."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from meetings.models import JoiningInstructions
from tests import factories
from tests.meetings.own_cast import DAY, ISTANBUL, NOW, SECRET, Round, at, client_of, delegate
from tests.refusal import refused

pytestmark = pytest.mark.django_db

NEAR = at(9)  # on the day, an hour before
SECRETS = ("pwd=secret", "Secret code", "Secret stairs")


@pytest.fixture
def round_():
    return Round()


# --- Rules ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("session", "fields", "name", "message"),
    [
        (None, {}, "joining_instructions_once_a_meeting", "This meeting has joining instructions already"),
        ("morning", {}, "joining_instructions_once_a_session", "This session has joining instructions already"),
        ("afternoon", {"note": ""}, "joining_instructions_say_something", "Give at least one of video link"),
        ("afternoon", {"lead_hours": 745}, "joining_instructions_lead_at_most_a_month", "at most 744 hours"),
    ],
)
def test_rows_that_break_a_rule_are_refused_in_words_and_by_the_database(round_, session, fields, name, message):
    factories.JoiningInstructionsFactory(meeting=round_.meeting)
    factories.JoiningInstructionsFactory(meeting=round_.meeting, session=round_.morning)
    about = getattr(round_, session) if session else None

    refused(JoiningInstructions(**{"meeting": round_.meeting, "session": about, "note": "x", **fields}), name, message)


def test_instructions_of_another_meeting_s_session_are_refused(round_):
    other = factories.SessionFactory()

    with transaction.atomic(), pytest.raises(ValidationError, match="belongs to another meeting"):
        round_.tell_how_to_join(session=other)


# --- When ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "opens", "closes"),
    [
        ({}, at(10, day=DAY - dt.timedelta(days=1)), at(16, 30)),
        ({"lead_hours": 2}, at(8), at(16, 30)),
        ({"session": "afternoon", "lead_hours": 1}, at(13), at(16, 30)),
        ({"session": "morning"}, at(10, day=DAY - dt.timedelta(days=1)), at(12, 30)),
    ],
)
def test_instructions_are_shown_from_the_lead_until_half_an_hour_after_the_end(round_, fields, opens, closes):
    fields = {**fields, **({"session": getattr(round_, fields["session"])} if "session" in fields else {})}
    row = round_.tell_how_to_join(**fields)
    user, second = delegate(round_.sofia), dt.timedelta(seconds=1)

    with time_machine.travel(NOW, tick=False):
        shown = {
            moment: list(JoiningInstructions.objects.visible_to(user, moment))
            for moment in (opens - second, opens, closes, closes + second)
        }

    assert (row.opens_at, row.closes_at) == (opens, closes)
    assert shown == {opens - second: [], opens: [row], closes: [row], closes + second: []}


def test_a_meeting_without_hours_shows_them_around_its_whole_days():
    meeting = factories.MeetingFactory(start_on=DAY, end_on=DAY + dt.timedelta(days=2), timezone="Europe/Istanbul")
    row = factories.JoiningInstructionsFactory(meeting=meeting, lead_hours=0)

    assert row.opens_at == dt.datetime(2031, 3, 17, tzinfo=ISTANBUL)
    assert row.closes_at == dt.datetime(2031, 3, 20, 0, 30, tzinfo=ISTANBUL)


@pytest.mark.parametrize("status", ["draft", "held", "closed", "postponed", "cancelled"])
def test_a_meeting_that_is_not_to_be_tells_nobody_how_to_join(status):
    round_ = Round()
    round_.tell_how_to_join()
    round_.meeting.status = status
    round_.meeting.save()

    assert not JoiningInstructions.objects.visible_to(delegate(round_.sofia), NEAR).exists()


def test_of_a_meeting_known_to_the_month_alone_nothing_is_shown():
    meeting = factories.MeetingFactory(start_on=DAY.replace(day=1), date_precision="month", status="announced")
    row = factories.JoiningInstructionsFactory(meeting=meeting)

    assert row.opens_at is None
    assert not row.is_shown_at(NEAR)


# --- Who -----------------------------------------------------------------------------------------------------------------


def test_only_who_speaks_for_an_invited_organisation_and_staff_read_them(round_):
    row = round_.tell_how_to_join()
    people = {name: user for name, user in round_.people().items() if user}

    with time_machine.travel(NEAR, tick=False):
        readers = {name for name, user in people.items() if row in JoiningInstructions.objects.visible_to(user)}

    assert readers == {"delegate", "lead", "alternate", "observer", "staff"}


def test_staff_who_also_speak_for_a_city_join_by_that_city_s_rights(round_):
    round_.tell_how_to_join()
    user = delegate(round_.varna)
    user.is_staff = True
    user.save()

    assert not JoiningInstructions.objects.for_invited(user).exists()


PAGES = {"visitor": 302, "delegate": 200, "lead": 200, "alternate": 200, "observer": 200, "of another city": 403,
         "of a group of their own": 403, "ended": 403, "to come": 403, "staff": 403}  # fmt: skip


def test_the_page_opens_to_the_invited_alone_and_says_the_link_to_nobody_else(round_):
    round_.tell_how_to_join()
    people = round_.people()

    with time_machine.travel(NEAR, tick=False):
        answers = {name: client_of(user).get("/my/meetings/spring/join/") for name, user in people.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == PAGES
    assert {name for name, answer in answers.items() if SECRET in answer.content.decode()} == {
        name for name, status in PAGES.items() if status == 200
    }


def test_before_the_time_the_page_says_when_they_appear(round_):
    round_.tell_how_to_join()

    user = delegate(round_.sofia)

    with time_machine.travel(NOW, tick=False):
        page = client_of(user).get("/my/meetings/spring/join/").text

    assert "appear here on Sunday, 16 March 2031, 10:00 (Istanbul time, UTC+3)." in page
    assert not any(secret in page for secret in SECRETS)


def test_a_page_of_instructions_is_kept_by_no_cache_and_costs_the_same_with_many_sessions(
    round_, django_assert_num_queries
):
    round_.tell_how_to_join()
    user = delegate(round_.sofia)
    with time_machine.travel(NEAR, tick=False):
        client = client_of(user)
        client.get("/my/meetings/spring/join/")
        with django_assert_num_queries(11):
            page = client.get("/my/meetings/spring/join/")
        for hour in (17, 18, 19, 20):
            session = factories.SessionFactory(
                meeting=round_.meeting, starts_at=at(hour), working_groups=[round_.group]
            )
            round_.tell_how_to_join(session=session, lead_hours=24)
        with django_assert_num_queries(11):
            client.get("/my/meetings/spring/join/")

    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"


CHANNELS = [
    "/", "/meetings/", "/meetings/spring/", "/meetings/spring.ics", "/meetings/calendar.ics", "/feed.atom", "/news.atom",
    "/search/?q=secret", "/search/?q=8732", "/search/?q=stairs", "/sitemap-meetings.xml", "/cities/sofia/",
    "/working-groups/climate/", "/presidencies/",
]  # fmt: skip


@pytest.mark.parametrize("who", ["visitor", "of another city", "delegate"])
def test_no_public_channel_tells_how_to_join(round_, who):
    round_.tell_how_to_join(note="Secret note 8732")
    user = round_.people()[who]

    with time_machine.travel(NEAR, tick=False):
        client = client_of(user)
        pages = [client.get(address) for address in CHANNELS]

    assert {page.status_code for page in pages} == {200}
    texts = [page.content.decode().replace("q=secret", "") for page in pages]
    assert not [text for text in texts if any(secret in text for secret in (*SECRETS, "Secret note", SECRET))]


def test_history_and_instructions_in_the_admin_are_closed_to_delegates(round_):
    row = round_.tell_how_to_join()
    client = client_of(delegate(round_.sofia))

    for page in ("change", "history"):
        assert client.get(f"/admin/meetings/joininginstructions/{row.pk}/{page}/").status_code in (302, 403)


def test_staff_write_them_from_the_workspace_and_come_back_to_it(round_):
    from tests.b40.admin_rows import secretariat_user, typed

    client = client_of(secretariat_user())
    workspace = client.get(f"/admin/meetings/meeting/{round_.meeting.pk}/workspace/").text
    asked = f"/admin/meetings/joininginstructions/add/?meeting={round_.meeting.pk}&session={round_.morning.pk}"
    assert asked.replace("&", "&amp;") in workspace

    saved = client.post(asked, typed(client.get(asked), video_url=SECRET))

    row = JoiningInstructions.objects.get()
    assert (row.session, row.video_url, row.lead_hours) == (round_.morning, SECRET, 24)
    assert saved["Location"].endswith(f"/meeting/{round_.meeting.pk}/workspace/#joining")
    assert SECRET in client.get(f"/admin/meetings/meeting/{round_.meeting.pk}/workspace/").text
