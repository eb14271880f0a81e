"""A delegate on a phone: answers for the city, finds the way in, says that they are there, and takes it back."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.inviting.answering import stored_answer
from meetings.models import Attendance, Invitation
from tests import factories
from tests.meetings.own_cast import client_of, delegate, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def milena():
    """A delegate with a long name whose city is invited to a hybrid meeting that has just begun."""
    now = timezone.now()
    city = member("Νέα Φιλαδέλφεια – Νέα Χαλκηδόνα", "nea-filadelfeia")
    milena = delegate(city, name="Милена Христова-Константинопулска", position="Ръководител на дирекция")
    delegate(city, name="Αναστασία Μητροπούλου")
    fields = {"status": "announced", "mode": "hybrid", "timezone": "Europe/Istanbul", "slug": "round"}
    meeting = factories.MeetingFactory(
        title="Spring round", start_on=timezone.localdate(now - dt.timedelta(minutes=10)), **fields
    )
    starts = {"starts_at": now - dt.timedelta(minutes=10), "ends_at": now + dt.timedelta(hours=1)}
    factories.SessionFactory(meeting=meeting, title="Opening", **starts)
    factories.JoiningInstructionsFactory(meeting=meeting, directions="Second floor")
    factories.InvitationFactory(meeting=meeting, organisation=city)
    return milena


@pytest.mark.browser_context_args(viewport={"width": 390, "height": 844}, color_scheme="dark")
def test_a_delegate_answers_joins_and_checks_in_on_a_phone(page, live_server, milena, axe_violations):
    cookie = client_of(milena).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    def is_fine():
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto("/my/")
    is_fine()
    answer = page.get_by_role("link", name="Answer for Νέα Φιλαδέλφεια – Νέα Χαλκηδόνα: Spring round")
    answer.focus()
    page.keyboard.press("Enter")

    page.get_by_label("Yes, we come").focus()
    page.keyboard.press("Space")
    page.get_by_label("Online", exact=True).check()
    own = page.get_by_role("group", name="Милена Христова-Константинопулска")
    own.get_by_label("Comes").focus()
    page.keyboard.press("Space")
    is_fine()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("status")).to_contain_text("Your answer is noted")
    is_fine()

    page.get_by_role("link", name="How to join").click()
    expect(page.get_by_role("link", name="Open the video call")).to_be_visible()
    is_fine()
    page.get_by_role("button", name="I am here online for").click()
    expect(page.get_by_text("You are noted for Νέα Φιλαδέλφεια")).to_have_count(
        2
    )  # the message, and the session's line
    is_fine()
    assert [(row.channel, row.mode) for row in Attendance.objects.all()] == [("self", "online")]
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("You are no longer noted")).to_be_visible()

    page.get_by_role("link", name="The meeting's page").click()
    expect(page.get_by_text("coming, online")).to_be_visible()
    is_fine()
    given = stored_answer(Invitation.objects.get())
    assert [(one.name, one.is_alternate) for one in given.delegates] == [("Милена Христова-Константинопулска", False)]
    assert not Attendance.objects.exists()
