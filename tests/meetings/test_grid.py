"""The attendance grid: what it lists, which cells it writes, and which it refuses."""

import json

import pytest

from meetings.actions import record_grid
from meetings.attendance import who_attended
from meetings.grid import NOT_TOLD, Edit, read_edits, read_grid
from meetings.models import Attendance
from members.history import acting
from members.models import Change
from tests.factories import (
    AttendanceFactory,
    MeetingFactory,
    MembershipChangeFactory,
    OrganisationFactory,
    SessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(staff=True)


@pytest.fixture
def meeting():
    return MeetingFactory()


def states(meeting):
    return {
        (row.organisation.name, row.session_id, row.channel): row.presence
        for row in Attendance.objects.filter(meeting=meeting).select_related("organisation")
    }


def read(meeting):
    return read_grid(meeting, list(meeting.sessions.all()), Attendance.objects.filter(meeting=meeting).with_counted())


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_grid_lists_the_network_of_the_day_and_whoever_the_ledger_names(meeting):
    MembershipChangeFactory(organisation__name="Member")
    MembershipChangeFactory(organisation=OrganisationFactory(observer=True, name="Aaa Network"), status="observer")
    MembershipChangeFactory(organisation__name="Left", status="ended")
    MembershipChangeFactory(organisation__name="Later", latest=meeting.start_on.replace(year=2100))
    OrganisationFactory(name="Unrelated")
    AttendanceFactory(meeting=meeting, organisation__name="Guest city")

    rows = read(meeting).rows

    assert [(row.organisation.name, row.status) for row in rows] == [
        ("Guest city", ""),
        ("Member", ""),
        ("Aaa Network", "observer"),
    ]


def test_network_larger_than_a_grid_is_listed_by_the_ledger_alone(meeting, monkeypatch):
    monkeypatch.setattr("meetings.grid.MOST_ROWS", 3)
    for _each in range(3):
        MembershipChangeFactory()
    assert (len(read(meeting).rows), read(meeting).is_cut) == (3, False)

    named = AttendanceFactory(meeting=meeting).organisation

    assert ([row.organisation for row in read(meeting).rows], read(meeting).is_cut) == ([named], True)


def test_cells_hold_the_secretariat_s_word_and_tell_what_others_say(meeting):
    session = SessionFactory(meeting=meeting, title="Opening")
    city = AttendanceFactory(meeting=meeting, presence="excused").organisation
    AttendanceFactory(meeting=meeting, organisation=city, channel="press")
    AttendanceFactory(meeting=meeting, organisation=city, session=session, channel="published", presence="absent")

    grid = read(meeting)

    assert [column.label for column in grid.columns] == ["Whole meeting", "Opening"]
    assert [(cell.state, cell.others) for cell in grid.rows[0].cells] == [
        ("excused", ["press: present"]),
        ("", ["published report: absent"]),
    ]
    assert json.loads(grid.shown) == {f"cell-{city.pk}-0": "excused"}


@pytest.mark.parametrize("number", [3, 30])
def test_reading_asks_two_queries(meeting, number, django_assert_num_queries):
    sessions = [SessionFactory(meeting=meeting) for _each in range(6)]
    for _each in range(number):
        AttendanceFactory(meeting=meeting, session=sessions[0])
    rows, sessions = list(Attendance.objects.with_counted()), list(meeting.sessions.prefetch_related("working_groups"))

    with django_assert_num_queries(2):
        grid = read_grid(meeting, sessions, rows)

    assert len(grid.rows) == number


# --- What a form says ------------------------------------------------------------------------------------------------


def test_only_cells_that_differ_from_what_was_shown_are_edits():
    sent = {
        "csrfmiddlewaretoken": "x",
        "shown": '{"cell-1-0":"present","cell-2-5":"absent"}',
        "cell-1-0": "present",
        "cell-1-5": "",
        "cell-2-0": "excused",
        "cell-2-5": "",
    }

    assert read_edits(sent) == [Edit(2, None, "", "excused"), Edit(2, 5, "absent", "")]


@pytest.mark.parametrize(
    "name", ["cell-1", "cell--0", "cell-x-0", "cell-1-²", "cell-1-0-2", "other-1-0", f"cell-{'9' * 30}-0"]
)
def test_what_is_no_cell_is_no_edit(name):
    assert read_edits({"shown": "{}", name: "present"}) == []


def test_an_unknown_state_is_no_edit():
    assert read_edits({"shown": "{}", "cell-1-0": "asleep"}) == []


@pytest.mark.parametrize("shown", ["", "[]", "{", "[" * 100_000])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(shown):
    assert read_edits({"shown": shown, "cell-1-0": "present"}) == [Edit(1, None, NOT_TOLD, "present")]


# --- Writing ---------------------------------------------------------------------------------------------------------


def test_cells_are_added_changed_and_cleared(meeting, user):
    session = SessionFactory(meeting=meeting)
    new, changed, cleared = (OrganisationFactory(name=name) for name in ("New", "Changed", "Cleared"))
    kept = AttendanceFactory(meeting=meeting, organisation=changed, capacity="guest", basis="A letter")
    AttendanceFactory(meeting=meeting, organisation=cleared)
    AttendanceFactory(meeting=meeting, organisation=cleared, channel="press")
    edits = [
        Edit(new.pk, session.pk, "", "present"),
        Edit(changed.pk, None, "present", "excused"),
        Edit(cleared.pk, None, "present", ""),
    ]

    assert record_grid(meeting, edits, by=user) == []

    assert states(meeting) == {
        ("New", session.pk, "secretariat"): "present",
        ("Changed", None, "secretariat"): "excused",
        ("Cleared", None, "press"): "present",
    }
    kept.refresh_from_db()
    assert (kept.capacity, kept.basis, kept.recorded_by) == ("guest", "A letter", user)


def test_a_cell_that_somebody_else_changed_is_refused_and_the_others_are_saved(meeting, user):
    vasil = UserFactory(username="vasil")
    hers, free = OrganisationFactory(name="Hers"), OrganisationFactory(name="Free")
    record_grid(meeting, [Edit(hers.pk, None, "", "absent")], by=vasil)

    refusals = record_grid(meeting, [Edit(hers.pk, None, "", "present"), Edit(free.pk, None, "", "present")], by=user)

    assert [(each.stored, each.row.recorded_by, each.edit.wanted) for each in refusals] == [
        ("absent", vasil, "present")
    ]
    assert states(meeting) == {
        ("Hers", None, "secretariat"): "absent",
        ("Free", None, "secretariat"): "present",
    }
    grid = read_grid(meeting, [], Attendance.objects.filter(meeting=meeting).with_counted(), refusals)
    assert [(row.cells[0].state, row.cells[0].chosen) for row in grid.rows] == [
        ("present", "present"),
        ("absent", "present"),
    ]


def test_a_cell_that_somebody_else_cleared_is_refused(meeting, user):
    city = OrganisationFactory()

    refusals = record_grid(meeting, [Edit(city.pk, None, "present", "absent")], by=user)

    assert [(each.stored, each.row) for each in refusals] == [("", None)]
    assert states(meeting) == {}


def test_what_both_wanted_is_no_matter_and_writes_nothing(meeting, user):
    row = AttendanceFactory(meeting=meeting)
    before = Change.objects.count()

    assert record_grid(meeting, [Edit(row.organisation_id, None, "", "present")], by=user) == []

    assert Change.objects.count() == before


def test_a_form_that_cannot_tell_what_it_showed_is_refused(meeting, user):
    row = AttendanceFactory(meeting=meeting)

    refusals = record_grid(meeting, [Edit(row.organisation_id, None, NOT_TOLD, "absent")], by=user)

    assert [each.stored for each in refusals] == ["present"]


def test_organisation_or_session_that_is_gone_is_refused_not_an_error(meeting, user):
    city, elsewhere = OrganisationFactory(), SessionFactory()
    edits = [Edit(city.pk, elsewhere.pk, "", "present"), Edit(987_654, None, "", "present")]

    refusals = record_grid(meeting, edits, by=user)

    assert [each.is_gone for each in refusals] == [True, True]
    assert not Attendance.objects.exists()


def test_a_row_that_comes_in_between_is_seen_at_the_second_look(meeting, user, monkeypatch):
    city = OrganisationFactory()
    save = Attendance.save

    def overtaken(self, *args, **kwargs):
        monkeypatch.setattr(Attendance, "save", save)
        AttendanceFactory(meeting=meeting, organisation=city, presence="absent")
        self.pk = None
        save(self, *args, **kwargs)

    AttendanceFactory(meeting=meeting)
    monkeypatch.setattr(Attendance, "save", overtaken)
    refusals = record_grid(meeting, [Edit(city.pk, None, "", "present")], by=user)

    # The first try was undone as a whole, the row of the test with it; what counts is that it was tried again.
    assert refusals == []
    assert states(meeting)[city.name, None, "secretariat"] == "present"


def test_every_cell_is_in_the_history_of_its_page(meeting, user):
    session, city = SessionFactory(meeting=meeting), OrganisationFactory()

    with acting(user=user):
        record_grid(meeting, [Edit(city.pk, session.pk, "", "present"), Edit(city.pk, None, "", "absent")], by=user)

    changes = Change.objects.filter(model="meetings.attendance")
    assert {change.part_of for change in changes} == {
        f"meetings.session:{session.pk}",
        f"meetings.meeting:{meeting.pk}",
    }
    assert {change.actor for change in changes} == {user.username}


# --- Contradictions --------------------------------------------------------------------------------------------------


def test_contradictions_are_unsettled_until_the_secretariat_speaks(meeting, user):
    city = AttendanceFactory(meeting=meeting, channel="press").organisation
    AttendanceFactory(meeting=meeting, organisation=city, channel="published", presence="absent")
    agreeing = AttendanceFactory(meeting=meeting, channel="press").organisation
    AttendanceFactory(meeting=meeting, organisation=agreeing, channel="published")
    of_session = SessionFactory(meeting=meeting)
    AttendanceFactory(meeting=meeting, organisation=agreeing, session=of_session, channel="self", presence="absent")

    assert [row["organisation"] for row in Attendance.objects.unsettled()] == [city.pk]
    assert [each.organisation for each in who_attended(meeting).unsettled] == [city]

    record_grid(meeting, [Edit(city.pk, of_session.pk, "", "present")], by=user)
    assert Attendance.objects.unsettled().count() == 1

    record_grid(meeting, [Edit(city.pk, None, "", "present")], by=user)
    assert not Attendance.objects.unsettled().exists()
    assert who_attended(meeting).unsettled == []
