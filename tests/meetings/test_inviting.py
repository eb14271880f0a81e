"""Whom an invitation reaches, what the letters say, and what their calendar entries are."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from icalendar import Calendar

from meetings.actions import reschedule, save_meeting
from meetings.inviting import prepare_cancellation, prepare_change, prepare_reminders
from meetings.inviting.answering import Answer, answer_by_link
from meetings.inviting.links import revoke, token_of
from meetings.inviting.preparing import not_knowing, preview_invitations, set_deadline
from meetings.models import Invitation, Invitee, Letter, Mailing
from tests import factories
from tests.meetings.inviting_cast import (
    DAY,
    SITE,
    answer_url,
    at,
    contact,
    invite,
    invitee,
    planned,
    release,
    secretary,
)

pytestmark = pytest.mark.django_db


def addresses(mailing):
    return sorted(mailing.letters.values_list("address", flat=True))


def entry_of(letter):
    (event,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    return event


def move(meeting, hours=2):
    session = meeting.sessions.get()
    session.starts_at += dt.timedelta(hours=hours)
    session.ends_at += dt.timedelta(hours=hours)
    session.save()
    return reschedule(meeting)


# --- Whom --------------------------------------------------------------------------------------------------------------


def test_invitation_is_one_an_organisation_and_a_letter_one_a_person():
    meeting, maria, ivan = planned(), contact(), contact(name="Ivan", email="ivan@sofia.example.org")
    eleni = contact("Athens", "Eleni", "eleni@athens.example.org", "GR")

    mailing = invite(meeting, maria, ivan, eleni)

    assert addresses(mailing) == ["eleni@athens.example.org", "ivan@sofia.example.org", "maria@sofia.example.org"]
    assert sorted(Invitation.objects.values_list("organisation__name", "invited_by__username")) == [
        ("Athens", "elif"),
        ("Sofia", "elif"),
    ]
    assert (mailing.kind, mailing.released_at, mailing.meeting) == ("invitation", None, meeting)


def test_inviting_again_adds_only_who_is_not_invited_yet():
    meeting, maria = planned(), contact()
    invite(meeting, maria)
    ivan = contact(name="Ivan", email="ivan@sofia.example.org")

    second = invite(meeting, maria, ivan)

    assert addresses(second) == ["ivan@sofia.example.org"]
    assert Invitation.objects.count() == 1
    with pytest.raises(ValidationError, match="Nobody is left to invite"):
        invite(meeting, maria, ivan)


def test_whose_letter_was_discarded_is_invited_anew_with_the_same_link():
    meeting, maria = planned(), contact()
    mailing = invite(meeting, maria)
    link = token_of(invitee(maria))
    mailing.delete()

    again = invite(meeting, maria)

    assert addresses(again) == ["maria@sofia.example.org"]
    assert token_of(invitee(maria)) == link


def test_who_takes_no_mail_is_left_out():
    factories.DeadAddressFactory(address="maria@sofia.example.org")
    dead, silent, fine = contact(), contact("Athens", "Eleni", ""), contact("Tirana", "Ana", "ana@tirana.example.org")

    mailing = invite(planned(), dead, silent, fine)

    assert addresses(mailing) == ["ana@tirana.example.org"]
    assert Invitation.objects.count() == 1


def test_one_person_for_two_organisations_gets_one_letter_with_both_links():
    maria, same = contact(), contact("Plovdiv", "Maria", "Maria@sofia.example.org")

    mailing = invite(planned(), maria, same)

    (letter,) = mailing.letters.all()
    assert f"Sofia: {SITE}{answer_url(maria)}" in letter.text
    assert f"Plovdiv: {SITE}{answer_url(same)}" in letter.text
    assert {one.letter_id for one in Invitee.objects.all()} == {letter.pk}


@pytest.mark.parametrize("status", ["held", "cancelled"])
def test_nobody_is_invited_to_what_does_not_come(status):
    with pytest.raises(ValidationError, match="over or does not take place"):
        invite(planned(status=status), contact())
    assert Mailing.objects.count() == 0


def test_nobody_is_invited_while_only_the_month_is_known():
    meeting = factories.MeetingFactory(status="draft", start_on=dt.date(2031, 3, 1), date_precision="month")

    with pytest.raises(ValidationError, match="date poll"):
        invite(meeting, contact())


# --- Letters -----------------------------------------------------------------------------------------------------------


def test_letter_says_when_in_both_zones_where_what_and_how_to_answer():
    meeting, maria = planned(summary="Heat in cities.", status="announced"), contact()
    factories.AgendaItemFactory(session=meeting.sessions.get(), title="Shade in streets")
    hidden = factories.TopicFactory(title="Secret plan", status="draft")
    factories.AgendaItemFactory(session=meeting.sessions.get(), topics=[hidden])

    (letter,) = invite(meeting, maria, answer_by=dt.date(2031, 3, 1)).letters.all()

    assert letter.subject == "Invitation: Spring round, 17 March 2031"
    for text in (letter.text, letter.html):
        for words in ("Dear Maria,", "Monday, 17 March, 10:00–11:30", "Istanbul time, UTC+3", "09:00–10:30", "Sofia time, UTC+2",
                      "Online", "Heat in cities.", "Shade in streets", "by 1 March 2031", f"{SITE}{answer_url(maria)}",
                      f"{SITE}/meetings/spring-round/", "secretariat@b40network.org"):  # fmt: skip
            assert words in text
        assert "Secret plan" not in text


def test_letter_about_a_draft_names_no_public_page():
    (letter,) = invite(planned(), contact()).letters.all()

    assert "/meetings/" not in letter.text + letter.html + letter.calendar


def test_a_meeting_without_hours_and_place_is_told_as_far_as_it_is_known():
    meeting = factories.MeetingFactory(
        status="draft", start_on=DAY, end_on=DAY + dt.timedelta(days=1), mode="in_person"
    )

    (letter,) = invite(meeting, contact()).letters.all()

    assert "When: 17–18 March 2031" in letter.text
    assert "Where: to be announced" in letter.text
    event = entry_of(letter)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (DAY, DAY + dt.timedelta(days=2))


def test_markup_in_names_stays_text():
    (letter,) = invite(planned(title="Heat <b>& floods"), contact(name="Maria <script>")).letters.all()

    assert "Heat <b>& floods" in letter.text
    assert "Dear Maria <script>," in letter.text
    assert "Heat &lt;b&gt;&amp; floods" in letter.html
    assert "<script>" not in letter.html


def test_preview_is_the_letter_without_its_link_and_saves_nothing():
    meeting, maria = planned(), contact()

    (shown,) = preview_invitations(meeting, [maria], site=SITE)
    assert Invitee.objects.count() + Invitation.objects.count() + Letter.objects.count() == 0
    (letter,) = invite(meeting, maria).letters.all()

    assert letter.text == shown.text.replace(f"{SITE}/answer/…", f"{SITE}{answer_url(maria)}")


# --- Calendar entries --------------------------------------------------------------------------------------------------


def test_entry_asks_one_person_under_the_identity_of_the_public_feed(client):
    meeting, maria = planned(status="announced"), contact()

    (letter,) = invite(meeting, maria).letters.all()
    event = entry_of(letter)
    (public,) = Calendar.from_ical(client.get("/meetings/spring-round.ics").content).walk("VEVENT")

    assert (letter.method, str(Calendar.from_ical(letter.calendar)["METHOD"])) == ("REQUEST", "REQUEST")
    assert (str(event["UID"]), int(event["SEQUENCE"])) == (str(public["UID"]), int(public["SEQUENCE"]))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (public["DTSTART"].dt, public["DTEND"].dt)
    assert "DTSTART:20310317T070000Z" in letter.calendar
    assert str(event["ORGANIZER"]) == "mailto:secretariat@b40network.org"
    assert str(event["ATTENDEE"]) == "mailto:maria@sofia.example.org"
    assert event["ATTENDEE"].params["CN"] == "Maria"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert token_of(invitee(maria)) not in letter.calendar


def test_change_goes_to_all_who_do_not_know_with_a_higher_sequence():
    meeting, maria, eleni = planned(), contact(), contact("Athens", "Eleni", "eleni@athens.example.org", "GR")
    first = invite(meeting, maria, eleni)
    answer_by_link(invitee(eleni), Answer(coming="no"), edition=0)
    assert not_knowing(meeting) == []
    moved = move(meeting)
    assert len(not_knowing(moved)) == 2

    mailing = prepare_change(moved, by=secretary(), site=SITE)

    assert addresses(mailing) == ["eleni@athens.example.org", "maria@sofia.example.org"]
    letter, before = mailing.letters.get(mandate=maria), first.letters.get(mandate=maria)
    assert letter.subject == "Changed: Spring round, now 17 March 2031"
    assert "Monday, 17 March, 12:00–13:30" in letter.text
    assert "Before: Monday, 17 March 2031, 10:00" in letter.text
    assert entry_of(letter)["UID"] == entry_of(before)["UID"]
    assert entry_of(letter)["SEQUENCE"] > entry_of(before)["SEQUENCE"]
    assert letter.method == "REQUEST"
    assert not_knowing(moved) == []
    with pytest.raises(ValidationError, match="nobody to write to"):
        prepare_change(moved, by=secretary(), site=SITE)


def test_announcing_or_retitling_tells_nobody_anew():
    meeting = planned()
    invite(meeting, contact())
    meeting.status, meeting.title = "announced", "Spring round 2031"

    save_meeting(meeting, changed={"status", "title"})

    assert not_knowing(meeting) == []


def test_cancellation_goes_to_everybody_invited_also_who_declined():
    meeting, maria, eleni = (
        planned(status="announced"),
        contact(),
        contact("Athens", "Eleni", "eleni@athens.example.org", "GR"),
    )
    first = invite(meeting, maria, eleni)
    answer_by_link(invitee(eleni), Answer(coming="no"), edition=0)
    meeting.status = "cancelled"
    save_meeting(meeting, changed={"status"})

    mailing = prepare_cancellation(meeting, by=secretary(), site=SITE)

    assert addresses(mailing) == ["eleni@athens.example.org", "maria@sofia.example.org"]
    letter = mailing.letters.get(mandate=maria)
    event = entry_of(letter)
    assert (letter.method, str(Calendar.from_ical(letter.calendar)["METHOD"])) == ("CANCEL", "CANCEL")
    assert (str(event["STATUS"]), str(event["UID"])) == (
        "CANCELLED",
        str(entry_of(first.letters.get(mandate=maria))["UID"]),
    )
    assert event["SEQUENCE"] > entry_of(first.letters.get(mandate=maria))["SEQUENCE"]
    assert "/answer/" not in letter.text
    with pytest.raises(ValidationError):
        prepare_cancellation(meeting, by=secretary(), site=SITE)


def test_who_was_invited_learns_that_it_is_postponed_and_then_the_new_date():
    meeting = planned(status="announced")
    invite(meeting, contact())
    meeting.status = "postponed"
    save_meeting(meeting, changed={"status"})

    (letter,) = prepare_cancellation(meeting, by=secretary(), site=SITE).letters.all()
    meeting.status = "announced"
    save_meeting(meeting, changed={"status"})
    (again,) = prepare_change(meeting, by=secretary(), site=SITE).letters.all()

    assert (letter.subject, letter.method) == ("Postponed: Spring round, 17 March 2031", "CANCEL")
    assert "a new date follows" in letter.text
    assert (again.subject, again.method) == ("Changed: Spring round, now 17 March 2031", "REQUEST")
    assert entry_of(again)["SEQUENCE"] > entry_of(letter)["SEQUENCE"]


def test_cancellation_of_what_is_not_cancelled_is_refused():
    meeting = planned()
    invite(meeting, contact())

    with pytest.raises(ValidationError, match="not cancelled"):
        prepare_cancellation(meeting, by=secretary(), site=SITE)


# --- Reminders ---------------------------------------------------------------------------------------------------------


def test_reminder_goes_only_to_those_whose_organisation_has_not_answered():
    meeting, maria, ivan = planned(), contact(), contact(name="Ivan", email="ivan@sofia.example.org")
    eleni, ana = (
        contact("Athens", "Eleni", "eleni@athens.example.org"),
        contact("Tirana", "Ana", "ana@tirana.example.org"),
    )
    release(invite(meeting, maria, ivan, eleni, ana))
    answer_by_link(invitee(maria), Answer(coming="open"), edition=0)
    revoke(invitee(ana), by=secretary())

    mailing = prepare_reminders(meeting, by=secretary(), site=SITE)

    assert addresses(mailing) == ["eleni@athens.example.org"]
    assert "we have no answer from Athens yet" in mailing.letters.get().text
    with pytest.raises(ValidationError, match="waits for its release"):
        prepare_reminders(meeting, by=secretary(), site=SITE)


def test_reminder_never_overtakes_an_invitation():
    meeting = planned()
    invite(meeting, contact())

    with pytest.raises(ValidationError, match="nobody to write to"):
        prepare_reminders(meeting, by=secretary(), site=SITE)


def test_deadline_lies_between_today_and_the_meeting():
    meeting = planned()
    invite(meeting, contact())

    set_deadline(meeting, dt.date(2031, 3, 1), by=secretary())
    assert Invitation.objects.get().answer_by == dt.date(2031, 3, 1)
    for day in (dt.date(2020, 1, 1), DAY + dt.timedelta(days=1)):
        with pytest.raises(ValidationError):
            set_deadline(meeting, day, by=secretary())
    assert at(10).date() == DAY
