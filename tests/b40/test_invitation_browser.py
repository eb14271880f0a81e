"""The secretariat's pages of invitations and date polls in a browser: a round by mouse and keyboard, and WCAG."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from meetings.models import Invitation, Mailing, Meeting
from tests.b40.admin_rows import client_of
from tests.b40.test_workspace import LOOKS, permitted
from tests.meetings.inviting_cast import contact, planned


@pytest.fixture
def desk(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, context: Any, look: dict[str, Any]
) -> Iterator[Page]:
    """A member of the secretariat, signed in."""
    key = client_of(permitted("elif")).cookies[settings.SESSION_COOKIE_NAME].value
    own = browser.new_context(**{**browser_context_args, **look})
    own.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    yield own.new_page()
    own.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_secretariat_invites_notes_an_answer_and_asks_for_a_date(
    desk: Page, axe_violations: Callable[[Page], list[str]]
) -> None:
    meeting: Meeting = planned()
    contact("Νέα Φιλαδέλφεια – Νέα Χαλκηδόνα", "Ελένη Παπαδοπούλου-Κωνσταντινίδη", "eleni@city.example.org", "GR")
    contact("Tirana", "Ana", "")
    breaches: dict[str, list[str]] = {}

    def look(name: str) -> None:
        breaches[name] = axe_violations(desk)
        if desk.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            breaches[name].append("wider than the window")

    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/workspace/")
    desk.get_by_role("link", name="Invite", exact=True).click()
    look("no invitations")
    desk.get_by_role("link", name="Invite", exact=True).click()
    expect(desk.get_by_text("1 organisation without a contact")).to_be_visible()
    look("choosing")
    desk.get_by_role("button", name="Look at the letters").click()
    expect(desk.get_by_text("Dear Ελένη")).to_be_visible()
    look("letters")
    desk.get_by_role("button", name="Prepare 1 letter").click()
    expect(desk.get_by_text("1 letter is prepared. Nothing has been sent")).to_be_visible()
    assert Mailing.objects.get().released_at is None

    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/invitations/")
    look("invitations")
    desk.get_by_role("link", name="Νέα Φιλαδέλφεια – Νέα Χαλκηδόνα").click()
    look("answer")
    desk.get_by_label("Who told you").fill("Ms Petrova")
    desk.get_by_label("Yes, we come").check()
    desk.get_by_role("button", name="Note the answer").click()
    expect(desk.get_by_text("is noted.")).to_be_visible()
    assert Invitation.objects.get().coming == "yes"

    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/poll/")
    look("no poll")
    desk.get_by_role("button", name="Begin the poll").click()
    for day in ("2031-04-09", "2031-05-05"):
        desk.get_by_label("Day", exact=True).fill(day)
        desk.get_by_label("From").fill("14:00")
        desk.get_by_label("Until").fill("17:00")
        desk.get_by_role("button", name="Offer this time").click()
    desk.get_by_role("link", name="Ask organisations").click()
    desk.get_by_role("button", name="Look at the letters").click()
    desk.get_by_role("button", name="Prepare 1 letter").click()
    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/poll/")
    look("poll")
    desk.get_by_role("button", name="Make it the date").last.click()
    expect(desk.get_by_text("This is the meeting's date now")).to_be_visible()

    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/workspace/")
    expect(desk.get_by_text("1 person invited does not know yet")).to_be_visible()
    look("workspace")
    assert {name: found for name, found in breaches.items() if found} == {}
