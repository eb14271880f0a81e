"""Where the parts of a meeting's life meet: closing and minutes, announcing and invitations, check-in and who was invited."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError

from meetings.desk.expected import expected_at, expected_organisations
from meetings.lifecycle import announce_to_invited, take_step, waiting_invitations
from meetings.minutes.approval import approve, circulate, set_audience
from meetings.minutes.notes import TypedNote, save_notes
from meetings.minutes.outcomes import record_decision
from meetings.models import Mailing, Meeting, Snapshot, Step
from tests.factories import AgendaItemFactory, DocumentFactory, MeetingFactory, MembershipChangeFactory, SessionFactory
from tests.meetings.inviting_cast import contact, invite, planned, secretary

pytestmark = pytest.mark.django_db


def minuted(*, approved: bool, audience: str = "members"):
    """A held meeting with a note, a decision out of its item, and minutes."""
    meeting = MeetingFactory(start_on=dt.date(2025, 4, 9))
    item = AgendaItemFactory(session=SessionFactory(meeting=meeting), title="Heat")
    save_notes(meeting, [TypedNote(item.pk, "Trees give shade.", 0)], by=secretary())
    record_decision(item, "Trees are planted", by=secretary())
    circulate(meeting, corrections_until=None, by=secretary())
    if approved:
        approve(meeting, on=dt.date(2025, 5, 9), by=secretary())
    set_audience(meeting, audience=audience, by=secretary())
    take_step(meeting, Step.CLOSE, by=secretary())
    return json.dumps(Snapshot.objects.get(meeting=meeting).record)


def test_what_minutes_say_enters_the_record_once_they_are_approved_and_for_everybody():
    record = minuted(approved=True, audience="public")

    assert ("Trees give shade." in record, "Trees are planted" in record) == (True, True)


def test_minutes_for_members_alone_stay_out_of_the_record():
    record = minuted(approved=True)

    assert ("Trees give shade." in record, "Trees are planted" in record) == (False, True)


def test_decisions_that_wait_for_approval_stay_out_of_the_record():
    record = minuted(approved=False, audience="public")

    assert ("Trees give shade." in record, "Trees are planted" in record) == (False, False)


def test_papers_for_some_alone_stay_out_of_the_record():
    meeting = MeetingFactory()
    DocumentFactory(meeting=meeting, title="Guest list", audience="secretariat")
    DocumentFactory(meeting=meeting, title="Agenda", kept=True)

    take_step(meeting, Step.CLOSE, by=secretary())

    (paper,) = Snapshot.objects.get(meeting=meeting).record["documents"]
    assert (paper["title"], paper["version"]) == ("Agenda", 1)


def test_minutes_of_a_closed_meeting_do_not_change():
    meeting = MeetingFactory()
    item = AgendaItemFactory(session=SessionFactory(meeting=meeting), title="Heat")
    take_step(meeting, Step.CLOSE, by=secretary())

    with pytest.raises(ValidationError, match="closed and its record frozen"):
        save_notes(meeting, [TypedNote(item.pk, "Too late", 0)], by=secretary())
    with pytest.raises(ValidationError, match="closed and its record frozen"):
        record_decision(item, "Too late", by=secretary())


def test_invitations_go_out_with_the_announcement_or_wait():
    meeting = planned()
    mailing = invite(meeting, contact())
    assert list(waiting_invitations(meeting)) == [mailing]

    announce_to_invited(meeting, by=secretary())

    assert Mailing.objects.get().released_by == secretary()
    assert not waiting_invitations(meeting).exists()
    silent = planned(slug="silent")
    invite(silent, contact("Ruse", "Ana", "ana@example.org"))
    take_step(silent, Step.ANNOUNCE, by=secretary())
    assert Mailing.objects.get(meeting=silent).released_at is None


def test_an_announcement_that_is_refused_lets_nothing_out():
    meeting = planned()
    invite(meeting, contact())
    Meeting.objects.filter(pk=meeting.pk).update(status="held")
    meeting.refresh_from_db()

    with pytest.raises(ValidationError):
        announce_to_invited(meeting, by=secretary())
    assert Mailing.objects.get().released_at is None


def test_those_invited_are_expected_and_everybody_until_somebody_is():
    meeting = planned()
    MembershipChangeFactory(organisation__name="Varna")
    maria = contact()
    session = meeting.sessions.get()
    before = {each.name for each in expected_organisations(session)}

    invite(meeting, maria)

    assert before == {"Varna", "Sofia"}
    assert [each.name for each in expected_organisations(session)] == ["Sofia"]
    assert [each.name for each in expected_at(meeting)] == ["Sofia"]
