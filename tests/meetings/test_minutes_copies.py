"""Circulated minutes go out by letters with personal links: to whom, what their page tells, what it takes."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from b40.merging import merge
from meetings.inviting.links import renew, revoke, token_of
from meetings.minutes.approval import approve, reopen, settle_correction
from meetings.minutes.handing_out import MOST_WAITING, HandedOut, hand_out
from meetings.models import Correction, Letter, Mailing, Meeting, Minutes, MinutesReader
from members.models import Change
from tests import factories
from tests.b40.admin_rows import client_of, secretariat_user
from tests.meetings.inviting_cast import SITE, answer_url, contact, invite, planned, secretary

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def meeting() -> Meeting:
    """Held a week ago, with a note, a decision and an action to one item."""
    meeting = factories.MeetingFactory(title="Spring round", start_on=TODAY - dt.timedelta(days=7))
    item = factories.AgendaItemFactory(title="Welcome", session__meeting=meeting, session__title="Opening")
    factories.NoteRevisionFactory(item=item, text="Sofia welcomed everybody.")
    factories.DecisionFactory(meeting=meeting, item=item, text="A calendar is kept")
    factories.ActionItemFactory(
        meeting=meeting, item=item, text="Write the calendar", owners=[factories.OrganisationFactory(name="Tirana")]
    )
    return meeting


@pytest.fixture
def maria(meeting):
    """Of a city that was there."""
    mandate = contact()
    factories.AttendanceFactory(meeting=meeting, organisation=mandate.organisation)
    return mandate


def out(meeting, until=None) -> HandedOut:
    return hand_out(meeting, corrections_until=until, by=secretary(), site=SITE)


def reader(mandate=None) -> MinutesReader:
    return MinutesReader.objects.get(**({"mandate": mandate} if mandate else {}))


def page_of(mandate=None) -> str:
    return f"/minutes/{token_of(reader(mandate))}/"


def read(client, address) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


def rewrite(meeting, text):
    item = meeting.sessions.get().items.get()
    factories.NoteRevisionFactory(item=item, number=item.notes.count() + 1, text=text)


# --- Letters -----------------------------------------------------------------------------------------------------------


def test_letters_are_prepared_for_who_was_there_or_invited_and_wait(meeting, maria):
    eleni = contact("Thessaloniki", "Ελένη", "eleni@example.org", "GR")
    factories.InvitationFactory(meeting=meeting, organisation=eleni.organisation)
    excused = contact("Skopje", "Ana", "ana@example.org", "MK")
    factories.AttendanceFactory(meeting=meeting, organisation=excused.organisation, presence="absent")
    contact("Zagreb", "Iva", "iva@example.org", "HR")
    gone = contact("Sofia", "Boris", "boris@example.org")
    gone.ends_on = TODAY - dt.timedelta(days=1)
    gone.save()
    factories.DeadAddressFactory(address="dead@example.org")
    contact("Sofia", "Dead", "dead@example.org")

    mailing = out(meeting, TODAY + dt.timedelta(days=14)).mailing

    assert (mailing.kind, mailing.meeting, mailing.released_at) == ("minutes", meeting, None)
    letters = Letter.objects.filter(mailing=mailing)
    assert sorted(letter.address for letter in letters) == ["eleni@example.org", "maria@sofia.example.org"]
    letter = letters.get(mandate=maria)
    assert letter.subject.startswith("Minutes: Spring round")
    until = (TODAY + dt.timedelta(days=14)).strftime("%-d %B %Y")
    for text in (letter.text, letter.html):
        assert f"{SITE}{page_of(maria)}" in text
        assert f"by {until}" in text
        assert "Sofia welcomed everybody" not in text
    assert reader(maria).letter == letter


def test_one_person_of_two_organisations_gets_one_letter_with_both_links(meeting, maria):
    other = contact("Plovdiv", "Maria", maria.email)
    factories.AttendanceFactory(meeting=meeting, organisation=other.organisation)

    letter = out(meeting).mailing.letters.get()

    assert page_of(maria) in letter.text
    assert page_of(other) in letter.text


def test_circulating_again_keeps_links_and_writes_that_it_is_new_but_not_to_whom_it_was_taken_from(meeting, maria):
    ivan = contact("Sofia", "Ivan", "ivan@sofia.example.org")
    first = out(meeting).mailing
    with pytest.raises(ValidationError, match="wait for their release already"):
        out(meeting)
    first.released_at, first.released_by = timezone.now(), secretary()
    first.save()
    address = page_of(maria)
    revoke(reader(ivan), by=secretary())

    again = out(meeting).mailing

    assert [letter.address for letter in again.letters.all()] == [maria.email]
    assert again.title.startswith("Minutes, new version: Spring round")
    assert page_of(maria) == address


def test_without_anybody_to_write_to_they_are_circulated_all_the_same(meeting):
    handed = out(meeting)

    assert (handed.mailing, handed.minutes.is_circulated) == (None, True)
    assert not Mailing.objects.exists()


def test_what_is_not_written_prepares_nothing(maria):
    other = factories.MeetingFactory()
    factories.AttendanceFactory(meeting=other, organisation=maria.organisation)

    with pytest.raises(ValidationError, match="nothing to circulate"):
        out(other)

    assert not Mailing.objects.exists()
    assert not MinutesReader.objects.exists()


# --- The page ----------------------------------------------------------------------------------------------------------


def test_page_shows_notes_decisions_and_actions_and_nothing_written_since(client, meeting, maria):
    out(meeting)
    rewrite(meeting, "Half a sent")

    page = read(client, page_of(maria))

    for words in (
        "Minutes for Sofia",
        "Sofia welcomed everybody.",
        "A calendar is kept",
        "Write the calendar",
        "(Tirana)",
    ):
        assert words in page
    assert "Half a sent" not in page


def test_page_tells_nothing_beyond_these_minutes(client, meeting, maria):
    """No other meeting's minutes, nobody's address or remark, no other city's correction, no open matter of before."""
    group = factories.WorkingGroupFactory()
    meeting.sessions.get().working_groups.add(group)
    before = factories.MeetingFactory(title="Winter round", start_on=TODAY - dt.timedelta(days=90))
    factories.NoteRevisionFactory(item__session__meeting=before, text="Told in winter")
    factories.ActionItemFactory(meeting=before, group=group, text="Open since winter")
    ana = contact("Skopje", "Ana", "ana@example.org", "MK")
    factories.InvitationFactory(
        meeting=meeting, organisation=ana.organisation, answered=True, remarks="A secret remark"
    )
    meeting.note = "Staff alone"
    meeting.save()
    minutes = out(meeting).minutes
    factories.CorrectionFactory(minutes=minutes, organisation=ana.organisation, text="Skopje was late")
    factories.CorrectionFactory(minutes=minutes, organisation=maria.organisation, text="Sofia was early")

    page = read(client, page_of(maria))

    assert "Sofia was early" in page
    for words in (
        "Told in winter",
        "Open since winter",
        "ana@example.org",
        "A secret remark",
        "Staff alone",
        "Skopje",
        maria.email,
    ):
        assert words not in page


