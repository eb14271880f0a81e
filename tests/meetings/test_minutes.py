"""Minutes: no save of a note is lost, a late one is refused, and what is approved does not change."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from meetings.minutes.approval import approve, circulate, record_correction, reopen, set_audience, settle_correction
from meetings.minutes.comparison import compare
from meetings.minutes.notes import LONGEST, TypedNote, restore_note, save_notes, tidy
from meetings.minutes.outcomes import record_decision
from meetings.models import Correction, Decision, Minutes, NoteRevision
from meetings.texts import Block, note_blocks
from members.models import Change, place_of
from tests.factories import (
    AgendaItemFactory,
    CorrectionFactory,
    DecisionFactory,
    MeetingFactory,
    MinutesFactory,
    NoteRevisionFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def elif_():
    return UserFactory(username="elif", staff=True)


@pytest.fixture
def vasil():
    return UserFactory(username="vasil", staff=True)


@pytest.fixture
def item():
    return AgendaItemFactory(title="Welcome")


def meeting_of(item):
    return item.session.meeting


def save(item, text, began_from, by):
    return save_notes(meeting_of(item), [TypedNote(item.pk, text, began_from)], by=by)


def texts(item):
    return list(NoteRevision.objects.filter(item=item).order_by("number").values_list("number", "text", "by__username"))


# --- Notes -----------------------------------------------------------------------------------------------------------


def test_every_save_is_a_numbered_revision(item, elif_, vasil):
    save(item, "One", 0, elif_)
    saved = save(item, "One, two", 1, vasil)

    assert texts(item) == [(1, "One", "elif"), (2, "One, two", "vasil")]
    assert (saved.number, saved.stale, saved.newest[item.pk].number) == (1, [], 2)


@pytest.mark.parametrize("text", ["One", "One\n", "One  \r\n", "\nOne"])
def test_text_that_says_the_same_makes_no_revision(item, elif_, text):
    save(item, "One", 0, elif_)

    assert save(item, text, 1, elif_).number == 0
    assert len(texts(item)) == 1


def test_note_that_was_never_written_makes_no_revision(item, elif_):
    assert save(item, " \n", 0, elif_).number == 0
    assert texts(item) == []


def test_note_can_be_emptied(item, elif_):
    save(item, "One", 0, elif_)
    save(item, "", 1, elif_)

    assert texts(item)[-1] == (2, "", "elif")


def test_late_save_is_refused_and_given_back_with_what_stands_there(item, elif_, vasil):
    save(item, "Theirs", 0, elif_)

    (stale,) = save(item, "Mine", 0, vasil).stale

    assert (stale.typed.text, stale.newest.text, stale.is_gone) == ("Mine", "Theirs", False)
    assert texts(item) == [(1, "Theirs", "elif")]


def test_refused_text_is_saved_on_top_once_it_was_seen(item, elif_, vasil):
    save(item, "Theirs", 0, elif_)
    save(item, "Mine", 0, vasil)

    save(item, "Theirs and mine", 1, vasil)

    assert texts(item)[-1] == (2, "Theirs and mine", "vasil")


def test_field_that_nobody_typed_over_is_not_late(item, elif_, vasil):
    """A page holds every note; only what was typed counts."""
    other = AgendaItemFactory(session=item.session)
    save(item, "One", 0, elif_)
    save(item, "Two", 1, elif_)

    sent = [TypedNote(item.pk, "One", 1), TypedNote(other.pk, "Mine", 0)]
    saved = save_notes(meeting_of(item), sent, by=vasil)

    assert (saved.number, saved.stale) == (1, [])
    assert texts(item)[-1] == (2, "Two", "elif")
    assert texts(other) == [(1, "Mine", "vasil")]


def test_same_words_typed_twice_at_once_are_no_matter(item, elif_, vasil):
    save(item, "Same", 0, elif_)

    assert save(item, "Same", 0, vasil).stale == []
    assert len(texts(item)) == 1


def test_note_to_an_item_that_is_gone_is_given_back(item, elif_):
    meeting, key = meeting_of(item), item.pk
    item.delete()

    (stale,) = save_notes(meeting, [TypedNote(key, "Mine", 0)], by=elif_).stale

    assert (stale.is_gone, stale.typed.text) == (True, "Mine")


def test_note_is_not_written_to_an_item_of_another_meeting(item, elif_):
    (stale,) = save_notes(MeetingFactory(), [TypedNote(item.pk, "Mine", 0)], by=elif_).stale

    assert stale.is_gone
    assert texts(item) == []


def test_note_that_is_too_long_is_refused(item, elif_):
    with pytest.raises(ValidationError, match="at most 50000 characters"):
        save(item, "a" * (LONGEST + 1), 0, elif_)


def test_item_with_notes_cannot_be_deleted(item, elif_):
    save(item, "One", 0, elif_)

    with pytest.raises(ProtectedError):
        item.delete()


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_the_same_moment_keep_one_and_refuse_the_other():
    item = AgendaItemFactory()
    people = [UserFactory(staff=True), UserFactory(staff=True)]
    start, refused = threading.Barrier(2), []

    def write(user):
        start.wait()
        try:
            refused.append(len(save(item, f"By {user.username}", 0, user).stale))
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(refused) == [0, 1]
    assert [number for number, _text, _by in texts(item)] == [1]


@pytest.mark.parametrize("number", [1, 40])
def test_saving_a_page_of_unchanged_notes_costs_the_same(item, elif_, number, django_assert_num_queries):
    items = [AgendaItemFactory(session=item.session) for _each in range(number)]
    for each in items:
        NoteRevisionFactory(item=each, text="One")
        NoteRevisionFactory(item=each, text="Two", number=2)
    sent = [TypedNote(each.pk, "One", 1) for each in items]

    with django_assert_num_queries(6):
        assert save_notes(meeting_of(item), sent, by=elif_).number == 0


def test_earlier_revision_comes_back_as_a_new_one(item, elif_, vasil):
    save(item, "One", 0, elif_)
    save(item, "Two", 1, elif_)
    first = NoteRevision.objects.get(item=item, number=1)

    restored = restore_note(first, began_from=2, by=vasil)

    assert (restored.number, restored.text, restored.restores, restored.by) == (3, "One", first, vasil)


@pytest.mark.parametrize(("revision", "began_from", "reason"), [(1, 1, "meanwhile"), (2, 2, "says this already")])
def test_restoring_is_refused(item, elif_, revision, began_from, reason):
    save(item, "One", 0, elif_)
    save(item, "Two", 1, elif_)

    with pytest.raises(ValidationError, match=reason):
        restore_note(NoteRevision.objects.get(item=item, number=revision), began_from=began_from, by=elif_)


def test_revision_brings_back_one_of_its_own_item(elif_):
    other = NoteRevisionFactory()
    revision = NoteRevisionFactory.build(item=AgendaItemFactory(), by=elif_, restores=other)

    with pytest.raises(ValidationError, match="another agenda item"):
        revision.full_clean()


# --- Comparison and text ---------------------------------------------------------------------------------------------


def test_comparison_tells_word_by_word():
    found = compare("Sofia reported on heat", "Sofia and Бургас reported")

    assert [(piece.text, piece.is_common) for piece in found.first] == [
        ("Sofia ", True),
        ("reported ", True),
        ("on heat", False),
    ]
    assert [(piece.text, piece.is_common) for piece in found.second] == [
        ("Sofia ", True),
        ("and Бургас ", False),
        ("reported", True),
    ]


@given(st.text(), st.text())
def test_comparison_loses_no_letter(first, second):
    found = compare(first, second)

    assert "".join(piece.text for piece in found.first) == first
    assert "".join(piece.text for piece in found.second) == second


@given(st.text())
def test_tidying_twice_changes_nothing_more(text):
    assert tidy(tidy(text)) == tidy(text)


def test_note_reads_as_paragraphs_and_lists():
    text = "Opening.\nBy the chair.\n\nCities:\n- Sofia\n- Σέρρες\n\n• Tirana\nEnd."

    assert note_blocks(text) == [
        Block(["Opening.", "By the chair."], is_list=False),
        Block(["Cities:"], is_list=False),
        Block(["Sofia", "Σέρρες", "Tirana"], is_list=True),
        Block(["End."], is_list=False),
    ]


# --- Circulating, correcting, approving ------------------------------------------------------------------------------


@pytest.fixture
def written(item, elif_):
    """A meeting with a note."""
    save(item, "One", 0, elif_)
    return meeting_of(item)


def test_minutes_go_from_writing_to_approval_and_back(written, item, elif_):
    today = timezone.localdate()
    circulate(written, corrections_until=today, by=elif_)
    approve(written, on=today, by=elif_)
    minutes = Minutes.objects.get(meeting=written)
    assert (minutes.is_circulated, minutes.approved_on, minutes.approved_by) == (True, today, elif_)

    reopen(written, reason="A city was left out", by=elif_)

    minutes.refresh_from_db()
    assert (minutes.is_circulated, minutes.is_approved) == (True, False)
    last = Change.objects.of_record(place_of(Minutes, minutes.pk)).first()
    assert (last.reason, last.actor) == ("A city was left out", "elif")
    assert save(item, "Two", 1, elif_).number == 1


def test_approved_minutes_do_not_change(written, item, elif_):
    circulate(written, corrections_until=None, by=elif_)
    approve(written, on=timezone.localdate(), by=elif_)

    for write in (
        lambda: save(item, "Two", 1, elif_),
        lambda: restore_note(item.notes.get(), began_from=1, by=elif_),
        lambda: record_decision(item, "Late", by=elif_),
        lambda: circulate(written, corrections_until=None, by=elif_),
        lambda: record_correction(written, OrganisationFactory(), "Late"),
    ):
        with pytest.raises(ValidationError, match="reopen them, with a reason"):
            write()
    assert len(texts(item)) == 1


def test_unchanged_notes_of_approved_minutes_are_no_matter(written, item, elif_):
    MinutesFactory(meeting=written, approved=True)

    assert save(item, "One", 1, elif_).number == 0


def test_nothing_is_circulated_before_it_is_written(elif_):
    with pytest.raises(ValidationError, match="No note is written yet"):
        circulate(MeetingFactory(), corrections_until=None, by=elif_)


def test_corrections_are_asked_for_until_a_day_to_come(written, elif_):
    with pytest.raises(ValidationError, match="passed already"):
        circulate(written, corrections_until=timezone.localdate() - dt.timedelta(days=1), by=elif_)


def test_minutes_are_approved_only_after_circulation(written, elif_):
    with pytest.raises(ValidationError, match="circulate them first"):
        approve(written, on=timezone.localdate(), by=elif_)


@pytest.mark.parametrize("days", [-1, 1])
def test_minutes_are_approved_between_the_meeting_and_today(elif_, days):
    minutes = MinutesFactory(circulated=True, meeting__start_on=timezone.localdate())

    with pytest.raises(ValidationError, match="between that of the meeting and today"):
        approve(minutes.meeting, on=timezone.localdate() + dt.timedelta(days=days), by=elif_)


def test_minutes_are_approved_once_every_correction_is_settled(elif_):
    correction = CorrectionFactory()
    meeting = correction.minutes.meeting
    with pytest.raises(ValidationError, match="1 without an answer"):
        approve(meeting, on=timezone.localdate(), by=elif_)

    settle_correction(correction, outcome="accepted", answer="", by=elif_)

    assert approve(meeting, on=timezone.localdate(), by=elif_).is_approved


def test_reopening_asks_for_a_reason(elif_):
    meeting = MinutesFactory(approved=True).meeting

    with pytest.raises(ValidationError, match="Say why"):
        reopen(meeting, reason="  ", by=elif_)


def test_open_minutes_are_not_reopened(written, elif_):
    with pytest.raises(ValidationError, match="not approved"):
        reopen(written, reason="So", by=elif_)


def test_audience_is_chosen(written, elif_):
    assert Minutes(meeting=written).audience == "members"

    assert set_audience(written, audience="public", by=elif_).audience == "public"
    with pytest.raises(ValidationError):
        set_audience(written, audience="everyone", by=elif_)


def test_correction_is_recorded_for_an_organisation(elif_):
    minutes, city = MinutesFactory(circulated=True), OrganisationFactory()

    own = record_correction(minutes.meeting, city, " We came too. ")
    by_mail = record_correction(minutes.meeting, city, "And spoke.", by=elif_)

    assert (own.text, own.recorded_by, by_mail.recorded_by) == ("We came too.", None, elif_)
    assert set(Correction.objects.unsettled()) == {own, by_mail}


def test_correction_waits_for_circulation():
    with pytest.raises(ValidationError, match="not circulated yet"):
        record_correction(MinutesFactory().meeting, OrganisationFactory(), "We came too.")


def test_correction_is_about_an_item_of_the_meeting(item):
    with pytest.raises(ValidationError, match="another meeting"):
        record_correction(MinutesFactory(circulated=True).meeting, OrganisationFactory(), "No.", item=item)


def test_correction_is_declined_with_an_answer_and_settled_once(elif_):
    correction = CorrectionFactory()
    with pytest.raises(ValidationError, match="why the correction is declined"):
        settle_correction(correction, outcome="declined", answer=" ", by=elif_)

    settle_correction(correction, outcome="declined", answer="The recording says otherwise.", by=elif_)

    with pytest.raises(ValidationError, match="meanwhile: declined"):
        settle_correction(correction, outcome="accepted", answer="", by=elif_)


# --- Constraints -----------------------------------------------------------------------------------------------------

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
BROKEN = [
    ("minutes_audience_known", MinutesFactory, {"audience": "all"}),
    ("minutes_circulated_by_somebody", MinutesFactory, {"circulated_at": NOW}),
    ("minutes_circulated_by_somebody", MinutesFactory, {"corrections_until": NOW.date()}),
    ("minutes_approved_by_somebody", MinutesFactory, {"approved_on": NOW.date()}),
    ("minutes_approved_by_somebody", MinutesFactory, {"circulated": True, "approved_on": NOW.date()}),
    ("note_revisions_count_from_one", NoteRevisionFactory, {"number": 0}),
    ("correction_settled_by_somebody", CorrectionFactory, {"outcome": "accepted"}),
    ("correction_settled_by_somebody", CorrectionFactory, {"settled_at": NOW}),
]


@pytest.mark.parametrize(("name", "factory", "fields"), BROKEN)
def test_database_refuses(name, factory, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factory(**fields)


def test_database_refuses_two_revisions_of_one_number():
    revision = NoteRevisionFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        NoteRevisionFactory(item=revision.item)


def test_database_refuses_to_decline_without_a_word(elif_):
    with pytest.raises(IntegrityError, match="correction_declined_with_an_answer"), transaction.atomic():
        CorrectionFactory(outcome="declined", settled_at=NOW, settled_by=elif_)


# --- Who sees what ---------------------------------------------------------------------------------------------------

CASES = [
    ({"approved": True, "audience": "public"}, True),
    ({"approved": True, "audience": "members"}, False),
    ({"approved": True, "audience": "group"}, False),
    ({"approved": True, "audience": "secretariat"}, False),
    ({"circulated": True, "audience": "public"}, False),
    ({"audience": "public"}, False),
]


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize(("state", "is_shown"), CASES)
def test_text_is_public_once_approved_and_meant_for_everybody(client, item, state, is_shown, signed_in):
    NoteRevisionFactory(item=item, text="Confidential former word")
    NoteRevisionFactory(item=item, text="Confidential\n\n- Σέρρες", number=2)
    meeting = MinutesFactory(meeting=meeting_of(item), **state).meeting
    if signed_in:
        client.force_login(UserFactory())

    page = client.get(meeting.get_absolute_url()).text

    assert ("Confidential" in page, "<li>Σέρρες</li>" in page) == (is_shown, is_shown)
    assert "former word" not in page


def test_minutes_of_a_draft_are_not_public(client, item):
    meeting = meeting_of(item)
    MinutesFactory(meeting=meeting, approved=True, audience="public")
    meeting.status = "draft"
    meeting.save()

    assert client.get(meeting.get_absolute_url()).status_code == 404
    assert not Minutes.objects.visible_to(UserFactory()).exists()
    assert not NoteRevision.objects.visible_to(UserFactory()).exists()


def test_markup_in_a_note_stays_text(client, item):
    NoteRevisionFactory(item=item, text="<script>alert(1)</script>")
    MinutesFactory(meeting=meeting_of(item), approved=True, audience="public")

    page = client.get(meeting_of(item).get_absolute_url()).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_decision_of_an_item_is_public_once_the_minutes_are_approved(client, item, elif_):
    meeting = meeting_of(item)
    DecisionFactory(meeting=meeting, text="Signed on record")
    record_decision(item, "Decided at the item", by=elif_)
    before = client.get(meeting.get_absolute_url()).text
    client.force_login(elif_)
    assert client.get(meeting.get_absolute_url()).text.count("public once the minutes are approved") == 1
    client.logout()
    minutes = MinutesFactory(meeting=meeting, approved=True)
    after = client.get(meeting.get_absolute_url()).text

    assert ("Signed on record" in before, "Decided at the item" in before) == (True, False)
    client.force_login(elif_)
    assert client.get(meeting.get_absolute_url()).text.count("public once the minutes are approved") == 0
    client.logout()
    assert ("Signed on record" in after, "Decided at the item" in after) == (True, True)
    reopen(minutes.meeting, reason="So", by=elif_)
    assert "Decided at the item" not in client.get(meeting.get_absolute_url()).text


def test_decision_stands_behind_the_meeting_s_others_and_once(item, elif_):
    DecisionFactory(meeting=meeting_of(item), order=4)

    assert record_decision(item, "New", by=elif_).order == 5
    with pytest.raises(ValidationError, match="listed already"):
        record_decision(item, "New", by=elif_)


def test_decision_is_linked_to_an_item_of_its_meeting(item):
    with pytest.raises(ValidationError, match="another meeting"):
        Decision(meeting=MeetingFactory(), item=item, text="No").full_clean()


def test_decision_of_approved_minutes_is_not_edited(item, elif_):
    decision = record_decision(item, "Yes", by=elif_)
    MinutesFactory(meeting=meeting_of(item), approved=True)

    with pytest.raises(ValidationError, match="reopen them"):
        decision.full_clean()
