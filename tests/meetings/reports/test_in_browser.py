"""From the meeting's workspace to the ledger and back, as somebody at a desk, on a phone and without scripts does it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from playwright.sync_api import Browser, Page, expect

from meetings.models import Attendance, Meeting
from members.models import Organisation, User
from tests.b40.admin_rows import client_of
from tests.meetings.reports import files
from tests.meetings.reports.files import Somebody

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [
    pytest.param({"viewport": {"width": 1440, "height": 900}}, id="desk"),
    pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}, id="phone"),
    pytest.param({"viewport": {"width": 1440, "height": 900}, "java_script_enabled": False}, id="without-scripts"),
]
PEOPLE = [
    Somebody("Ivan – Sofia"), Somebody("Μαρία Παπαδοπούλου-Κωνσταντινοπούλου [Θεσσαλονίκη]"), Somebody("Skopje Ana"), Somebody("iPhone"), Somebody("Otter.ai"),
    Somebody("Şule", "sule@gmail.com", ((0, 3),)),
]  # fmt: skip


@pytest.fixture
def desk(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, context: Any, look: dict[str, Any]
) -> Iterator[Page]:
    """Somebody of the secretariat; in a browser of their own, since axe sets inline styles, which the policy refuses."""
    user = User.objects.create_user("elif", password="a-long-password", is_staff=True)
    group, _made = Group.objects.get_or_create(name="Secretariat")
    group.permissions.set(
        Permission.objects.filter(content_type__app_label__in=("members", "workinggroups", "meetings"))
    )
    user.groups.add(group)
    key = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    own = browser.new_context(**{**browser_context_args, **look})
    own.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    yield own.new_page()
    own.close()


def check(page: Page, axe_violations: Callable[[Page], list[str]], look: dict[str, Any]) -> None:
    if look.get("java_script_enabled", True):
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert axe_violations(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_a_report_is_uploaded_decided_recorded_and_taken_back(
    desk: Page,
    axe_violations: Callable[[Page], list[str]],
    look: dict[str, Any],
    meeting: Meeting,
    cities: dict[str, Organisation],
) -> None:
    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/workspace/")
    desk.get_by_role("link", name="Upload a participant report").click()
    check(desk, axe_violations, look)
    desk.get_by_label("File:").set_input_files(
        {"name": "participants.csv", "mimeType": "text/csv", "buffer": b"%PDF-1.7"}
    )
    desk.get_by_role("button", name="Show what it would write").click()
    expect(desk.get_by_text("This is a PDF file")).to_be_visible()

    report = {"name": "participants.csv", "mimeType": "text/csv", "buffer": files.zoom_rows(PEOPLE)}
    desk.get_by_label("File:").set_input_files(report)
    desk.get_by_role("button", name="Show what it would write").click()
    expect(desk.get_by_role("heading", name="3 people to decide")).to_be_visible()
    check(desk, axe_violations, look)

    desk.get_by_role("button", name="Record attendance").click()
    expect(desk.get_by_text("some people are still to be decided")).to_be_visible()
    desk.get_by_label("Is of: Skopje Ana").select_option(
        label=next(
            o for o in desk.get_by_label("Is of: Skopje Ana").locator("option").all_inner_texts() if "Skopje" in o
        )
    )
    desk.get_by_label("Is of: iPhone").select_option("ignore")
    desk.get_by_label("Another organisation, in any spelling: Şule").fill("İzmir")
    desk.get_by_role("button", name="Record attendance").click()
    expect(desk.get_by_text("look at what your choices mean, then record")).to_be_visible()
    expect(desk.get_by_role("row", name="Izmir")).to_contain_text("Şule 3′")
    check(desk, axe_violations, look)

    desk.get_by_role("button", name="Record attendance").click()
    expect(desk.get_by_text("Organisations: 4 added")).to_be_visible()
    expect(desk.get_by_role("row", name="Skopje")).to_contain_text("Skopje Ana 60′")
    check(desk, axe_violations, look)
    assert set(Attendance.objects.values_list("organisation__slug", "channel")) == {
        (slug, "zoom") for slug in ("sofia", "thessaloniki", "skopje", "izmir")
    }

    desk.get_by_role("button", name="Take all of this back").click()
    expect(desk.get_by_text("8 records are as they were before.")).to_be_visible()
    expect(desk.get_by_role("heading", name="1 person to decide")).to_be_visible()  # the others are remembered
    assert Attendance.objects.count() == 0


@pytest.mark.parametrize("look", LOOKS[:1])
def test_people_are_decided_by_keyboard_alone(
    desk: Page, look: dict[str, Any], meeting: Meeting, cities: dict[str, Organisation]
) -> None:
    desk.goto(f"/admin/meetings/participantreport/of-meeting/{meeting.pk}/")
    desk.get_by_label("File:").set_input_files(
        {"name": "p.csv", "mimeType": "text/csv", "buffer": files.zoom_rows([Somebody("Clara")])}
    )
    desk.get_by_role("button", name="Show what it would write").press("Enter")
    desk.get_by_label("Is of: Clara").focus()
    for key in ("Tab", "Tab"):
        desk.keyboard.press(key)
    desk.keyboard.type("Плов")
    desk.keyboard.type("див")
    desk.keyboard.press("Enter")  # sends the form, as in every field
    expect(desk.get_by_role("row", name="Plovdiv")).to_contain_text("Clara")
    desk.get_by_role("button", name="Record attendance").press("Enter")

    expect(desk.get_by_text("Organisations: 1 added")).to_be_visible()