def test_page_is_kept_by_nobody_and_its_address_told_to_nobody(client, meeting, maria):
    out(meeting)

    response = client.get(page_of(maria))

    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"


def test_looking_costs_the_same_whatever_the_length(client, meeting, maria, django_assert_num_queries):
    def look(queries):
        with django_assert_num_queries(queries):
            read(client, address)

    rewrite(meeting, "Text")
    out(meeting)
    address = page_of(maria)
    look(3)
    session = meeting.sessions.get()
    for number in range(5):
        item = factories.AgendaItemFactory(session=session, title=f"Item {number}")
        factories.NoteRevisionFactory(item=item)
        factories.CorrectionFactory(minutes=meeting.minutes_record, organisation=maria.organisation, item=item)
    Mailing.objects.update(released_at=timezone.now())
    out(meeting)
    look(4)  # the items of corrections name their topics


@pytest.mark.parametrize("change", ["", "x", "."])
def test_a_wrong_link_opens_nothing_and_asks_for_no_reader(client, meeting, maria, change):
    out(meeting)
    address = page_of(maria)
    wrong = f"{address[:-6]}{change}/" if change != "." else "/minutes/./"

    with CaptureQueriesContext(connection) as queries:
        assert client.get(wrong).status_code == 404

    assert not [query for query in queries if "meetings_minutesreader" in query["sql"]]


def test_one_kind_of_link_does_not_open_the_page_of_another(client, meeting, maria):
    invite(planned(), maria)
    out(meeting)

    assert client.get(answer_url(maria).replace("answer", "minutes")).status_code == 404
    assert client.get(page_of(maria).replace("minutes", "answer")).status_code == 404


def test_a_link_taken_back_or_renewed_is_worth_nothing(client, meeting, maria):
    out(meeting)
    first = page_of(maria)
    revoke(reader(maria), by=secretary())
    assert client.get(first).status_code == 404

    renew(reader(maria))

    assert client.get(first).status_code == 404
    assert "Sofia welcomed everybody." in read(client, page_of(maria))


def test_approved_minutes_read_as_approved_and_reopened_ones_stay_so_until_they_go_out_again(client, meeting, maria):
    out(meeting)
    rewrite(meeting, "Sofia welcomed all.")
    approve(meeting, on=TODAY, by=secretary())
    approved = read(client, page_of(maria))
    assert "Sofia welcomed all." in approved
    assert "The minutes are approved." in approved

    reopen(meeting, reason="a name was wrong", by=secretary())
    rewrite(meeting, "Being rewritten")

    page = read(client, page_of(maria))
    assert "Sofia welcomed all." in page
    assert "Being rewritten" not in page
    assert "a name was wrong" not in page


# --- Corrections -------------------------------------------------------------------------------------------------------


