"""Every kind of page of the real record, in a real browser."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.screenshots import PAGES

SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


@pytest.fixture
def record(live_server: Any, shipped_record: Any) -> None:
    """The shipped record in the database of the live server."""


@pytest.mark.looks
@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_is_accessible_and_fits_the_window(
    record: None, page: Page, axe_violations: Callable[[Page], list[str]], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    breaches: dict[str, list[str]] = {}
    for name, path in PAGES.items():
        page.goto(path)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            breaches[f"{name}, {scheme}"] = axe_violations(page)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                breaches[f"{name}, {scheme}"].append("wider than the window")

    assert {name: found for name, found in breaches.items() if found} == {}


def test_every_page_of_the_record_opens(shipped_record: Any, client: Client) -> None:
    statuses = {name: client.get(path).status_code for name, path in PAGES.items()}

    assert statuses == {**dict.fromkeys(PAGES, 200), "missing": 404}


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_a_reader_filters_meetings_and_reaches_the_one_of_9_april_2025(
    record: None, page: Page
) -> None:
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Meetings").first.click()
    page.get_by_label("Mode").select_option("online")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="First Online Working Group Meetings during Sofia Presidency").click()

    assert "/meetings/online-working-groups-april-2025/" in page.url
    assert "Urban heat island effect" in page.inner_text("main")


def test_by_keyboard_the_skip_link_leads_past_the_menu(record: None, page: Page) -> None:
    page.goto("/meetings/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
