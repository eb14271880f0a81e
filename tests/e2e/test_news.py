"""News in a real browser: read by a visitor on any window, written by the secretariat."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from meetings.models import NewsItem
from members.models import User
from tests import factories
from tests.b40.admin_rows import client_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> NewsItem:
    """A piece of news with everything that a page can show, beside a draft and others without picture or text."""
    sofia = factories.OrganisationFactory(name="Sofia", slug="sofia")
    factories.OrganisationNameFactory(organisation=sofia, text="София", language="bg", is_native=True)
    item = factories.NewsItemFactory(
        title="Visit of the mayors to the flooded valley of the Struma", slug="valley", kind="visit",
        published_on=dt.date(2025, 5, 12), text="<p>They saw three bridges.</p><h2>Promised</h2><ul><li>Pumps</li></ul>",
        meeting=factories.MeetingFactory(slug="round"), organisations=[sofia],
    )  # fmt: skip
    for number in range(3):
        factories.PhotoFactory(
            news_item=item, image=factories.picture_file(1200, 800), alt=f"Bridge {number}", caption="A bridge."
        )
    item.sources.add(factories.SourceFactory())
    factories.NewsItemFactory.create_batch(21, published_on=dt.date(2024, 5, 12))
    factories.NewsItemFactory(slug="draft", title="In work", draft=True)
    return item


@pytest.fixture
def signed_in(story: NewsItem, page: Page, live_server: Any) -> Page:
    """The page of a superuser."""
    user = User.objects.create_superuser("elif", password="a-long-password")
    key = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    return page


def faults(page: Page, addresses: list[str], axe_violations: Callable[[Page], list[str]]) -> dict[str, list[str]]:
    """What is wrong on each page, light and dark, for those who cannot see, or see it on a small window."""
    found = {}
    for address in addresses:
        page.goto(address)
        page.emulate_media(color_scheme="light")
        found[address] = axe_violations(page)
        page.emulate_media(color_scheme="dark")
        found[address] += [f"dark: {breach}" for breach in axe_violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found[address].append("wider than the window")
    return {address: breaches for address, breaches in found.items() if breaches}


@pytest.mark.looks
@pytest.mark.parametrize("width", [360, 1440])
def test_pages_with_news_are_accessible_and_fit_the_window(
    story: NewsItem, page: Page, axe_violations: Callable[[Page], list[str]], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    addresses = ["/news/", "/news/?q=nothing&kind=visit", "/news/valley/", "/", "/cities/sofia/", "/meetings/round/"]

    assert faults(page, addresses, axe_violations) == {}


@pytest.mark.looks
def test_draft_as_staff_see_it_is_accessible(signed_in: Page, axe_violations: Callable[[Page], list[str]]) -> None:
    assert faults(signed_in, ["/news/draft/", "/news/"], axe_violations) == {}


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_a_reader_filters_the_news_and_goes_on_to_the_city(story: NewsItem, page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="News", exact=True).first.click()
    page.get_by_label("City or body").fill("София")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Visit of the mayors").click()
    page.get_by_role("link", name="Sofia").click()

    assert page.url.endswith("/cities/sofia/")
    expect(page.get_by_role("heading", name="News")).to_be_visible()


def test_secretariat_publishes_a_draft_and_finds_it_on_the_site(signed_in: Page) -> None:
    draft = NewsItem.objects.get(slug="draft")
    signed_in.goto(f"/admin/meetings/newsitem/{draft.pk}/change/")
    signed_in.get_by_role("link", name="Today").first.click()
    signed_in.get_by_role("button", name="Save", exact=True).click()
    signed_in.context.clear_cookies()

    signed_in.goto("/news/")

    expect(signed_in.get_by_role("link", name="In work")).to_be_visible()
