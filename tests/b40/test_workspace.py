"""The workspace of a meeting: what it shows and to whom, pasted names as they are sent, and in a browser."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from meetings.models import Attendance, Meeting, Session
from members.models import Change, Organisation, OrganisationName, User
from tests import factories
from tests.b40 import admin_rows as rows
from tests.b40.admin_rows import address, client_of, permitted, secretariat_user

pytestmark = pytest.mark.django_db

PARTS = ("workspace", "workspace_names", "workspace_record")


def of(meeting: Meeting, part: str = "workspace") -> str:
    return address(Meeting, part, meeting.pk)


def stored(meeting: Meeting) -> set[tuple[str, int | None, str]]:
    found = Attendance.objects.filter(meeting=meeting, channel="secretariat")
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


# --- Who may come in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_anonymous_is_sent_to_the_login(client: Client, meeting: Meeting, part: str) -> None:
    assert client.get(of(meeting, part))["Location"].startswith("/account/login/")


@pytest.mark.parametrize("part", PARTS)
def test_staff_without_rights_is_refused(meeting: Meeting, part: str) -> None:
    newcomer = client_of(User.objects.create_user("newcomer", password="a-long-password", is_staff=True))

    assert newcomer.get(of(meeting, part)).status_code == 403
    assert newcomer.post(of(meeting, part)).status_code == 403


@pytest.fixture
def reader() -> Client:
    """Staff who may look at meetings and at nothing else."""
    user = User.objects.create_user("reader", password="a-long-password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_meeting"))
    return client_of(user)


def test_reader_sees_the_workspace_without_anything_to_change(
    reader: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    factories.AttendanceFactory(meeting=meeting, organisation=cities[0], presence="excused")
    factories.SessionFactory(meeting=meeting)
    factories.DocumentFactory(meeting=meeting)

    page = reader.get(of(meeting)).content.decode()

    assert "Excused" in page
    for change in ("<select", 'name="names"', "/add/", "Edit", "/admin/meetings/session/"):
        assert change not in page


@pytest.mark.parametrize("part", PARTS[1:])
def test_reader_writes_nothing(reader: Client, meeting: Meeting, cities: list[Organisation], part: str) -> None:
    sent = {"names": "Sofia"}

    assert reader.post(of(meeting, part), sent).status_code == 403
    assert stored(meeting) == set()


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("key", ["999999", "none"])
def test_no_such_meeting(staff: Client, part: str, key: str) -> None:
    assert staff.get(address(Meeting, part, key)).status_code == 404


@pytest.mark.parametrize(
    ("part", "anchor"),
    [("workspace_names", "names"), ("workspace_record", "names")],
)
def test_what_is_only_sent_leads_back(staff: Client, meeting: Meeting, part: str, anchor: str) -> None:
    assert staff.get(of(meeting, part))["Location"] == f"{of(meeting)}#{anchor}"


# --- The page --------------------------------------------------------------------------------------------------------


def test_workspace_shows_every_part_and_leads_to_its_mend(staff: Client, meeting: Meeting) -> None:
    session = factories.SessionFactory(
        meeting=meeting, title="Opening", starts_at=dt.datetime.combine(meeting.start_on, dt.time(8), dt.UTC)
    )
    topic = factories.TopicFactory(title="Shade in streets", status="draft")
    factories.AgendaItemFactory(session=session, title="Welcome", topics=[topic])
    document = factories.DocumentFactory(meeting=meeting, title="Minutes of the day")
    meeting.summary = "Heat in cities."
    meeting.save()

    response = staff.get(of(meeting))
    page = response.content.decode()

    for text in ("Opening", "Welcome", "Shade in streets", "Minutes of the day", "Heat in cities.", "No report"):
        assert text in page
    for link in (
        address(Meeting, "change", meeting.pk),
        address(Session, "change", session.pk),
        f"/admin/workinggroups/topic/{topic.pk}/change/",
        f"/admin/meetings/document/{document.pk}/change/",
        f"/admin/meetings/session/add/?meeting={meeting.pk}",
        meeting.get_absolute_url(),
    ):
        assert f'href="{link}"' in page
    preview = page[page.index('id="preview"') :]
    assert "Heat in cities." in preview
    assert "Shade in streets" not in preview


def test_times_stand_in_the_meeting_s_own_zone(staff: Client) -> None:
    meeting = factories.MeetingFactory(timezone="Europe/London", start_on=dt.date(2024, 7, 1))
    factories.SessionFactory(meeting=meeting, starts_at=dt.datetime(2024, 7, 1, 8, tzinfo=dt.UTC))

    assert "1 July, 09:00" in staff.get(of(meeting)).content.decode()


def test_what_is_missing_depends_on_whether_it_is_over(staff: Client) -> None:
    over, ahead = (
        factories.MeetingFactory(),
        factories.MeetingFactory(status="draft", start_on=dt.date.today() + dt.timedelta(days=9)),
    )

    assert "Before its page tells what happened" in staff.get(of(over)).content.decode()
    assert "Before it can be announced" in staff.get(of(ahead)).content.decode()


@pytest.mark.parametrize("status", ["draft", "announced", "held", "cancelled"])
def test_workspace_opens_for_a_meeting_of_any_status(staff: Client, status: str) -> None:
    assert staff.get(of(factories.MeetingFactory(status=status))).status_code == 200


def test_workspace_is_linked_from_the_form_the_list_and_the_dashboard(staff: Client) -> None:
    meeting = factories.MeetingFactory(status="draft")

    for page in (address(Meeting, "change", meeting.pk), address(Meeting, "changelist"), "/admin/"):
        assert f'href="{of(meeting)}"' in staff.get(page).content.decode()


@pytest.mark.parametrize("number", [3, 80])
def test_workspace_costs_the_same_with_eighty_organisations_and_six_sessions(
    staff: Client, meeting: Meeting, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    sessions = [factories.SessionFactory(meeting=meeting) for _each in range(6 if number > 3 else 1)]
    for session in sessions:
        factories.AgendaItemFactory(session=session, topics=[factories.TopicFactory()])
    for _each in range(number):
        city = factories.MembershipChangeFactory().organisation
        for session in [None, *sessions]:
            factories.AttendanceFactory(meeting=meeting, organisation=city, session=session)
    staff.get(of(meeting))

    with django_assert_num_queries(28):
        response = staff.get(of(meeting))

    assert len(response.context["dossier"].attendance.cities) == number
    assert "unsafe" not in response["Content-Security-Policy"]


# --- Pasted names ----------------------------------------------------------------------------------------------------


def test_pasted_names_are_shown_decided_and_written(
    staff: Client, meeting: Meeting, cities: list[Organisation]
) -> None:
    text = "SOFIA; Athenes"
    shown = staff.post(of(meeting, "workspace_names"), {"names": text, "session": ""})
    assert [entry.text for entry in shown.context["pasted"].to_decide] == ["Athenes"]
    assert stored(meeting) == set()

    asked = staff.post(of(meeting, "workspace_record"), {"names": text, "session": ""})
    assert asked.status_code == 409
    assert stored(meeting) == set()

    sent = {"names": text, "session": "", "name-0": f"take-{cities[2].pk}", "name-1": f"take-{cities[0].pk}"}
    done = staff.post(of(meeting, "workspace_record"), sent)

    assert done["Location"] == f"{of(meeting)}#attendance"
    assert stored(meeting) == {("Sofia", None, "present"), ("Athens", None, "present")}
    assert len(set(Change.objects.filter(model="meetings.attendance").values_list("batch", flat=True))) == 1


def test_names_of_a_session(staff: Client, meeting: Meeting, cities: list[Organisation]) -> None:
    session = factories.SessionFactory(meeting=meeting)

    staff.post(of(meeting, "workspace_record"), {"names": "Sofia", "session": session.pk})

    assert stored(meeting) == {("Sofia", session.pk, "present")}


@pytest.mark.parametrize("session", ["999999", "none", "²"])
def test_names_of_a_session_that_is_not_there(staff: Client, meeting: Meeting, session: str) -> None:
    other = factories.SessionFactory()

    for key in (session, str(other.pk)):
        assert staff.post(of(meeting, "workspace_names"), {"names": "Sofia", "session": key}).status_code == 404


@pytest.mark.parametrize("part", ["workspace_names", "workspace_record"])
def test_too_many_names_are_told(staff: Client, meeting: Meeting, part: str) -> None:
    response = staff.post(of(meeting, part), {"names": "Sofia, " * 401})

    assert "This is more than 400 names: paste it in parts." in response.content.decode()
    assert "No names were read." in response.content.decode()


def test_markup_in_a_name_stays_text(staff: Client, meeting: Meeting) -> None:
    page = staff.post(of(meeting, "workspace_names"), {"names": "<script>alert(1)<b>"}).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;b&gt;" in page


@pytest.mark.parametrize("number", [2, 40])
def test_reading_names_costs_the_same_for_any_number(
    staff: Client, meeting: Meeting, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for each in range(number):
        factories.OrganisationFactory(name=f"Grad {each}")
    text = ", ".join(f"Grad {each}, Gradd {each}" for each in range(number))
    staff.get("/admin/login/")

    with django_assert_num_queries(12):
        response = staff.post(of(meeting, "workspace_names"), {"names": text})

    assert len(response.context["pasted"].entries) == 2 * number


# --- In a browser ----------------------------------------------------------------------------------------------------


LOOKS = [
    pytest.param({"viewport": {"width": 1440, "height": 900}}, id="desk"),
    pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}, id="phone"),
]


@pytest.fixture
def desks(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, context: Any, look: dict[str, Any]
) -> Iterator[tuple[Page, Page]]:
    """Two members of the secretariat, each in a browser of their own."""
    contexts = []
    for name in ("elif", "vasil"):
        key = client_of(permitted(name)).cookies[settings.SESSION_COOKIE_NAME].value
        own = browser.new_context(**{**browser_context_args, **look})
        own.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        contexts.append(own)
    yield contexts[0].new_page(), contexts[1].new_page()
    for own in contexts:
        own.close()


def filled() -> Meeting:
    """A meeting with two sessions, attendance and three member cities."""
    row = rows.MAKERS[Attendance](1)
    rows.agenda_item(1)
    factories.SessionFactory(meeting=row.meeting, title="Closing")
    for name in ("Athens", "Burgas", "Sofia"):
        city = factories.MembershipChangeFactory(organisation__name=name, latest=dt.date(2019, 1, 1)).organisation
        OrganisationName.objects.create(organisation=city, text={"Sofia": "София"}.get(name, f"{name} i"))
    return row.meeting


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", LOOKS)
def test_names_are_pasted_decided_and_recorded(
    desks: tuple[Page, Page], axe_violations: Callable[[Page], list[str]], look: dict[str, Any]
) -> None:
    page, meeting = desks[0], filled()
    page.goto(of(meeting))
    page.get_by_label("Names, in any spelling and script").fill("София, Athenes ve Burgas; Nowhere")
    page.get_by_role("button", name="Read the names").click()

    expect(page.get_by_role("heading", name="2 names to decide")).to_be_visible()
    assert fits(page)
    page.get_by_role("group", name="“Athenes”").get_by_label("Athens").check()
    page.get_by_role("button", name="Record as present").click()
    expect(page.get_by_text("some names are still to be decided")).to_be_visible()
    expect(page.get_by_role("group", name="“Athenes”").get_by_label("Athens")).to_be_checked()
    assert axe_violations(page) == []

    page.get_by_role("group", name="“Nowhere”").get_by_label("Leave out").check()
    page.get_by_role("button", name="Record as present").click()

    expect(page.get_by_text("3 organisations recorded as present.")).to_be_visible()
    expect(page.locator("#attendance")).to_contain_text("Athens, Burgas")
    assert {("Sofia", None, "present"), ("Athens", None, "present"), ("Burgas", None, "present")} <= stored(meeting)


@pytest.mark.looks
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", LOOKS)
def test_dashboard_and_workspace_are_accessible_and_fit(
    desks: tuple[Page, Page], axe_violations: Callable[[Page], list[str]], look: dict[str, Any]
) -> None:
    page, meeting = desks[0], filled()
    factories.MeetingFactory(status="draft")
    factories.StatedTotalFactory(meeting=meeting, what="cities", number=9)
    factories.DocumentFactory(meeting=meeting)

    for address_ in ("/admin/", of(meeting), of(factories.MeetingFactory(status="draft"))):
        page.goto(address_)
        assert fits(page), address_
        assert (address_, axe_violations(page)) == (address_, [])


# --- The day and the hour --------------------------------------------------------------------------------------------


def test_a_planned_meeting_shows_holidays_and_the_hour_everywhere(staff: Client) -> None:
    istanbul = zoneinfo.ZoneInfo("Europe/Istanbul")
    planned = factories.MeetingFactory(status="draft", start_on=dt.date(2099, 4, 23))
    starts = dt.datetime(2099, 4, 23, 10, tzinfo=istanbul)
    factories.SessionFactory(meeting=planned, starts_at=starts, ends_at=starts + dt.timedelta(hours=1))
    for code, name in (("TR", "Türkiye"), ("AL", "Albania")):
        city = factories.OrganisationFactory(country=factories.CountryFactory(code=code, name=name))
        factories.MembershipChangeFactory(organisation=city)

    page = staff.get(reverse("admin:meetings_meeting_workspace", args=[planned.pk])).content.decode()

    assert "National Sovereignty and Children" in page
    assert "10:00–11:00" in page
    assert "09:00–10:00" in page
