"""The attendance desk: who may come in, what it sends and refuses, its papers, and in a browser."""

import datetime as dt
import gzip
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from meetings.models import Attendance, CheckIn, Meeting
from members.models import Change, Organisation, User
from tests import factories
from tests.b40.admin_rows import address, client_of, permitted, secretariat_user

pytestmark = pytest.mark.django_db

READ = ("desk", "desk_state", "desk_find", "sign_sheets", "sign_sheet", "contradictions")
SENT = ("desk", "desk_cell", "desk_undo", "desk_check_in", "contradictions")


def of(meeting: Meeting, part: str = "desk") -> str:
    return address(Meeting, part, meeting.pk)


def stored(meeting: Meeting, channel: str = "secretariat") -> set[tuple[str, int | None, str]]:
    found = Attendance.objects.filter(meeting=meeting, channel=channel)
    return set(found.values_list("organisation__name", "session", "presence"))


@pytest.fixture
def staff() -> Client:
    return client_of(secretariat_user())


@pytest.fixture
def meeting() -> Meeting:
    return factories.MeetingFactory(title="Round", timezone="Europe/Sofia")


@pytest.fixture
def cities() -> list[Organisation]:
    made = [factories.OrganisationFactory(name=name) for name in ("Athens", "Burgas", "Sofia")]
    for city in made:
        factories.MembershipChangeFactory(organisation=city)
    return made


def send(client: Client, meeting: Meeting, city: Organisation, shown: str, wanted: str, **more: Any) -> Any:
    """Set a cell of the whole meeting, or of `session`, as the desk's script does."""
    cell = f"cell-{city.pk}-{more.pop('session', 0)}"
    return client.post(of(meeting, "desk_cell"), {"cell": cell, "shown": shown, "wanted": wanted, **more})


# --- Who may come in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", READ)
def test_anonymous_is_sent_to_the_login(client: Client, meeting: Meeting, part: str) -> None:
    assert client.get(of(meeting, part))["Location"].startswith("/account/login/")


@pytest.mark.parametrize("part", [*READ, "desk_row", "check_in_wall", "check_in_code"])
def test_staff_without_rights_is_refused(meeting: Meeting, part: str) -> None:
    newcomer = client_of(User.objects.create_user("newcomer", password="a-long-password", is_staff=True))

    assert newcomer.get(of(meeting, part)).status_code == 403


@pytest.fixture
def reader() -> Client:
    """Staff who may look at meetings and at nothing else."""
    user = User.objects.create_user("reader", password="a-long-password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_meeting"))
    return client_of(user)


@pytest.mark.parametrize("part", SENT)
def test_reader_writes_nothing(reader: Client, meeting: Meeting, cities: list[Organisation], part: str) -> None:
    cell = f"cell-{cities[0].pk}-0"
    sent = {"shown": "{}", cell: "present", "cell": cell, "wanted": "present", "presence": "present"}

    assert reader.post(of(meeting, part), sent).status_code == 403
    assert stored(meeting) == set()


