"""The desk behind its pages: one source's word, counting by the ledger's rule, taking back, finding, contradictions."""

import pytest

from meetings.actions import record_grid
from meetings.attendance import who_attended
from meetings.desk.codes import qr_svg
from meetings.desk.disagreements import read_disagreements, settle
from meetings.desk.expected import expected_delegates
from meetings.desk.finding import find_organisations
from meetings.desk.state import count_here, desk_version, read_desk, read_rows
from meetings.desk.undo import take_back
from meetings.grid import IN_THE_ROOM, ONLINE, Edit, read_edits
from meetings.models import Attendance
from members.history import RestoreRefused, acting
from members.models import Mandate
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return factories.UserFactory(staff=True, username="elif")


@pytest.fixture
def meeting():
    return factories.MeetingFactory()


@pytest.fixture
def city():
    return factories.MembershipChangeFactory(organisation__name="Athens").organisation


def enter(meeting, user, *edits, **more):
    """Enter cells as one request does; give the batch and the refusals."""
    with acting(user=user, own_batch=True) as writer:
        return writer.batch, record_grid(meeting, list(edits), by=user, **more)


# --- One source's word -----------------------------------------------------------------------------------------------


def test_two_sources_stand_beside_each_other_and_neither_refuses_the_other(meeting, user, city):
    _batch, first = enter(meeting, user, Edit(city.pk, None, "", "present"))
    _batch, second = enter(meeting, user, Edit(city.pk, None, "", "absent"), channel="sign_sheet")

    assert (first, second) == ([], [])
    assert set(Attendance.objects.values_list("channel", "presence")) == {
        ("secretariat", "present"),
        ("sign_sheet", "absent"),
    }
    own, other = (read_desk(meeting, channel).grid.rows[0].cells[0] for channel in ("secretariat", "sign_sheet"))
    assert [(cell.state, cell.others, cell.is_here) for cell in (own, other)] == [
        ("present", ["sign sheet: absent"], True),
        ("absent", ["secretariat: present"], True),
    ]


def test_the_mode_is_part_of_what_a_cell_shows(meeting, user, city):
    enter(meeting, user, Edit(city.pk, None, "", ONLINE))

    _batch, refusals = enter(meeting, user, Edit(city.pk, None, "present", "absent"))

    assert [each.stored for each in refusals] == [ONLINE]
    assert read_edits({"shown": "{}", "cell-1-0": IN_THE_ROOM}) == [Edit(1, None, "", IN_THE_ROOM)]


# --- Counting --------------------------------------------------------------------------------------------------------


def test_here_is_what_the_published_list_says(meeting, user, city):
    session = factories.SessionFactory(meeting=meeting)
    observer = factories.OrganisationFactory(observer=True)
    factories.AttendanceFactory(meeting=meeting, organisation=observer)
    factories.AttendanceFactory(meeting=meeting, organisation=city, session=session, channel="qr")
    factories.AttendanceFactory(meeting=meeting, organisation=city, channel="zoom")
    refuted = factories.AttendanceFactory(meeting=meeting, channel="zoom").organisation
    factories.AttendanceFactory(meeting=meeting, organisation=refuted, presence="absent")

    here = count_here(read_rows(meeting))

    assert (here.cities, here.columns) == (1, {"0": 1, str(session.pk): 1})
    assert here.cities == len(who_attended(meeting).cities)
    assert read_desk(meeting, "secretariat").listed_cities == 2


def test_version_stays_until_something_changes(meeting, user, city):
    first = desk_version(meeting)
    assert desk_version(meeting) == first

    enter(meeting, user, Edit(city.pk, None, "", "present"))
    second = desk_version(meeting)
    factories.CheckInFactory(session__meeting=meeting)

    assert len({first, second, desk_version(meeting)}) == 3


# --- Taking back -----------------------------------------------------------------------------------------------------


def test_a_form_s_entries_are_taken_back_together(meeting, user, city):
    session = factories.SessionFactory(meeting=meeting)
    other = factories.AttendanceFactory(meeting=meeting, basis="A letter")
    edits = [
        Edit(city.pk, None, "", "present"),
        Edit(city.pk, session.pk, "", "excused"),
        Edit(other.organisation_id, None, "present", ""),
    ]
    batch, _refusals = enter(meeting, user, *edits)

    assert take_back(meeting, batch, by=user) == 3

    row = Attendance.objects.get()
    assert (row.pk, row.presence, row.basis, row.recorded_by) == (other.pk, "present", "A letter", user)


