"""A delegate takes the calendar along and chooses the news, on a phone; every page of this part is accessible."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from meetings.following.subscribing import confirmation_token, leaving_token
from tests import factories
from tests.b40.admin_rows import client_of
from tests.following.cast import delegate


@pytest.mark.browser_context_args(
    viewport={"width": 390, "height": 844}, color_scheme="dark", java_script_enabled=False
)
def test_delegate_gets_the_calendar_and_the_news_without_scripts(
    context: BrowserContext, page: Page, live_server: Any
) -> None:
    sign_in(context, live_server, person())
    page.goto("/my/calendar/")
    page.get_by_role("button", name="Make an address for my calendar").click()
    address = page.get_by_label("The address, to copy").input_value()
    assert page.request.get(address).headers["content-type"] == "text/calendar; charset=utf-8"

    page.get_by_role("link", name="News by mail").first.click()
    page.get_by_text("Once a day", exact=True).click()
    page.get_by_role("button", name="Send me this news").click()
    assert "Saved: this is what you are told from now on." in page.inner_text("body")
    assert page.get_by_label("Тοπική δράση για το κλίμα, Локална климатска акција").is_checked()


def test_every_page_is_accessible_and_fits(
    context: BrowserContext, page: Page, live_server: Any, axe_violations: Callable[[Page], list[str]]
) -> None:
    held, asked = factories.SubscriptionFactory(), factories.SubscriptionFactory(asked=True)
    strangers = [
        "/subscribe/", "/subscribe/?asked", f"/subscribe/{confirmation_token(asked)}/",
        f"/unsubscribe/{leaving_token(held)}/", "/privacy/",
    ]  # fmt: skip
    user = person()
    sign_in(context, live_server, user)
    client_of(user).post("/my/calendar/new/")
    breaches: dict[str, list[str]] = {}
    for width, scheme in ((360, "dark"), (1440, "light")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in [*strangers, "/my/calendar/", "/my/subscriptions/", "/my/privacy/"]:
            page.goto(path)
            for summary in page.locator("main details > summary").all():
                summary.click()
            found = axe_violations(page)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append("wider than the window")
            if found:
                breaches[f"{path} {width}"] = found

    assert breaches == {}


def person() -> Any:
    """A delegate of a long name, in a group of a long one."""
    city = factories.MembershipChangeFactory(organisation=factories.OrganisationFactory()).organisation
    group = factories.WorkingGroupFactory(name="Тοπική δράση για το κλίμα, Локална климатска акција")
    return delegate(city, groups=[group], name="Παναγιώτα-Αλεξάνδρα Παπακωνσταντίνου-Χατζηδημητρίου")


def sign_in(context: BrowserContext, live_server: Any, user: Any) -> None:
    cookie = client_of(user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
