"""The attendance desk in a browser: two people at two desks, by key and by thumb, without network and without scripts."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from meetings.models import Attendance, Meeting, Session
from members.models import Organisation, OrganisationName
from tests import factories
from tests.b40.admin_rows import address, client_of, permitted

pytestmark = pytest.mark.django_db(transaction=True)

DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}
PATIENCE = 20_000  # for what a desk hears at its next look
LOOKS = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]


def of(meeting: Meeting, part: str = "desk") -> str:
    return address(Meeting, part, meeting.pk)


def stored(meeting: Meeting) -> set[tuple[str, str, str]]:
    rows = Attendance.objects.filter(meeting=meeting, channel="secretariat").select_related("session", "organisation")
    return {(row.organisation.name, str(row.session or ""), row.presence) for row in rows}


def filled() -> Meeting:
    """A meeting of today with two sessions, of which the first runs, and three member cities."""
    now = timezone.now()
    today = timezone.localdate()
    meeting = factories.MeetingFactory(title="Round", status="announced", start_on=today, end_on=None)
    hour = dt.timedelta(hours=1)
    running = Session(meeting=meeting, title="Opening", starts_at=now - hour / 4, ends_at=now + hour / 2, order=1)
    running.save()
    factories.SessionFactory(meeting=meeting, title="Closing", order=2)
    for name, own in (("Athens", "Αθήνα"), ("Burgas", "Бургас"), ("Skopje", "Скопје")):
        city = factories.MembershipChangeFactory(organisation__name=name, latest=dt.date(2019, 1, 1)).organisation
        OrganisationName.objects.create(organisation=city, text=own)
    return meeting


@pytest.fixture
def open_desk(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, context: Any
) -> Iterator[Callable[..., Page]]:
    """A function that seats a member of the secretariat at a page, each in a browser of their own."""
    contexts = []

    def seat(name: str, page: str, **look: Any) -> Page:
        key = client_of(permitted(name)).cookies[settings.SESSION_COOKIE_NAME].value
        own = browser.new_context(**{**browser_context_args, **DESK, **look})
        own.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        contexts.append(own)
        seat_ = own.new_page()
        seat_.goto(page)
        return seat_

    yield seat
    for own in contexts:
        own.close()


def cell(page: Page, city: str, column: str) -> Locator:
    index = page.locator("thead th").all_inner_texts()
    at = next(number for number, text in enumerate(index) if text.startswith(column))
    return page.get_by_role("row", name=city).locator("td").nth(at - 1)


def button(page: Page, city: str, column: str, state: str) -> Locator:
    return page.get_by_role("button", name=f"{city}, {column}: {state}")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_two_people_at_two_desks_lose_nothing_and_see_each_other(
    open_desk: Callable[..., Page], axe_violations: Callable[[Page], list[str]]
) -> None:
    meeting = filled()
    hers, his = open_desk("elif", of(meeting)), open_desk("vasil", of(meeting))
    his.evaluate(
        "window.stop(); document.querySelector('[data-desk]').dataset.stateUrl = '/admin/none/'"
    )  # he looks away

    button(hers, "Athens", "Opening", "present").click()
    button(hers, "Burgas", "Opening", "excused").click()
    expect(hers.locator(".desk-count")).to_have_text("1 of 3 cities here")
    expect(hers.locator("[data-desk]")).to_have_attribute("data-unsent", "0")
    button(his, "Skopje", "Opening", "present").click()
    button(his, "Burgas", "Opening", "absent").click()

    asked = his.locator(".desk-conflict")
    expect(asked).to_contain_text("On record now: excused (elif, ")
    expect(asked).to_contain_text("You chose: absent")
    assert axe_violations(his) == []
    expect(button(hers, "Skopje", "Opening", "present")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    assert stored(meeting) == {
        ("Athens", "Opening", "present"),
        ("Burgas", "Opening", "excused"),
        ("Skopje", "Opening", "present"),
    }

    asked.get_by_role("button", name="Keep mine").click()
    expect(asked).to_have_count(0)
    expect(button(hers, "Burgas", "Opening", "absent")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    expect(hers.locator(".desk-count")).to_have_text("2 of 3 cities here")
    assert ("Burgas", "Opening", "absent") in stored(meeting)


def test_theirs_is_taken(open_desk: Callable[..., Page]) -> None:
    meeting = filled()
    page = open_desk("elif", of(meeting))
    page.evaluate("document.querySelector('[data-desk]').dataset.stateUrl = '/admin/none/'")
    city = Organisation.objects.get(name="Athens")
    factories.AttendanceFactory(meeting=meeting, organisation=city, presence="absent")

    button(page, "Athens", "Whole meeting", "present").click()
    page.get_by_role("button", name="Take theirs").click()

    expect(button(page, "Athens", "Whole meeting", "absent")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-desk]")).to_have_attribute("data-unsent", "0")
    assert stored(meeting) == {("Athens", "", "absent")}


def test_the_desk_is_kept_by_keyboard_alone(open_desk: Callable[..., Page]) -> None:
    meeting = filled()
    page = open_desk("elif", of(meeting))
    page.keyboard.press("/")
    page.keyboard.type("скопје")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("p")
    expect(cell(page, "Skopje", "Whole meeting")).to_have_attribute("data-state", "present")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    for key in ("e", "ArrowDown", "a", "ArrowRight", "p", "ArrowUp", "p", "0", "ArrowRight", "e", " ", "A"):
        page.keyboard.press(key)

    expect(page.locator(".desk-count")).to_have_text("2 of 3 cities here")
    expect(page.locator(".is-unsent")).to_have_count(0)
    wanted = {
        ("Skopje", "", "present"),
        ("Athens", "", "excused"),
        ("Burgas", "", "absent"),
        ("Burgas", "Opening", "present"),
    }
    wanted.add(("Athens", "Closing", "absent"))
    expect(page.locator("[data-desk]")).to_have_attribute("data-unsent", "0")
    assert stored(meeting) == wanted


def test_entries_are_taken_back_by_key_and_by_button_also_after_a_reload(open_desk: Callable[..., Page]) -> None:
    meeting = filled()
    page = open_desk("elif", of(meeting))
    for state in ("present", "excused", "absent"):
        button(page, "Athens", "Opening", state).click()
        expect(page.get_by_role("button", name="Undo the last entry")).to_be_visible()
        expect(page.locator("[data-desk]")).to_have_attribute("data-unsent", "0")

    page.reload()
    page.keyboard.press("Control+z")
    expect(button(page, "Athens", "Opening", "excused")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Undo the last entry").click()
    expect(button(page, "Athens", "Opening", "present")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Undo the last entry").click()
    expect(page.get_by_role("button", name="Undo the last entry")).to_be_hidden()

    assert stored(meeting) == set()


def test_what_cannot_be_sent_is_kept_marked_and_sent_later(open_desk: Callable[..., Page]) -> None:
    meeting = filled()
    page = open_desk("elif", of(meeting))
    page.context.set_offline(True)
    button(page, "Athens", "Opening", "present").click()
    button(page, "Burgas", "Opening", "excused").click()
    expect(page.get_by_text("Not saved yet, tried again by itself: 2")).to_be_visible()
    expect(page.locator("td.is-unsent")).to_have_count(2)
    assert stored(meeting) == set()

    page.context.set_offline(False)
    expect(page.locator("td.is-unsent")).to_have_count(0, timeout=PATIENCE)

    assert stored(meeting) == {("Athens", "Opening", "present"), ("Burgas", "Opening", "excused")}


def test_whoever_is_signed_out_meanwhile_loses_nothing(open_desk: Callable[..., Page]) -> None:
    meeting = filled()
    page = open_desk("elif", of(meeting))
    page.context.clear_cookies()
    button(page, "Athens", "Opening", "present").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()

    other = page.context.new_page()
    other.goto("/account/login/")
    other.get_by_label("Mail address or user name").fill("elif")
    other.get_by_label("Password", exact=True).fill("a-long-password")
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("td.is-unsent")).to_have_count(0, timeout=PATIENCE)

    assert stored(meeting) == {("Athens", "Opening", "present")}


def test_on_a_phone_the_session_that_runs_is_shown_with_large_buttons(
    open_desk: Callable[..., Page], axe_violations: Callable[[Page], list[str]]
) -> None:
    meeting = filled()
    page = open_desk("elif", of(meeting), **PHONE)

    expect(page.get_by_label("Show", exact=True)).to_have_value(str(Session.objects.get(title="Opening").pk))
    expect(page.locator("tbody td:visible")).to_have_count(3)
    box = button(page, "Burgas", "Opening", "present").bounding_box()
    assert box is not None
    assert min(box["height"], box["width"]) >= 44
    button(page, "Burgas", "Opening", "present").tap()
    expect(page.locator("[data-desk]")).to_have_attribute("data-unsent", "0")
    page.get_by_label("not yet here").check()
    expect(page.locator("tbody tr:visible")).to_have_count(2)
    page.get_by_label("Find or add").fill("zzz")
    expect(page.locator("tbody tr:visible")).to_have_count(0)
    page.get_by_label("Find or add").fill("αθη")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    assert fits(page)
    assert axe_violations(page) == []

    assert stored(meeting) == {("Burgas", "Opening", "present")}


def test_an_organisation_that_is_not_in_the_list_is_found_and_added(open_desk: Callable[..., Page]) -> None:
    meeting = filled()
    factories.OrganisationFactory(name="Ioannina")
    page = open_desk("elif", of(meeting))
    page.get_by_label("Find or add").fill("ioan")
    page.get_by_role("button", name="Add Ioannina").click()
    expect(cell(page, "Ioannina", "Whole meeting")).to_be_focused()
    page.keyboard.press("p")

    expect(button(page, "Ioannina", "Whole meeting", "present")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".desk-count")).to_have_text("1 of 4 cities here")
    expect(page.locator("[data-desk]")).to_have_attribute("data-unsent", "0")
    assert stored(meeting) == {("Ioannina", "", "present")}


def test_in_a_hybrid_meeting_the_room_and_online_are_told_apart(open_desk: Callable[..., Page]) -> None:
    meeting = filled()
    meeting.mode = "hybrid"
    meeting.save()
    page = open_desk("elif", of(meeting))
    button(page, "Athens", "Opening", "present online").click()
    cell(page, "Burgas", "Opening").focus()
    page.keyboard.press("r")
    expect(page.locator(".desk-count")).to_have_text("2 of 3 cities here")
    expect(page.locator("[data-desk]")).to_have_attribute("data-unsent", "0")

    assert set(Attendance.objects.values_list("organisation__name", "mode")) == {
        ("Athens", "online"),
        ("Burgas", "room"),
    }


@pytest.mark.looks
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_of_the_desk_is_accessible_and_fits(
    open_desk: Callable[..., Page], axe_violations: Callable[[Page], list[str]], look: dict[str, Any]
) -> None:
    meeting = filled()
    session = Session.objects.get(title="Opening")
    city = factories.AttendanceFactory(meeting=meeting, session=session, channel="zoom").organisation
    factories.AttendanceFactory(meeting=meeting, session=session, channel="qr", organisation=city, presence="absent")
    factories.CheckInFactory(session=session)
    page = open_desk("elif", of(meeting), **look)

    named = f"?session={session.pk}"
    parts = [of(meeting), f"{of(meeting)}?open=check-ins", of(meeting, "sign_sheets"), of(meeting, "contradictions")]
    for part in [*parts, of(meeting, "sign_sheet") + named, of(meeting, "check_in_wall") + named]:
        page.goto(part)
        assert (part, axe_violations(page)) == (part, [])
        assert fits(page), part


@pytest.mark.parametrize("look", LOOKS)
def test_the_desk_works_without_scripts(open_desk: Callable[..., Page], look: dict[str, Any]) -> None:
    meeting = filled()
    page = open_desk("elif", of(meeting), **look, java_script_enabled=False)

    page.get_by_role("combobox", name="Skopje Whole meeting").select_option("excused")
    page.get_by_role("button", name="Save attendance").click()

    expect(page.get_by_text("1 cell saved.")).to_be_visible()
    expect(page.get_by_text("arrows move")).to_be_hidden()
    assert stored(meeting) == {("Skopje", "", "excused")}
    page.get_by_role("button", name="Undo the last entry").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert stored(meeting) == set()


def test_a_contradiction_is_settled_in_one_click(open_desk: Callable[..., Page]) -> None:
    meeting = filled()
    city = factories.AttendanceFactory(meeting=meeting, channel="zoom", organisation__name="Ruse").organisation
    factories.AttendanceFactory(meeting=meeting, channel="sign_sheet", organisation=city, presence="absent")
    page = open_desk("elif", of(meeting))
    page.get_by_role("link", name="Contradictions 1").click()

    page.get_by_role("region", name="Ruse · Whole meeting").get_by_role("button", name="present").click()

    expect(page.get_by_text("Settled.")).to_be_visible()
    assert stored(meeting) == {("Ruse", "", "present")}
