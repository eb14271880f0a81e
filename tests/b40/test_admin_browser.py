"""The admin's own scripts work in a real browser under the site's content security policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from playwright.sync_api import Browser, BrowserContext, Page, expect

from meetings.models import Attendance, Meeting, Session
from members.models import Change, Organisation, OrganisationName, User
from tests.b40 import admin_rows as rows
from workinggroups.models import Topic

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.fixture
def user() -> User:
    """Staff of the secretariat; made here in full, since a test with a live server empties what migrations brought."""
    user = User.objects.create_user("elif", password="a-long-password", is_staff=True)
    group, _ = Group.objects.get_or_create(name="Secretariat")
    apps = ("members", "workinggroups", "meetings")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=apps))
    user.groups.add(group)
    return user


@pytest.fixture
def desk(context: BrowserContext, page: Page, live_server: Any, user: User) -> Iterator[Page]:
    """A page logged in, on which no script failed and nothing broke the policy by the end of the test."""
    key = rows.client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert troubles == []


@pytest.fixture
def unwatched(desk: Page, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """The same person's page in a second browser: axe sets inline styles while it looks, which the policy refuses."""
    second = browser.new_context(**browser_context_args)
    second.add_cookies(desk.context.cookies())  # type: ignore[arg-type]
    yield second.new_page()
    second.close()


@pytest.fixture
def sofia() -> Organisation:
    city = Organisation.objects.create(name="Sofia", slug="sofia", country=rows.country(1))
    OrganisationName.objects.create(organisation=city, text="София")
    return city


def choose(page: Page, field: str, text: str, option: str) -> None:
    """Choose an option by typing for it."""
    page.locator(f"#id_{field} + .select2").click()
    page.locator(".select2-search__field").last.fill(text)
    page.get_by_role("option", name=option, exact=True).click()


def test_meeting_is_added_with_attendance_by_typing_names_in_any_script(desk: Page, sofia: Organisation) -> None:
    desk.goto("/admin/meetings/meeting/add/")
    desk.get_by_label("Title:").press_sequentially("Срещa Sofia 2026")
    expect(desk.locator("#id_slug")).to_have_value("sresha-sofia-2026")
    desk.get_by_label("Kind:").select_option("workshop")
    desk.get_by_label("Mode:").select_option("in_person")
    desk.get_by_role("link", name="Choose a Date").first.click()
    desk.locator(".calendarbox >> visible=true").get_by_role("link", name="15", exact=True).click()
    choose(desk, "host_city", "софия", "Sofia · Land 1")
    desk.get_by_role("button", name="Save", exact=True).click()

    desk.get_by_text("Add another Attendance").click()
    choose(desk, "attendances-3-organisation", "СОФИЯ", "Sofia · Land 1")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible()

    made = Meeting.objects.get()
    row = Attendance.objects.get()
    assert (made.host_city, made.start_on.day) == (sofia, 15)
    assert (row.organisation, row.recorded_by and row.recorded_by.username) == (sofia, "elif")


@pytest.mark.looks
@pytest.mark.browser_context_args(**PHONE)
@pytest.mark.parametrize("model", [Organisation, Meeting], ids=lambda model: model.__name__)
def test_pages_fit_a_phone(desk: Page, model: Any) -> None:
    rows.MAKERS[Attendance](1)
    row = rows.MAKERS[model](1)

    for page in (rows.address(model, "changelist"), rows.address(model, "change", row.pk), rows.address(model, "add")):
        desk.goto(page)
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390


def test_login_leads_in(page: Page, user: User) -> None:
    page.goto("/account/login/")
    page.get_by_label("Mail address or user name").fill("elif")
    page.get_by_label("Password", exact=True).fill("a-long-password")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", name="The network's record")).to_be_visible()


@pytest.mark.looks
@pytest.mark.parametrize(
    "look",
    [
        pytest.param({}, id="desk", marks=pytest.mark.browser_context_args(color_scheme="light")),
        pytest.param({}, id="phone", marks=pytest.mark.browser_context_args(**PHONE)),
    ],
)
def test_main_pages_are_accessible(desk: Page, unwatched: Page, axe_violations: Any, look: Any) -> None:
    own = unwatched
    row = rows.MAKERS[Attendance](1)
    rows.agenda_item(1)
    topic = rows.topic(2)
    topic.delete()
    meeting, city, change = (
        row.meeting,
        row.organisation,
        Change.objects.of_record(f"meetings.meeting:{row.meeting_id}")[0],
    )
    deletion = Change.objects.filter(action="deleted")[0]

    for page in (
        "/admin/",
        rows.address(Meeting, "changelist"),
        rows.address(Meeting, "change", meeting.pk),
        rows.address(Meeting, "history", meeting.pk),
        rows.address(Meeting, "delete", meeting.pk),
        rows.address(Meeting, "deleted"),
        rows.address(Topic, "deleted"),
        rows.address(Topic, "restore", deletion.key, deletion.pk),
        rows.address(Meeting, "restore", meeting.pk, change.pk),
        rows.address(Session, "change", row.session_id),
        rows.address(Organisation, "change", city.pk),
        rows.address(Organisation, "add"),
    ):
        desk.goto(page)
        assert desk.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page
        own.goto(page)
        assert (page, axe_violations(own)) == (page, [])