def test_reader_sees_the_desk_without_anything_to_change_or_private(
    reader: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    session = factories.SessionFactory(meeting=meeting)
    factories.AttendanceFactory(meeting=meeting, organisation=cities[0], presence="excused")
    factories.CheckInFactory(session=session, organisation=cities[1], name="Maria Secret")

    page = reader.get(of(meeting)).content.decode()

    assert "excused" in page
    for change in ('<select name="cell', "Save attendance", "Maria Secret", "js/desk.js", "data-desk-undo>"):
        assert change not in page


@pytest.mark.parametrize("part", ["desk_cell", "desk_undo", "desk_check_in"])
def test_what_is_only_sent_leads_back(staff: Client, meeting: Meeting, part: str) -> None:
    assert staff.get(of(meeting, part))["Location"].startswith(of(meeting))


# --- Setting a cell --------------------------------------------------------------------------------------------------


def test_a_cell_is_set_at_once_and_the_count_follows_the_ledger_s_rule(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    session = factories.SessionFactory(meeting=meeting)
    factories.AttendanceFactory(meeting=meeting, organisation=cities[1], channel="press")

    answer = send(staff, meeting, cities[0], "", "present", session=session.pk).json()

    assert stored(meeting) == {("Athens", session.pk, "present")}
    assert (answer["here"], answer["columns"]) == (2, {"0": 1, str(session.pk): 1})
    settled = send(staff, meeting, cities[1], "", "absent").json()
    assert (settled["here"], settled["columns"]) == (1, {str(session.pk): 1})


def test_in_the_room_or_online_is_kept_and_shown(staff: Client, meeting: Meeting, cities: list[Organisation]) -> None:
    meeting.mode = "hybrid"
    meeting.save()

    assert send(staff, meeting, cities[0], "", "present:online").status_code == 200
    assert send(staff, meeting, cities[0], "present:online", "present:room").status_code == 200

    row = Attendance.objects.get(meeting=meeting)
    assert (row.presence, row.mode) == ("present", "room")
    page = staff.get(of(meeting)).content.decode()
    assert '<option value="present:room" selected>present in the room</option>' in page
    send(staff, meeting, cities[0], "present:room", "excused")
    row.refresh_from_db()
    assert (row.presence, row.mode) == ("excused", "")


def test_a_cell_that_somebody_else_set_is_refused_with_both_words(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    vasil = client_of(secretariat_user("vasil"))
    send(vasil, meeting, cities[0], "", "excused")

    response = send(staff, meeting, cities[0], "", "present")

    assert response.status_code == 409
    answer = response.json()
    assert (answer["state"], answer["mine"]) == ("excused", "present")
    assert answer["now"].startswith("excused (vasil, ")
    assert stored(meeting) == {("Athens", None, "excused")}


@pytest.mark.parametrize(
    "sent",
    [{}, {"cell": "cell-1"}, {"cell": "cell-1-0", "wanted": "asleep"}, {"cell": "other-1-0", "wanted": "present"}],
)
def test_what_is_no_cell_is_told(staff: Client, meeting: Meeting, sent: dict[str, str]) -> None:
    response = staff.post(of(meeting, "desk_cell"), sent)

    assert response.status_code == 400
    assert "no cell" in response.json()["message"]


def test_a_session_that_is_gone_is_told(staff: Client, meeting: Meeting, cities: list[Organisation]) -> None:
    elsewhere = factories.SessionFactory()

    response = send(staff, meeting, cities[0], "", "present", session=elsewhere.pk)

    assert (response.status_code, response.json()["is_gone"]) == (409, True)


def test_a_record_that_takes_nothing_says_why(
    staff: Client, meeting: Meeting, cities: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Attendance, *args: Any, **kwargs: Any) -> None:
        raise ValidationError("The record is frozen.")

    monkeypatch.setattr(Attendance, "save", refuse)

    response = send(staff, meeting, cities[0], "", "present")
    form = staff.post(of(meeting), {"shown": "{}", f"cell-{cities[0].pk}-0": "present"}, follow=True)
    about = {"about": f"{cities[0].pk}-0", "presence": "absent"}

    assert (response.status_code, response.json()) == (400, {"message": "The record is frozen."})
    assert "The record is frozen." in form.content.decode()
    assert "The record is frozen." in staff.post(of(meeting, "contradictions"), about).content.decode()


def test_a_closed_meeting_s_desk_is_to_be_looked_at(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    send(staff, meeting, cities[0], "", "present")
    Meeting.objects.filter(pk=meeting.pk).update(status="closed")

    response = send(staff, meeting, cities[0], "present", "absent")

    assert (response.status_code, stored(meeting)) == (400, {("Athens", None, "present")})
    assert "is closed and its record frozen" in response.json()["message"]
    page = staff.get(of(meeting)).content.decode()
    assert "present" in page
    assert "Save attendance" not in page


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_the_same_moment_keep_one_word_and_tell_the_other(meeting: Meeting) -> None:
    city = factories.MembershipChangeFactory().organisation
    clients = [client_of(permitted(name)) for name in ("elif", "vasil")]
    answers: list[int] = []
    start = threading.Barrier(2)

    def set_cell(client: Client, wanted: str) -> None:
        start.wait()
        try:
            answers.append(send(client, meeting, city, "", wanted).status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=set_cell, args=each) for each in zip(clients, ("present", "absent"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, 409]
    assert Attendance.objects.count() == 1


# --- What other desks set --------------------------------------------------------------------------------------------


def test_state_tells_every_cell_and_nothing_when_nothing_changed(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    send(staff, meeting, cities[0], "", "present")
    factories.AttendanceFactory(meeting=meeting, organisation=cities[1], channel="zoom", presence="absent")

    told = staff.get(of(meeting, "desk_state")).json()

    assert told["cells"] == {
        f"cell-{cities[0].pk}-0": ["present", "", 1],
        f"cell-{cities[1].pk}-0": ["", "Zoom report: absent", 0],
    }
    assert (told["here"], told["columns"], told["waiting"]) == (1, {"0": 1}, 0)
    assert staff.get(of(meeting, "desk_state"), {"version": told["version"]}).status_code == 204
    factories.CheckInFactory(session__meeting=meeting)
    assert staff.get(of(meeting, "desk_state"), {"version": told["version"]}).json()["waiting"] == 1


def test_state_of_the_sign_sheet_is_its_own(staff: Client, meeting: Meeting, cities: list[Organisation]) -> None:
    send(staff, meeting, cities[0], "", "present")

    assert send(staff, meeting, cities[0], "", "absent", channel="sign_sheet").status_code == 200

    told = staff.get(of(meeting, "desk_state"), {"channel": "sign_sheet"}).json()
    assert told["cells"] == {f"cell-{cities[0].pk}-0": ["absent", "secretariat: present", 1]}
    assert stored(meeting, "sign_sheet") == {("Athens", None, "absent")}
    assert stored(meeting) == {("Athens", None, "present")}


@pytest.mark.parametrize("channel", ["zoom", "qr", "press", "none", ""])
def test_no_other_source_is_entered_at_a_desk(
    staff: Client, meeting: Meeting, cities: list[Organisation], channel: str
) -> None:
    send(staff, meeting, cities[0], "", "present", channel=channel)

    assert stored(meeting) == {("Athens", None, "present")}


# --- Taking back -----------------------------------------------------------------------------------------------------


def take_back(client: Client, meeting: Meeting, batch: str) -> Any:
    return client.post(of(meeting, "desk_undo"), {"batch": batch}, headers={"Accept": "application/json"})


def test_what_was_set_changed_and_cleared_is_taken_back_as_a_new_change(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    city = cities[0]
    batches = [
        send(staff, meeting, city, shown, wanted).json()["batch"]
        for shown, wanted in (("", "present"), ("present", "excused"), ("excused", ""))
    ]
    row = Change.objects.filter(model="meetings.attendance").latest("pk")
    before = Change.objects.count()

    assert [take_back(staff, meeting, batches.pop()).status_code, stored(meeting)] == [
        200,
        {("Athens", None, "excused")},
    ]
    restored = Attendance.objects.get(meeting=meeting)
    assert (f"meetings.attendance:{restored.pk}", str(restored.recorded_by)) == (row.record, "elif")
    assert [take_back(staff, meeting, batches.pop()).status_code, stored(meeting)] == [
        200,
        {("Athens", None, "present")},
    ]
    assert [take_back(staff, meeting, batches.pop()).status_code, stored(meeting)] == [200, set()]
    assert Change.objects.count() == before + 3


def test_what_somebody_changed_since_is_not_taken_back(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    batch = send(staff, meeting, cities[0], "", "present").json()["batch"]
    send(client_of(secretariat_user("vasil")), meeting, cities[0], "present", "excused")

    response = take_back(staff, meeting, batch)

    assert response.status_code == 409
    assert "changed since" in response.json()["message"]
    assert stored(meeting) == {("Athens", None, "excused")}


def test_a_cleared_cell_that_somebody_filled_since_is_not_taken_back(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    send(staff, meeting, cities[0], "", "present")
    batch = send(staff, meeting, cities[0], "present", "").json()["batch"]
    send(client_of(secretariat_user("vasil")), meeting, cities[0], "", "absent")

    assert take_back(staff, meeting, batch).status_code == 409
    assert stored(meeting) == {("Athens", None, "absent")}


def test_nobody_takes_back_another_s_entry_another_meeting_s_or_other_records(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    vasil = client_of(secretariat_user("vasil"))
    his = send(vasil, meeting, cities[0], "", "present").json()["batch"]
    elsewhere = factories.MeetingFactory()
    hers = send(staff, elsewhere, cities[0], "", "present").json()["batch"]

    answers = [take_back(staff, meeting, batch).status_code for batch in (his, hers, str(uuid.uuid4()), "none", "")]

    assert answers == [409] * 5
    assert Attendance.objects.count() == 2


def test_delegates_come_back_with_the_row_that_was_cleared(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    row = factories.AttendanceFactory(meeting=meeting, organisation=cities[0], basis="A letter")
    factories.DelegateFactory(attendance=row, name="Maria")
    batch = send(staff, meeting, cities[0], "present", "").json()["batch"]

    assert take_back(staff, meeting, batch).status_code == 200

    restored = Attendance.objects.get(meeting=meeting)
    assert (restored.basis, [each.name for each in restored.delegates.all()]) == ("A letter", ["Maria"])


def test_what_changed_nothing_has_nothing_to_take_back(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    factories.AttendanceFactory(meeting=meeting, organisation=cities[0])

    assert send(staff, meeting, cities[0], "", "present").json()["batch"] == ""


# --- Without scripts -------------------------------------------------------------------------------------------------


class Grid:
    """A desk as a browser without scripts holds it: what was shown, and what is typed over."""

    def __init__(self, client: Client, meeting: Meeting) -> None:
        self.client = client
        self.meeting = meeting
        self.take(client.get(of(meeting)))

    def take(self, response: Any) -> None:
        grid = response.context["grid"]
        self.sent = {cell.name: cell.chosen for row in grid.rows for cell in row.cells}
        self.sent["shown"] = grid.shown

    def save(self, **cells: str) -> Any:
        self.sent.update({name.replace("_", "-"): state for name, state in cells.items()})
        return self.client.post(of(self.meeting), self.sent)


def test_only_changed_cells_are_written_and_can_be_taken_back(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    session = factories.SessionFactory(meeting=meeting)
    kept = factories.AttendanceFactory(meeting=meeting, organisation=cities[0])

    response = Grid(staff, meeting).save(
        **{f"cell-{cities[1].pk}-0": "present", f"cell-{cities[1].pk}-{session.pk}": "absent"}
    )

    both = {("Burgas", None, "present"), ("Burgas", session.pk, "absent")}
    assert stored(meeting) == both | {("Athens", None, "present")}
    kept.refresh_from_db()
    assert kept.recorded_by is None
    page = staff.get(response["Location"])
    assert "2 cells saved." in page.content.decode()
    done = staff.post(of(meeting, "desk_undo"), {"batch": page.context["undo"]}, follow=True)
    assert "Taken back." in done.content.decode()
    assert stored(meeting) == {("Athens", None, "present")}


def test_two_forms_lose_nothing_and_the_second_word_on_a_cell_is_asked_again(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    athens, burgas, sofia = (f"cell-{city.pk}-0" for city in cities)
    hers, his = Grid(staff, meeting), Grid(client_of(secretariat_user("vasil")), meeting)
    hers.save(**{athens: "present", burgas: "excused"})

    response = his.save(**{burgas: "absent", sofia: "present"})

    assert response.status_code == 409
    assert stored(meeting) == {("Athens", None, "present"), ("Burgas", None, "excused"), ("Sofia", None, "present")}
    (line,) = response.context["refused"]
    assert (line.label, line.mine) == ("Burgas · Whole meeting", "absent")
    assert line.now.startswith("excused (elif, ")
    his.take(response)
    assert his.save().status_code == 302
    assert stored(meeting) == {("Athens", None, "present"), ("Burgas", None, "absent"), ("Sofia", None, "present")}


def test_cell_of_a_session_that_is_gone_is_told(staff: Client, meeting: Meeting, cities: list[Organisation]) -> None:
    session = factories.SessionFactory(meeting=meeting)
    grid, key = Grid(staff, meeting), session.pk
    session.delete()

    response = grid.save(**{f"cell-{cities[0].pk}-{key}": "present"})

    assert response.status_code == 409
    assert "Athens · a session that is no more" in response.content.decode()


def test_finding_narrows_the_list_and_offers_whoever_is_not_in_it(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    factories.OrganisationNameFactory(organisation=cities[2], text="София")
    guest = factories.OrganisationFactory(name="Sofianovo")

    response = staff.get(of(meeting), {"q": "софи"})

    assert [row.organisation.name for row in response.context["search"].rows] == ["Sofia"]
    assert [each.name for each in response.context["search"].others] == ["Sofianovo"]
    added = staff.get(of(meeting), {"also": guest.pk})
    assert "Sofianovo" in [row.organisation.name for row in added.context["grid"].rows]


def test_nobody_bears_the_name(staff: Client, meeting: Meeting, cities: list[Organisation]) -> None:
    page = staff.get(of(meeting), {"q": "<b>qqqq"}).content.decode()

    assert "Nobody in the list bears this name." in page
    assert "<b>qqqq" not in page


# --- Finding and adding ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["ueskueb", "Üsküb", "Скопје", "скоп", "Shkup", "shkupi", "USKUP", "Σκόπια", "Skopje", "Skopie"]
)
def test_an_organisation_is_found_by_any_spelling(staff: Client, meeting: Meeting, typed: str) -> None:
    skopje = factories.OrganisationFactory(name="Skopje")
    for text in ("Скопје", "Shkup", "Üsküp", "Σκόπια"):
        factories.OrganisationNameFactory(organisation=skopje, text=text)
    factories.OrganisationFactory(name="Sofia")

    found = staff.get(of(meeting, "desk_find"), {"q": typed}).json()["found"]

    assert [each["name"] for each in found] == ["Skopje"]


def test_the_row_of_an_organisation_that_is_not_listed(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    guest = factories.OrganisationFactory(name="Guest city")

    page = staff.get(of(meeting, "desk_row"), {"organisation": guest.pk}).content.decode()

    assert page.count("<tr") == 1
    assert f'name="cell-{guest.pk}-0"' in page
    for key in ("999999", "none", ""):
        assert staff.get(of(meeting, "desk_row"), {"organisation": key}).status_code == 404


# --- Costs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [3, 80])
def test_costs_are_the_same_with_eighty_organisations_and_six_sessions(
    staff: Client, meeting: Meeting, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    sessions = [factories.SessionFactory(meeting=meeting) for _each in range(6 if number > 3 else 1)]
    for each in range(number):
        city = factories.OrganisationNameFactory(organisation__name=f"Grad {each}").organisation
        factories.MembershipChangeFactory(organisation=city)
        for session in [None, *sessions]:
            factories.AttendanceFactory(meeting=meeting, organisation=city, session=session)
        factories.AttendanceFactory(meeting=meeting, organisation=city, channel="zoom", presence="absent")
        factories.CheckInFactory(session=sessions[0], organisation=city)
        factories.MandateFactory(organisation=city, role="technical")
    staff.get(of(meeting))

    with django_assert_num_queries(14):
        response = staff.get(of(meeting))
    with django_assert_num_queries(10):
        told = staff.get(of(meeting, "desk_state"))
    with django_assert_num_queries(7):
        staff.get(of(meeting, "desk_state"), {"version": told.json()["version"]})
    with django_assert_num_queries(20 if connection.vendor == "sqlite" else 21):
        send(staff, meeting, city, "present", "excused")
    with django_assert_num_queries(10):
        staff.get(of(meeting, "sign_sheet"), {"session": sessions[0].pk})
    with django_assert_num_queries(10):
        staff.get(of(meeting, "contradictions"))

    grid = response.context["grid"]
    assert [len(grid.rows), len(grid.columns)] == [number, len(sessions) + 1]
    assert len(gzip.compress(response.content)) < 40_000
    assert "unsafe" not in response["Content-Security-Policy"]


# --- Check-ins to confirm --------------------------------------------------------------------------------------------


def decide(client: Client, waiting: CheckIn, decision: str) -> Any:
    sent = {"check_in": waiting.pk, "decision": decision}
    return client.post(of(waiting.session.meeting, "desk_check_in"), sent, follow=True)


def test_a_confirmed_check_in_is_in_the_ledger_once(staff: Client, meeting: Meeting) -> None:
    waiting = factories.CheckInFactory(session__meeting=meeting, name="Maria", organisation__name="Sofia")
    assert "Maria" in staff.get(of(meeting)).content.decode()
    assert Attendance.objects.counted().count() == 0

    decide(staff, waiting, "confirm")
    again = decide(staff, waiting, "confirm")

    row = Attendance.objects.get(meeting=meeting)
    assert (row.channel, row.presence, row.arrived_at) == ("qr", "present", waiting.checked_in_at)
    assert [(each.name, each.joined_at) for each in row.delegates.all()] == [("Maria", waiting.checked_in_at)]
    waiting.refresh_from_db()
    assert str(waiting.confirmed_by) == "elif"
    assert "somebody else decided meanwhile" in again.content.decode()


def test_a_refused_check_in_counts_nowhere(staff: Client, meeting: Meeting) -> None:
    waiting = factories.CheckInFactory(session__meeting=meeting)

    decide(staff, waiting, "refuse")
    decide(staff, waiting, "confirm")

    waiting.refresh_from_db()
    assert (str(waiting.refused_by), waiting.confirmed_at) == ("elif", None)
    assert not Attendance.objects.exists()


def test_the_dashboard_leads_to_those_who_wait(staff: Client, meeting: Meeting) -> None:
    waiting = factories.CheckInFactory(session__meeting=meeting, name="Maria")
    link = f'href="{of(meeting)}?open=check-ins"'

    assert link in staff.get("/admin/").content.decode()
    decide(staff, waiting, "refuse")
    assert link not in staff.get("/admin/").content.decode()


def test_a_check_in_of_another_meeting_is_not_found(staff: Client, meeting: Meeting) -> None:
    waiting = factories.CheckInFactory()

    assert staff.post(of(meeting, "desk_check_in"), {"check_in": waiting.pk}).status_code == 404
    assert staff.post(of(meeting, "desk_check_in"), {"check_in": "none"}).status_code == 404


# --- Sheets and codes ------------------------------------------------------------------------------------------------


def test_sheet_lists_whoever_is_expected_with_the_delegates_and_the_code(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    starts = dt.datetime.combine(meeting.start_on, dt.time(8), dt.UTC)
    session = factories.SessionFactory(meeting=meeting, title="Opening", starts_at=starts, room="Hall 2")
    factories.MandateFactory(organisation=cities[0], role="technical", person__name="Maria", position="Head")
    factories.MandateFactory(organisation=cities[0], role="contact", person__name="Contact alone")

    page = staff.get(of(meeting, "sign_sheet"), {"session": session.pk}).content.decode()

    for text in ("Round", "Opening", "Hall 2", "Europe/Sofia", "Athens", "Burgas", "Maria", "Head", "code.svg"):
        assert text in page
    assert "Contact alone" not in page
    whole = staff.get(of(meeting, "sign_sheet")).content.decode()
    assert "Athens" in whole
    assert "code.svg" not in whole
    assert staff.get(of(meeting, "sign_sheet"), {"session": factories.SessionFactory().pk}).status_code == 404


def test_code_is_a_picture_that_the_policy_allows_and_a_phone_reads(staff: Client, meeting: Meeting) -> None:
    session = factories.SessionFactory(meeting=meeting)

    response = staff.get(of(meeting, "check_in_code"), {"session": session.pk})

    assert response["Content-Type"] == "image/svg+xml"
    assert b"style" not in response.content
    assert response.content.startswith(b"<?xml") or b"<svg" in response.content[:60]
    wall = staff.get(of(meeting, "check_in_wall"), {"session": session.pk}).content.decode()
    assert f"testserver/check-in/{session.pk}-" in wall
    for part in ("check_in_code", "check_in_wall"):
        assert staff.get(of(meeting, part)).status_code == 404


# --- Contradictions --------------------------------------------------------------------------------------------------


@pytest.fixture
def contradicted(meeting: Meeting, cities: list[Organisation]) -> Organisation:
    """Zoom saw a city for 37 minutes that the sign sheet calls absent."""
    row = factories.AttendanceFactory(meeting=meeting, organisation=cities[0], channel="zoom")
    factories.DelegateFactory(attendance=row, minutes=37)
    factories.AttendanceFactory(
        meeting=meeting, organisation=cities[0], channel="sign_sheet", presence="absent", basis="Page 2 of the sheet"
    )
    return cities[0]


def test_sources_stand_side_by_side_and_a_person_settles(
    staff: Client, meeting: Meeting, contradicted: Organisation
) -> None:
    page = staff.get(of(meeting, "contradictions")).content.decode()
    for text in ("Athens", "Zoom report", "37 minutes", "Sign sheet", "Page 2 of the sheet"):
        assert text in page
    assert f'href="{of(meeting, "contradictions")}"' in staff.get(of(meeting, "workspace")).content.decode()

    sent = {"about": f"{contradicted.pk}-0", "presence": "absent", "note": "Left after a minute"}
    done = staff.post(of(meeting, "contradictions"), sent, follow=True)

    assert "Settled." in done.content.decode()
    row = Attendance.objects.get(meeting=meeting, channel="secretariat")
    assert (row.presence, row.basis, str(row.recorded_by)) == ("absent", "Left after a minute", "elif")
    assert not Attendance.objects.counted().filter(meeting=meeting).exists()
    assert [len(done.context["unsettled"]), len(done.context["settled"])] == [0, 1]


def test_what_somebody_settled_meanwhile_is_not_settled_over(
    staff: Client, meeting: Meeting, contradicted: Organisation
) -> None:
    send(client_of(secretariat_user("vasil")), meeting, contradicted, "", "present")

    sent = {"about": f"{contradicted.pk}-0", "presence": "absent"}
    response = staff.post(of(meeting, "contradictions"), sent)

    assert response.status_code == 409
    assert "present (vasil, " in response.content.decode()
    assert stored(meeting) == {("Athens", None, "present")}


@pytest.mark.parametrize("sent", [{}, {"about": "x", "presence": "present"}, {"about": "1-0", "presence": "maybe"}])
def test_a_verdict_that_is_none_writes_nothing(
    staff: Client, meeting: Meeting, contradicted: Organisation, sent: dict[str, str]
) -> None:
    assert staff.post(of(meeting, "contradictions"), sent).status_code == 400
    assert stored(meeting) == set()
