"""Checking in by one's own account: when, for whom, once, and taken back without a trace in the ledger."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from meetings.desk.checking_in import Opening
from meetings.desk.self_check_in import NotOpen, check_in_self, take_back_check_in
from meetings.desk.state import desk_version
from meetings.models import Attendance, Channel, Delegate, Invitation
from members.models import Change
from tests import factories
from tests.meetings.own_cast import Round, at, client_of, delegate
from tests.refusal import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def while_it_runs():
    """The morning's session has begun."""
    with time_machine.travel(at(10, 5), tick=False) as clock:
        yield clock


@pytest.fixture
def round_():
    return Round()


def ledger():
    rows = Attendance.objects.order_by("pk")
    return [(row.organisation.name, row.session.title, row.channel, row.presence, row.mode) for row in rows]


def test_delegate_is_in_the_ledger_by_their_own_word_with_the_name_on_record(round_):
    maria = delegate(round_.sofia, name="Мария Георгиева")
    version = desk_version(round_.meeting)

    check_in_self(round_.morning, round_.sofia, mode="online", by=maria)

    assert ledger() == [("Sofia", "Morning", "self", "present", "online")]
    one = Delegate.objects.get()
    assert (one.name, one.person, one.joined_at, one.mode) == ("Мария Георгиева", maria.person, at(10, 5), "online")
    assert one.email == f"{maria.username}@example.org"
    assert {change.user for change in Change.objects.filter(model="meetings.attendance")} == {maria}
    assert desk_version(round_.meeting) != version


def test_twice_is_once_and_the_later_word_says_how(round_, while_it_runs):
    maria = delegate(round_.sofia)
    check_in_self(round_.morning, round_.sofia, mode="online", by=maria)
    changes = Change.objects.count()
    while_it_runs.shift(dt.timedelta(minutes=3))

    check_in_self(round_.morning, round_.sofia, mode="online", by=maria)
    assert Change.objects.count() == changes

    check_in_self(round_.morning, round_.sofia, mode="room", by=maria)
    assert ledger() == [("Sofia", "Morning", "self", "present", "room")]
    assert [(one.joined_at, one.mode) for one in Delegate.objects.all()] == [(at(10, 5), "room")]


def test_a_city_is_in_the_room_as_long_as_one_of_its_people_is(round_):
    maria, ivan = delegate(round_.sofia), delegate(round_.sofia)
    check_in_self(round_.morning, round_.sofia, mode="online", by=maria)
    check_in_self(round_.morning, round_.sofia, mode="room", by=ivan)
    assert ledger() == [("Sofia", "Morning", "self", "present", "room")]

    take_back_check_in(round_.morning, round_.sofia, by=ivan)
    assert ledger() == [("Sofia", "Morning", "self", "present", "online")]

    take_back_check_in(round_.morning, round_.sofia, by=maria)
    assert ledger() == []
    assert take_back_check_in(round_.morning, round_.sofia, by=maria) is False


def test_what_stood_there_before_comes_back(round_):
    """The city had excused itself; somebody came all the same, and was mistaken."""
    fields = {"meeting": round_.meeting, "session": round_.morning, "organisation": round_.sofia}
    factories.AttendanceFactory(**fields, channel=Channel.SELF, presence="excused")
    maria = delegate(round_.sofia)

    check_in_self(round_.morning, round_.sofia, mode="room", by=maria)
    assert ledger() == [("Sofia", "Morning", "self", "present", "room")]

    take_back_check_in(round_.morning, round_.sofia, by=maria)
    assert ledger() == [("Sofia", "Morning", "self", "excused", "")]


def test_somebody_else_s_word_stands_when_one_s_own_is_taken_back(round_):
    """The city told the secretariat that it is there, before anybody checked in."""
    fields = {"meeting": round_.meeting, "session": round_.morning, "organisation": round_.sofia}
    factories.AttendanceFactory(**fields, channel=Channel.SELF)
    maria = delegate(round_.sofia)
    check_in_self(round_.morning, round_.sofia, mode="room", by=maria)

    take_back_check_in(round_.morning, round_.sofia, by=maria)

    assert [row[:4] for row in ledger()] == [("Sofia", "Morning", "self", "present")]
    assert not Delegate.objects.exists()


def test_contradicting_the_secretariat_is_shown_as_any_contradiction(round_):
    fields = {"meeting": round_.meeting, "session": round_.morning, "organisation": round_.sofia}
    factories.AttendanceFactory(**fields, channel=Channel.SIGN_SHEET, presence="absent")

    check_in_self(round_.morning, round_.sofia, mode="room", by=delegate(round_.sofia))

    assert [row["organisation"] for row in Attendance.objects.unsettled()] == [round_.sofia.pk]


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (at(9, 29), Opening.EARLY),
        (at(9, 30), None),
        (at(12, 30), None),
        (at(12, 31), Opening.OVER),
    ],
)
def test_it_is_open_as_long_as_the_code_in_the_room(round_, while_it_runs, moment, opening):
    maria = delegate(round_.sofia)
    while_it_runs.move_to(moment, tick=False)

    if opening:
        for action in (lambda: check_in_self(round_.morning, round_.sofia, mode="room", by=maria),
                       lambda: take_back_check_in(round_.morning, round_.sofia, by=maria)):  # fmt: skip
            with pytest.raises(NotOpen) as told:
                action()
            assert told.value.opening == opening
    else:
        check_in_self(round_.morning, round_.sofia, mode="room", by=maria)
    assert bool(ledger()) == (opening is None)


