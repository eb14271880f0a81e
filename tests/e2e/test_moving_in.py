"""A member of the secretariat imports a post, compares, publishes; the public finds it in page, calendar and feed."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from meetings.models import Meeting
from members.models import User
from tests.b40.admin_rows import client_of
from tests.moving.conftest import POSTS

ADDRESS = "b40-balkan-cities-network-holds-first-online-working-group-meetings-during-sofia-presidency"


@pytest.fixture
def desk(page: Page, live_server: Any, whole_register: None, tmp_path: Any, settings: Any) -> Page:
    """The browser of a member of the secretariat, over the shipped record without that meeting."""
    settings.VAR_DIR = tmp_path
    key = client_of(User.objects.create_superuser("elif", password="a-long-password")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    return page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "look",
    [
        pytest.param({"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}, id="desk"),
        pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}, id="phone"),
    ],
)
def test_a_post_moves_in(
    desk: Page, live_server: Any, look: dict[str, Any], axe_violations: Callable[[Page], list[str]], client: Any
) -> None:
    desk.set_viewport_size(look["viewport"])
    desk.emulate_media(color_scheme=look["color_scheme"])
    desk.goto("/admin/")
    desk.get_by_role("link", name="Imported posts").first.click()
    desk.get_by_role("link", name="Add imported post").first.click()
    assert faults(desk, axe_violations) == []

    desk.get_by_label("File of posts").set_input_files(POSTS / "avia-april-2025.json")
    desk.get_by_role("button", name="Show what is read").click()
    expect(desk.get_by_text("Becomes the draft of a meeting.")).to_be_visible()
    expect(desk.get_by_text("Istanbul · Athens · Nikšić")).to_be_visible()
    assert faults(desk, axe_violations) == []

    desk.get_by_role("button", name="Import this post").click()
    expect(desk.get_by_text("Nothing is public yet")).to_be_visible()
    meeting = Meeting.objects.get(start_on="2025-04-09")
    assert client.get(meeting.get_absolute_url()).status_code == 404
    assert faults(desk, axe_violations) == []

    desk.get_by_role("button", name="Confirm and publish").click()
    expect(desk.get_by_text("Published: the public sees it now")).to_be_visible()

    desk.context.clear_cookies()
    desk.goto(f"/v2/{ADDRESS}/")
    assert desk.url == f"{live_server.url}{meeting.get_absolute_url()}"
    expect(desk.get_by_text("16 cities").first).to_be_visible()
    expect(desk.get_by_text("Union of Municipalities of Türkiye").first).to_be_visible()
    expect(desk.get_by_text("Urban heat island effect").first).to_be_visible()
    expect(desk.get_by_text("Sofia presidency").first).to_be_visible()
    assert "DTSTART;VALUE=DATE:20250409" in client.get(f"/meetings/{meeting.slug}.ics").content.decode()
    assert meeting.title in client.get("/feed.atom").content.decode()
    assert meeting.title in client.get("/meetings/calendar.ics").content.decode().replace("\r\n ", "")


def faults(page: Page, axe_violations: Callable[[Page], list[str]]) -> list[str]:
    """What is wrong on a page for those who cannot see, or see it on a small window."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return axe_violations(page) + (["wider than the window"] if wide else [])