def test_one_changed_cell_keeps_the_whole_form_s_entries(meeting, user, city):
    second = factories.OrganisationFactory()
    batch, _refusals = enter(meeting, user, Edit(city.pk, None, "", "present"), Edit(second.pk, None, "", "present"))
    enter(meeting, factories.UserFactory(staff=True), Edit(second.pk, None, "present", "absent"))

    with pytest.raises(RestoreRefused, match="changed since"):
        take_back(meeting, batch, by=user)

    assert Attendance.objects.count() == 2


def test_what_somebody_cleared_since_is_not_taken_back(meeting, user, city):
    batch, _refusals = enter(meeting, user, Edit(city.pk, None, "", "present"))
    enter(meeting, factories.UserFactory(staff=True), Edit(city.pk, None, "present", ""))

    with pytest.raises(RestoreRefused):
        take_back(meeting, batch, by=user)


def test_the_same_entry_is_taken_back_once(meeting, user, city):
    batch, _refusals = enter(meeting, user, Edit(city.pk, None, "", "present"))
    with acting(user=user, own_batch=True):
        take_back(meeting, batch, by=user)

    with acting(user=user, own_batch=True), pytest.raises(RestoreRefused):
        take_back(meeting, batch, by=user)


# --- Finding, expecting ----------------------------------------------------------------------------------------------


def test_what_is_typed_finds_by_beginnings_then_the_closest():
    sofia = factories.OrganisationFactory(name="Sofia")
    skopje = factories.OrganisationFactory(name="Skopje")
    factories.OrganisationNameFactory(organisation=skopje, text="Üsküp")

    assert find_organisations("sof") == [sofia]
    assert find_organisations("Sofja") == [sofia]
    assert find_organisations("Ueskueb") == [skopje]
    assert find_organisations("  ") == []
    assert find_organisations("qqqqqq") == []


def test_delegates_of_the_day_are_for_staff_and_named_once(user, city, meeting):
    person = factories.PersonFactory(name="Maria")
    factories.MandateFactory(organisation=city, person=person, role="technical")
    factories.MandateFactory(organisation=city, person=person, role="alternate")
    factories.MandateFactory(organisation=city, role="contact")
    factories.MandateFactory(organisation=city, role="political", ends_on=meeting.start_on.replace(year=2000))

    found = expected_delegates(user, [city], meeting.start_on)

    assert {key: [mandate.person for mandate in mandates] for key, mandates in found.items()} == {city.pk: [person]}
    assert expected_delegates(factories.UserFactory(), [city], meeting.start_on) == {}
    assert Mandate.objects.count() == 4


def test_a_code_s_picture_grows_with_its_address_and_needs_no_style():
    short, long = qr_svg("https://b40.org/check-in/1-a/"), qr_svg("https://b40.org/check-in/1-a/" + "x" * 200)

    assert len(short) < len(long)
    assert b"style=" not in short
    assert b"viewBox" in short


# --- Contradictions --------------------------------------------------------------------------------------------------


def test_each_scope_stands_for_itself_and_the_unsettled_come_first(meeting, user, city):
    session = factories.SessionFactory(meeting=meeting)
    for scope, presence in ((None, "absent"), (session, "absent")):
        factories.AttendanceFactory(meeting=meeting, session=scope, organisation=city, channel="zoom")
        factories.AttendanceFactory(
            meeting=meeting, session=scope, organisation=city, channel="sign_sheet", presence=presence
        )
    factories.AttendanceFactory(meeting=meeting, channel="zoom")
    assert [each.is_settled for each in read_disagreements(meeting)] == [False, False]

    assert settle(meeting, (city.pk, None), "absent", " Seen by the door ", by=user) == []

    found = read_disagreements(meeting)
    assert [(each.session, each.is_settled) for each in found] == [(session, False), (None, True)]
    assert (found[1].verdict.presence, found[1].verdict.basis) == ("absent", "Seen by the door")
    assert {each.organisation for each in found} == {city}


def test_what_stands_settled_otherwise_is_refused(meeting, user, city):
    enter(meeting, user, Edit(city.pk, None, "", "present"))

    (refusal,) = settle(meeting, (city.pk, None), "absent", "", by=user)

    assert refusal.stored == "present"
