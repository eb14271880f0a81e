"""Accounts on a phone: invited, a passkey made, signed out, signed in by it; and every page for everybody to use."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from b40.accounts.inviting import invite
from b40.accounts.inviting.links import address_of
from members.models import User
from tests import factories
from tests.b40.admin_rows import permitted
from tests.cast import client_of, delegate

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}


def with_keys(page: Page) -> None:
    """Give a browser what keeps passkeys and opens them with a finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.browser_context_args(**PHONE)
def test_invited_on_a_phone_then_in_by_passkey(page: Page, live_server: Any) -> None:
    city = factories.OrganisationFactory(name="Νέα Φιλαδέλφεια – Νέα Χαλκηδόνα")
    person = factories.PersonFactory(name="Ελένη Παπαδοπούλου-Κωνσταντινίδη")
    mandate = factories.MandateFactory(organisation=city, person=person, email="eleni@example.org")
    with_keys(page)

    page.goto(address_of(invite(mandate, by=permitted("elif"), site=live_server.url), ""))
    page.get_by_label("Password", exact=True).fill("four-words-that-fit")
    page.get_by_label("The password once more").fill("four-words-that-fit")
    page.get_by_role("button", name="Make my account").tap()
    page.get_by_role("link", name="Add a passkey").tap()
    page.get_by_role("button", name="Make the passkey").tap()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/account/2fa/")
    expect(page.get_by_text("You have 1 passkey.")).to_be_visible()
    page.locator("main").get_by_role("button", name="Sign out").tap()
    page.wait_for_url(f"{live_server.url}/")
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").tap()

    expect(page.get_by_role("heading", name="Ελένη Παπαδοπούλου-Κωνσταντινίδη")).to_be_visible()
    assert User.objects.get(person=person).authenticator_set.filter(type="webauthn").count() == 1


@pytest.mark.browser_context_args(**PHONE)
def test_every_page_is_accessible_and_fits_a_phone(
    page: Page, live_server: Any, axe_violations: Callable[[Page], list[str]]
) -> None:
    city = factories.OrganisationFactory(name="Νέα Φιλαδέλφεια – Νέα Χαλκηδόνα", slug="nea")
    lead, staff = delegate(city, role="lead"), permitted("elif")
    mandate = factories.MandateFactory(organisation=city, email="eleni@example.org")
    invitation = address_of(invite(mandate, by=lead, site=live_server.url), "")
    public = ["login", "login/code", "password/reset", "password/reset/done", "password/reset/key/1-none", "signup", "inactive", "invitation/none"]  # fmt: skip
    own = ["2fa", "2fa/totp/activate", "2fa/webauthn", "2fa/webauthn/add", "email", "password/set", "sessions", "welcome", "logout"]  # fmt: skip
    breaches: dict[str, list[str]] = {}

    def look(client: Client | None, addresses: list[str]) -> None:
        page.context.clear_cookies()
        if client:
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        for each in addresses:
            page.goto(each)
            breaches[each] = axe_violations(page)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                breaches[each].append("wider than the window")

    look(None, [invitation, *[f"/account/{each}/" for each in public]])
    look(client_of(lead), ["/my/city/nea/colleagues/", *[f"/account/{each}/" for each in own]])
    watching = client_of(staff)
    look(watching, ["/account/view-as/?organisation=nea"])
    watching.post("/account/view-as/", {"person": lead.person.pk})
    look(watching, ["/my/city/nea/colleagues/", "/admin/"])

    assert {each: found for each, found in breaches.items() if found} == {}
