"""The life of a meeting: which step may follow, what it asks for, what it writes."""

import datetime as dt
import zoneinfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from meetings.dossier import read_dossier
from meetings.lifecycle import NEEDS_REASON, Overtaken, check_step, move_meeting, possible_steps, take_step
from meetings.lifecycle.rules import RULES
from meetings.minutes.approval import approve, settle_correction
from meetings.models import Meeting, MeetingStatus, MeetingStep, Snapshot, Step
from members.history import version_of
from tests.factories import (
    AttendanceFactory,
    CorrectionFactory,
    MeetingFactory,
    MeetingStepFactory,
    NoteRevisionFactory,
    SessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TO_COME = dt.date(2099, 5, 11)
PAST = dt.date(2024, 5, 13)
ISTANBUL = zoneinfo.ZoneInfo("Europe/Istanbul")


@pytest.fixture
def elif_():
    return UserFactory(staff=True, username="elif")


def refusals(meeting, step, by, **how):
    """Try a step, and give why it was refused; nothing may have been written then."""
    with pytest.raises(ValidationError) as refused:
        take_step(meeting, step, by=by, **how)
    assert not MeetingStep.objects.exists()
    assert Meeting.objects.get(pk=meeting.pk).status == meeting.status
    return refused.value.messages


def test_the_whole_life_in_order(elif_, time_machine):
    meeting = MeetingFactory(status="draft", start_on=TO_COME)
    take_step(meeting, Step.ANNOUNCE, by=elif_)
    time_machine.move_to(dt.datetime(2099, 5, 11, 9, tzinfo=ISTANBUL))
    take_step(meeting, Step.START, by=elif_)
    take_step(meeting, Step.HOLD, by=elif_)
    AttendanceFactory(meeting=meeting)
    take_step(meeting, Step.CLOSE, by=elif_)
    take_step(meeting, Step.REOPEN, by=elif_, reason="A city was forgotten")
    take_step(meeting, Step.CLOSE, by=elif_)

    assert [(line.step, line.before, line.after, line.taken_by) for line in meeting.steps.all()] == [
        ("announce", "draft", "announced", elif_),
        ("start", "announced", "under_way", elif_),
        ("hold", "under_way", "held", elif_),
        ("close", "held", "closed", elif_),
        ("reopen", "closed", "held", elif_),
        ("close", "held", "closed", elif_),
    ]
    assert [snapshot.number for snapshot in Snapshot.objects.filter(meeting=meeting)] == [1, 2]


@pytest.mark.parametrize("status", MeetingStatus.values)
def test_every_status_can_be_left_or_is_the_end(status):
    steps = possible_steps(Meeting(status=status))

    assert {step.value for step in steps} == {
        step.value for step, (before, _after) in RULES.items() if status in before
    }
    assert steps != [], "a meeting must not be stuck"


@pytest.mark.parametrize("step", list(Step))
def test_a_step_from_the_wrong_place_is_refused(step, elif_):
    wrong = next(status for status in MeetingStatus if status not in RULES[step][0])
    meeting = MeetingFactory(status=wrong)

    (message,) = check_step(read_dossier(elif_, meeting), step).refusals

    assert "cannot be taken from there" in message.text


@pytest.mark.parametrize("step", sorted(NEEDS_REASON))
def test_what_was_public_is_not_undone_without_a_reason(step, elif_):
    meeting = MeetingFactory(status=next(iter(RULES[step][0])), start_on=TO_COME)

    assert any("Say why" in message for message in refusals(meeting, step, elif_, reason="  "))
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingStepFactory(step=step, reason="")


def test_a_day_that_has_passed_is_not_announced_and_one_to_come_not_held(elif_):
    assert "has passed" in refusals(MeetingFactory(status="draft", start_on=PAST), Step.ANNOUNCE, elif_)[0]
    assert "yet to come" in refusals(MeetingFactory(status="announced", start_on=TO_COME), Step.HOLD, elif_)[0]
    assert "yet to come" in refusals(MeetingFactory(status="announced", start_on=TO_COME), Step.START, elif_)[0]


def test_a_meeting_known_to_the_month_alone_is_not_announced(elif_):
    meeting = MeetingFactory(status="draft", start_on=TO_COME.replace(day=1), date_precision="month")

    assert refusals(meeting, Step.ANNOUNCE, elif_) == ["Only the month is known: name the day first."]


def test_contradicting_attendance_refuses_the_closing(elif_):
    meeting = MeetingFactory(status="held")
    row = AttendanceFactory(meeting=meeting, channel="zoom")
    AttendanceFactory(meeting=meeting, organisation=row.organisation, channel="press", presence="absent")

    (message,) = refusals(meeting, Step.CLOSE, elif_)
    AttendanceFactory(meeting=meeting, organisation=row.organisation, presence="present")
    take_step(meeting, Step.CLOSE, by=elif_)

    assert message == "The attendance of 1 organisation is told in contradicting ways: settle it."


def test_what_is_missing_is_told_but_does_not_refuse(elif_):
    meeting = MeetingFactory(status="draft", start_on=TO_COME)

    checks = check_step(read_dossier(elif_, meeting), Step.ANNOUNCE)

    assert checks.refusals == []
    assert "No session: add at least one, with its time." in [missing.text for missing in checks.advice]


def test_closing_advises_to_settle_and_approve_the_minutes_first_and_does_not_refuse(elif_):
    meeting = MeetingFactory(status="held")

    def advice():
        checks = check_step(read_dossier(elif_, meeting), Step.CLOSE)
        assert checks.refusals == []
        return [missing.text for missing in checks.advice if missing.anchor == "minutes"]

    not_approved = "The minutes are not approved: the record would have neither them nor the decisions in them."
    assert advice() == ["No minutes are written."]
    NoteRevisionFactory(item__session__meeting=meeting)
    assert advice() == [not_approved]
    correction = CorrectionFactory(minutes__meeting=meeting)
    assert advice() == [not_approved, "1 correction of the minutes waits for an answer."]
    settle_correction(correction, outcome="accepted", answer="", by=elif_)
    approve(meeting, on=meeting.start_on, by=elif_)
    assert advice() == []


def test_a_step_on_what_changed_meanwhile_is_refused(elif_):
    meeting = MeetingFactory(status="draft", start_on=TO_COME)
    seen = version_of(Meeting, meeting.pk)
    meeting.motto = "Together"
    meeting.save()

    with pytest.raises(Overtaken):
        take_step(meeting, Step.ANNOUNCE, by=elif_, version=seen)
    assert not MeetingStep.objects.exists()
    take_step(meeting, Step.ANNOUNCE, by=elif_, version=version_of(Meeting, meeting.pk))


def test_calendars_learn_of_every_step_that_they_show(elif_):
    meeting = MeetingFactory(status="announced", start_on=TO_COME)

    take_step(meeting, Step.POSTPONE, by=elif_, reason="Elections")

    meeting.refresh_from_db()
    assert (meeting.status, meeting.sequence) == ("postponed", 1)


# --- Moving ----------------------------------------------------------------------------------------------------------


def test_a_moved_meeting_keeps_its_length_and_its_hours_across_summer_time(elif_):
    sofia = zoneinfo.ZoneInfo("Europe/Sofia")
    meeting = MeetingFactory(
        status="announced", start_on=dt.date(2099, 3, 23), end_on=dt.date(2099, 3, 24), timezone="Europe/Sofia"
    )
    starts = dt.datetime(2099, 3, 24, 10, tzinfo=sofia)
    session = SessionFactory(meeting=meeting, starts_at=starts, ends_at=starts + dt.timedelta(hours=2))

    line = move_meeting(meeting, dt.date(2099, 3, 30), by=elif_, reason="Holiday")

    meeting.refresh_from_db()
    session.refresh_from_db()
    assert (meeting.start_on, meeting.end_on) == (dt.date(2099, 3, 30), dt.date(2099, 3, 31))
    assert session.starts_at.astimezone(sofia).isoformat() == "2099-03-31T10:00:00+03:00"
    assert session.ends_at - session.starts_at == dt.timedelta(hours=2)
    assert (line.start_on, line.end_on, line.after) == (dt.date(2099, 3, 23), dt.date(2099, 3, 24), "announced")
    assert meeting.sequence > 0


def test_a_postponed_meeting_is_announced_again_only_with_another_day(elif_):
    meeting = MeetingFactory(status="announced", start_on=TO_COME)
    take_step(meeting, Step.POSTPONE, by=elif_, reason="Elections")

    with pytest.raises(ValidationError, match="has no other day yet"):
        take_step(meeting, Step.ANNOUNCE, by=elif_)
    move_meeting(meeting, TO_COME + dt.timedelta(days=30), by=elif_)
    take_step(meeting, Step.ANNOUNCE, by=elif_)

    assert Meeting.objects.get(pk=meeting.pk).status == "announced"


def test_moving_to_the_same_day_or_after_the_meeting_is_refused(elif_):
    with pytest.raises(ValidationError, match="has already"):
        move_meeting(MeetingFactory(status="draft", start_on=TO_COME), TO_COME, by=elif_)
    with pytest.raises(ValidationError, match="cannot be taken"):
        move_meeting(MeetingFactory(status="held"), TO_COME, by=elif_)


def test_a_month_becomes_a_day_by_moving(elif_):
    meeting = MeetingFactory(status="draft", start_on=TO_COME.replace(day=1), date_precision="month")

    move_meeting(meeting, TO_COME.replace(day=1), by=elif_)

    assert Meeting.objects.get(pk=meeting.pk).date_precision == "day"
