"""Answers by personal link, as somebody gives them on a phone, with script and without."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from meetings.inviting.answering import Answer, Named, answer_by_link, stored_answer
from meetings.models import Invitation, Preference
from meetings.polling.asking import close_poll, save_poll
from tests import factories
from tests.meetings.inviting_cast import answer_url, at, contact, invite, invitee, planned, poll_url, secretary
from tests.meetings.test_polling import ask, offer

PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def phone(request: Any, browser: Browser, browser_context_args: dict[str, Any], context: Any) -> Any:
    """A page on a phone; in one of two runs its browser runs no script."""
    own = browser.new_context(**{**browser_context_args, "viewport": PHONE, "java_script_enabled": request.param})
    yield own.new_page()
    own.close()


def invited() -> Any:
    """A hybrid meeting of two sessions, and the contact of a city with a long name in Greek."""
    meeting = planned(
        mode="hybrid", place="Sofia", venue="Дом Европа, бул. „Княз Александър Дондуков“", summary="Heat in cities."
    )
    factories.SessionFactory(meeting=meeting, title="Closing", starts_at=at(14), ends_at=at(15), order=1)
    factories.AgendaItemFactory(session=meeting.sessions.first(), title="Shade in streets")
    eleni = contact(
        "Νέα Φιλαδέλφεια – Νέα Χαλκηδόνα", "Ελένη Παπαδοπούλου-Κωνσταντινίδη", "eleni@city.example.org", "GR"
    )
    invite(meeting, eleni)
    return eleni


def test_a_city_answers_by_the_link_and_changes_its_mind(phone: Page) -> None:
    eleni = invited()
    phone.goto(answer_url(eleni))

    phone.get_by_label("Yes, we come").check()
    phone.get_by_label("In the room", exact=True).check()
    first = phone.get_by_role("group", name="Person 1")
    first.get_by_label("Name").fill("Αναστασία Μητροπούλου")
    first.get_by_label("Mail address").fill("no address")
    phone.get_by_label("Remarks").fill("By train")
    phone.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_text("Not saved yet.")).to_be_visible()
    expect(phone.get_by_label("Remarks")).to_have_value("By train")
    phone.get_by_role("group", name="Person 1").get_by_label("Mail address").fill("anastasia@city.example.org")
    phone.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_role("status")).to_contain_text("Your answer is noted")

    phone.get_by_text("Only to some of the sessions?").click()
    phone.get_by_role("group", name="Closing").get_by_label("No", exact=True).check()
    phone.get_by_role("group", name="Alternate", exact=True).get_by_label("Name").fill("Boris")
    phone.get_by_role("button", name="Save the answer").click()
    expect(phone.get_by_role("status")).to_contain_text("Your answer is noted")

    answer = stored_answer(Invitation.objects.get())
    assert (answer.coming, answer.mode, answer.remarks, list(answer.sessions.values())) == (
        "yes",
        "room",
        "By train",
        ["no"],
    )
    assert [(one.name, one.is_alternate) for one in answer.delegates] == [
        ("Αναστασία Μητροπούλου", False),
        ("Boris", True),
    ]


def test_a_city_says_which_day_suits(phone: Page) -> None:
    poll = save_poll(planned(), question="", zone="Europe/Istanbul", closes_on=None, by=secretary())
    first, second = offer(poll), offer(poll, hour=9, until=12)
    maria = contact()
    ask(poll, maria)
    phone.goto(poll_url(maria))

    phone.get_by_role("group", name="14:00–17:00").get_by_label("Yes").check()
    phone.get_by_role("group", name="09:00–12:00").get_by_label("If need be").check()
    phone.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_role("status")).to_contain_text("Your answer is noted")

    assert dict(Preference.objects.values_list("option", "suits")) == {first.pk: "yes", second.pk: "maybe"}


@pytest.mark.looks
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_every_state_is_accessible_and_fits(
    page: Page, axe_violations: Callable[[Page], list[str]], scheme: str, width: int
) -> None:
    eleni = invited()
    poll = save_poll(planned(slug="other"), question="", zone="Europe/Istanbul", closes_on=None, by=secretary())
    offer(poll)
    maria = contact()
    ask(poll, maria)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    breaches: dict[str, list[str]] = {}

    def look(name: str, address: str = "") -> None:
        if address:
            page.goto(address)
        breaches[name] = axe_violations(page)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            breaches[name].append("wider than the window")

    look("answer", answer_url(eleni))
    page.get_by_role("button", name="Send the answer").click()
    look("answer, incomplete")
    look("poll", poll_url(maria))
    page.goto(answer_url(eleni))
    answer_by_link(invitee(eleni), Answer("yes", remarks="By train", delegates=(Named("Ana", "Mayor"),)), edition=0)
    page.get_by_label("Not yet known").first.check()
    page.get_by_role("button", name="Send the answer").click()
    look("answer, stale")
    Invitation.objects.get().meeting.sessions.all().delete()
    meeting = Invitation.objects.get().meeting
    meeting.status = "cancelled"
    meeting.save()
    look("answer, closed", answer_url(eleni))
    close_poll(poll, by=secretary())
    look("poll, closed", poll_url(maria))
    look("unknown", "/answer/none/")

    assert {name: found for name, found in breaches.items() if found} == {}