def test_a_correction_comes_by_the_link_once_and_its_answer_is_read_there(client, meeting, maria):
    out(meeting)
    item, sent = meeting.sessions.get().items.get(), {"text": "  Plovdiv welcomed too.  "}

    for _twice in range(2):
        response = client.post(page_of(maria), {**sent, "item": item.pk})

    assert (response.status_code, response["Location"]) == (302, f"{page_of(maria)}?noted#corrections")
    correction = Correction.objects.get()
    assert (correction.organisation, correction.item, correction.text, correction.recorded_by) == (
        maria.organisation, item, "Plovdiv welcomed too.", None,
    )  # fmt: skip
    assert Change.objects.of_record(f"meetings.correction:{correction.pk}").get().actor == "Maria"
    settle_correction(correction, outcome="declined", answer="It did not.", by=secretary())
    page = read(client, response["Location"])
    assert "Your correction is noted." in page
    assert "Declined" in page
    assert "It did not." in page


@pytest.mark.parametrize("sent", [{"text": "  "}, {"text": "Fine", "item": "0"}, {"text": "x" * 10_001}, {}])
def test_what_cannot_be_read_comes_back_as_typed(client, meeting, maria, sent):
    out(meeting)

    response = client.post(page_of(maria), sent)

    assert response.status_code == 422
    assert "Not sent yet." in response.content.decode()
    assert not Correction.objects.exists()


def test_an_item_of_another_meeting_is_none_to_correct(client, meeting, maria):
    out(meeting)
    other = factories.AgendaItemFactory()

    assert client.post(page_of(maria), {"text": "Fine", "item": other.pk}).status_code == 422


def test_the_last_day_ends_on_the_meeting_s_clocks_and_what_comes_too_late_is_given_back(client, meeting, maria):
    until = TODAY + dt.timedelta(days=2)
    out(meeting, until)
    address = page_of(maria)
    with time_machine.travel(dt.datetime.combine(until, dt.time(23, 30), dt.UTC), tick=False):
        meeting.timezone = "UTC"
        meeting.save()
        assert client.post(address, {"text": "In time"}).status_code == 302
        meeting.timezone = "Europe/Istanbul"
        meeting.save()
        late = client.post(address, {"text": "Too <late>"})

    assert late.status_code == 403
    assert "Too &lt;late&gt;" in late.content.decode()
    assert "Send the correction" not in late.content.decode()
    assert [one.text for one in Correction.objects.all()] == ["In time"]


def test_nothing_is_corrected_in_approved_minutes_or_a_closed_meeting(client, meeting, maria):
    out(meeting)
    meeting.status = "closed"
    meeting.save()
    assert client.post(page_of(maria), {"text": "Closed"}).status_code == 403
    meeting.status = "held"
    meeting.save()
    approve(meeting, on=TODAY, by=secretary())

    assert client.post(page_of(maria), {"text": "Approved"}).status_code == 403
    assert not Correction.objects.exists()


def test_nobody_floods_the_secretariat(client, meeting, maria):
    minutes = out(meeting).minutes
    for _each in range(MOST_WAITING):
        factories.CorrectionFactory(minutes=minutes, organisation=maria.organisation)

    response = client.post(page_of(maria), {"text": "One more"})

    assert response.status_code == 422
    assert "please write to the secretariat" in response.content.decode()


# --- In the admin ------------------------------------------------------------------------------------------------------


def test_circulating_leads_to_the_mailing_and_links_are_taken_back(meeting, maria):
    staff = client_of(secretariat_user())
    response = staff.post(reverse("admin:meetings_meeting_minutes_circulate", args=[meeting.pk]), {})
    mailing = Mailing.objects.get()
    assert response["Location"] == reverse("admin:meetings_mailing_change", args=[mailing.pk])
    assert "1 letter is prepared. Nothing has been sent" in staff.get(response["Location"]).content.decode()

    readers = reverse("admin:meetings_meeting_minutes_readers", args=[meeting.pk])
    shown = staff.get(readers).content.decode()
    assert "Maria</strong>, Sofia" in shown
    assert page_of(maria) in shown
    staff.post(reverse("admin:meetings_meeting_minutes_reader", args=[meeting.pk, reader(maria).pk]), {"revoke": "1"})
    assert not reader(maria).stands


def test_circulating_says_when_there_is_nobody_to_write_to(meeting):
    staff = client_of(secretariat_user())

    page = staff.post(reverse("admin:meetings_meeting_minutes_circulate", args=[meeting.pk]), {}, follow=True)

    assert "Nobody is written to" in page.content.decode()
    assert Minutes.objects.get().is_circulated


def test_two_organisations_that_are_merged_keep_their_readers(client, meeting, maria):
    other = contact("Sophia", "Ivan", "ivan@sofia.example.org")
    factories.AttendanceFactory(meeting=meeting, organisation=other.organisation)
    contact("Sophia", "Maria", maria.email)
    out(meeting)
    address = page_of(other)
    meeting.attendances.filter(organisation=other.organisation).delete()

    merge(maria.organisation, other.organisation, by=factories.UserFactory())

    assert "Minutes for Sofia" in read(client, address)
    assert sorted(one.address for one in MinutesReader.objects.all()) == ["ivan@sofia.example.org", maria.email]
