"""A pasted list on its way into the attendance: what is resolved, what a person decides, what is written."""

import pytest

from meetings.actions import record_grid, record_names
from meetings.grid import Edit
from meetings.models import Attendance
from meetings.pasting import MOST_LETTERS, MOST_NAMES, read_list, too_much
from tests.factories import AttendanceFactory, MeetingFactory, OrganisationFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(staff=True)


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def sofia():
    return OrganisationFactory(name="Sofia")


def entries(pasted):
    return [(entry.text, entry.state, entry.chosen) for entry in pasted.entries]


def values(entry):
    return [choice.value for choice in entry.choices]


def test_a_known_name_is_taken_unless_left_out(meeting, sofia, user):
    pasted = read_list(meeting, None, "SOFIA", {})
    assert entries(pasted) == [("SOFIA", "ready", f"take-{sofia.pk}")]
    assert pasted.is_decided

    record_names(meeting, None, "Sofia", {"name-0": "out"}, by=user)

    assert not Attendance.objects.exists()


def test_names_become_rows_of_the_secretariat(meeting, sofia, user):
    athens, session = OrganisationFactory(name="Athens"), SessionFactory(meeting=meeting)

    record_names(meeting, session.pk, "Athens, Sofia and athens", {}, by=user)

    rows = Attendance.objects.order_by("organisation__name")
    assert [(row.organisation, row.session, row.presence, row.channel, row.recorded_by) for row in rows] == [
        (athens, session, "present", "secretariat", user),
        (sofia, session, "present", "secretariat", user),
    ]


def test_nothing_is_chosen_for_a_doubtful_name_and_nothing_written_until_it_is(meeting, sofia, user):
    first, second = (OrganisationFactory(name="Dimitrovgrad") for _each in range(2))

    pasted = record_names(meeting, None, "Sofia, Dimitrovgrad, Sofiana", {}, by=user)

    assert entries(pasted)[1:] == [("Dimitrovgrad", "decide", ""), ("Sofiana", "decide", "")]
    assert sorted(values(pasted.entries[1])) == sorted([f"take-{first.pk}", f"take-{second.pk}", "out"])
    assert values(pasted.entries[2]) == [f"take-{sofia.pk}", "out"]
    assert not Attendance.objects.exists()

    record_names(
        meeting, None, "Sofia, Dimitrovgrad, Sofiana", {"name-1": f"take-{second.pk}", "name-2": "out"}, by=user
    )

    assert {row.organisation for row in Attendance.objects.all()} == {sofia, second}


def test_a_choice_that_was_not_offered_is_none(meeting, sofia, user):
    other = OrganisationFactory(name="Varna")

    pasted = record_names(meeting, None, "Nowhere", {"name-0": f"take-{other.pk}"}, by=user)

    assert [entry.is_undecided for entry in pasted.entries] == [True]
    assert not Attendance.objects.exists()


def test_who_is_listed_already_is_marked_and_stays(meeting, sofia, user):
    row = AttendanceFactory(meeting=meeting, organisation=sofia, capacity="guest")

    pasted = record_names(meeting, None, "Sofia", {}, by=user)

    assert entries(pasted) == [("Sofia", "listed", "")]
    row.refresh_from_db()
    assert (row.capacity, row.recorded_by) == ("guest", None)


def test_listed_at_another_scope_or_by_another_source_is_not_listed(meeting, sofia):
    session = SessionFactory(meeting=meeting)
    AttendanceFactory(meeting=meeting, organisation=sofia, session=session)
    AttendanceFactory(meeting=meeting, organisation=sofia, channel="press")

    entry = read_list(meeting, None, "Sofia", {}).entries[0]

    assert (entry.state, entry.note) == ("ready", "press: present")


def test_who_is_listed_as_absent_has_to_be_decided(meeting, sofia, user):
    row = AttendanceFactory(meeting=meeting, organisation=sofia, presence="absent")

    pasted = record_names(meeting, None, "Sofia", {"name-0": f"take-{sofia.pk}"}, by=user)
    assert entries(pasted) == [("Sofia", "decide", "")]
    assert values(pasted.entries[0]) == [f"turn-{sofia.pk}", "out"]
    row.refresh_from_db()
    assert row.presence == "absent"

    record_names(meeting, None, "Sofia", {"name-0": f"turn-{sofia.pk}"}, by=user)
    row.refresh_from_db()
    assert row.presence == "present"


def test_what_somebody_recorded_between_reading_and_writing_is_asked_about(meeting, sofia, user):
    chosen = {entry.field: entry.chosen for entry in read_list(meeting, None, "Sofia", {}).entries}
    record_grid(meeting, [Edit(sofia.pk, None, "", "excused")], by=user)

    pasted = record_names(meeting, None, "Sofia", chosen, by=user)

    assert [entry.note for entry in pasted.undecided] == ["Sofia is listed as excused."]
    assert Attendance.objects.get().presence == "excused"


def test_a_name_read_by_its_sound_says_so(meeting):
    OrganisationFactory(name="Nikšić")

    assert read_list(meeting, None, "Nikshich", {}).entries[0].note == "read by its sound"


def test_too_long_a_text_is_told(meeting):
    assert too_much("Sofia") == ""
    assert str(MOST_LETTERS) in too_much("x" * (MOST_LETTERS + 1))
    assert str(MOST_NAMES) in too_much(", ".join(f"City {number}" for number in range(MOST_NAMES + 1)))