@pytest.mark.parametrize("status", ["closed", "cancelled", "postponed"])
def test_a_meeting_that_takes_no_names_refuses(round_, status):
    maria = delegate(round_.sofia)
    round_.meeting.status = status
    round_.meeting.save()

    with pytest.raises(NotOpen) as told:
        check_in_self(round_.morning, round_.sofia, mode="room", by=maria)
    assert told.value.opening == Opening.OFF


def test_only_for_an_organisation_of_one_s_own_that_is_invited(round_):
    people = {name: user for name, user in round_.people().items() if user}
    places = [round_.sofia, round_.varna, round_.iclei]
    done = set()

    for name, user in people.items():
        for organisation in places:
            try:
                check_in_self(round_.morning, organisation, mode="room", by=user)
                done.add((name, organisation.name))
            except PermissionDenied:
                pass

    invited = {("delegate", "Sofia"), ("lead", "Sofia"), ("alternate", "Sofia"), ("observer", "ICLEI")}
    assert done == invited


def test_as_long_as_nobody_is_invited_whoever_is_expected_may(round_):
    Invitation.objects.all().delete()

    check_in_self(round_.morning, round_.varna, mode="room", by=delegate(round_.varna))

    assert [row[0] for row in ledger()] == ["Varna"]


def test_an_online_meeting_has_no_room():
    round_ = Round(mode="online")

    with pytest.raises(ValueError, match="room"):
        check_in_self(round_.morning, round_.sofia, mode="room", by=delegate(round_.sofia))


def test_in_which_way_a_delegate_takes_part_is_one_of_two(round_):
    row = factories.AttendanceFactory(meeting=round_.meeting)

    refused(Delegate(attendance=row, name="Maria", mode="hall"), "delegate_mode_known", "in the room or online")


# --- The buttons -----------------------------------------------------------------------------------------------------------

JOIN = "/my/meetings/spring/join/"


def press(client, round_, button="here", **fields):
    sent = {"session": round_.morning.pk, "organisation": "sofia", "mode": "room", **fields}
    return client.post(f"{JOIN}{button}/", sent)


def test_one_button_checks_in_another_takes_back(round_):
    client = client_of(delegate(round_.sofia))
    page = client.get(JOIN).text
    assert "I am in the room for Sofia" in page
    assert "I am here online for Sofia" in page
    assert page.count('<form method="post" action="/my/meetings/spring/join/here/"') == 1  # the afternoon is not open

    gone = press(client, round_)
    assert gone["Location"] == f"{JOIN}#session-{round_.morning.pk}"
    page = client.get(JOIN).text
    assert "You are noted for Sofia since 10:05, in the room." in page
    assert "I am in the room for Sofia" not in page

    press(client, round_, "not-here")
    assert "You are no longer noted for Sofia." in client.get(JOIN).text
    assert ledger() == []


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"mode": ""}, 422, "Nothing was noted."),
        ({"mode": "moon"}, 422, "Nothing was noted."),
        ({"session": 10**9}, 422, "Nothing was noted."),
        ({"organisation": "varna"}, 422, "Nothing was noted."),
        ({"session": "afternoon"}, 403, "Check-in opens half an hour before the session."),
    ],
)
def test_what_cannot_be_noted_is_said(round_, fields, status, words):
    client = client_of(delegate(round_.sofia))
    if fields.get("session") == "afternoon":
        fields = {"session": round_.afternoon.pk}

    answer = press(client, round_, **fields)

    assert answer.status_code == status
    assert words in answer.text
    assert ledger() == []


def test_who_is_not_invited_is_told_whom_to_write_to(round_):
    answer = press(client_of(delegate(round_.varna)), round_, organisation="varna")

    assert answer.status_code == 403
    assert "your organisation is not among those invited" in answer.text
    assert "secretariat@" in answer.text


def test_a_closed_meeting_says_so(round_):
    client = client_of(delegate(round_.sofia))
    round_.meeting.status = "closed"
    round_.meeting.save()

    answer = press(client, round_)

    assert answer.status_code == 403
    assert "This meeting takes no names" in answer.text


def test_names_of_those_who_checked_in_stay_private(client, round_):
    check_in_self(round_.morning, round_.sofia, mode="room", by=delegate(round_.sofia, name="Secret Delegate"))

    assert "Secret Delegate" not in client.get("/meetings/spring/").text
    assert "Secret Delegate" not in client_of(delegate(round_.iclei)).get(JOIN).text
