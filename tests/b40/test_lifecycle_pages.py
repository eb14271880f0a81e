"""The pages of a meeting's steps and of its report, and what the public sees of them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from meetings.lifecycle import move_meeting, take_step
from meetings.models import Attendance, Meeting, MeetingStep, NewsItem, Step
from members.models import User
from tests import factories
from tests.b40.admin_rows import client_of, secretariat_user

pytestmark = pytest.mark.django_db
TO_COME = dt.date(2099, 5, 11)


@pytest.fixture
def user() -> User:
    return secretariat_user()


@pytest.fixture
def staff(user: User) -> Client:
    return client_of(user)


def step_page(meeting: Meeting, step: str) -> str:
    return f"/admin/meetings/meeting/{meeting.pk}/step/{step}/"


def taken(client: Client, meeting: Meeting, step: str, **typed: Any) -> Any:
    """Take a step as a browser would: look, then confirm."""
    page = step_page(meeting, step)
    version = client.get(page).context["record_version"]
    return client.post(page, {"_version": version, **typed})


def test_a_step_is_shown_with_what_it_does_before_it_is_taken(staff: Client) -> None:
    meeting = factories.MeetingFactory(status="draft", start_on=TO_COME)

    shown = staff.get(step_page(meeting, "announce")).content.decode()
    before = MeetingStep.objects.count()
    response = taken(staff, meeting, "announce", reason="")

    assert "show it to everybody from now on" in shown
    assert "Nobody is written to by this." in shown
    assert "No session: add at least one, with its time." in shown
    assert before == 0
    assert response.status_code == 302
    assert Client().get(meeting.get_absolute_url()).status_code == 200


def test_a_step_that_is_refused_says_why_and_offers_no_button(staff: Client) -> None:
    meeting = factories.MeetingFactory(status="announced", start_on=TO_COME)

    page = staff.get(step_page(meeting, "hold")).content.decode()

    assert "Its day is yet to come" in page
    assert 'type="submit" class="default"' not in page


def test_cancelling_asks_for_the_reason_and_keeps_it_public(staff: Client) -> None:
    meeting = factories.MeetingFactory(status="announced", start_on=TO_COME, slug="round")

    refused = taken(staff, meeting, "cancel", reason="")
    done = taken(staff, meeting, "cancel", reason="Snow on every pass")

    assert refused.status_code == 200
    assert done.status_code == 302
    assert "Snow on every pass" in Client().get("/meetings/round/").content.decode()
    assert "STATUS:CANCELLED" in Client().get("/meetings/round.ics").content.decode()


def test_a_moved_meeting_says_so_on_its_page_and_a_moved_draft_does_not(staff: Client, user: User) -> None:
    announced = factories.MeetingFactory(status="announced", start_on=TO_COME, slug="round")
    draft = factories.MeetingFactory(status="draft", start_on=TO_COME, slug="plan")
    for meeting in (announced, draft):
        move_meeting(meeting, dt.date(2099, 6, 8), by=user, reason="Holiday")
    take_step(draft, Step.ANNOUNCE, by=user)

    page = Client().get("/meetings/round/").content.decode()
    calendar = Client().get("/meetings/round.ics").content.decode()

    assert "Moved: it was to meet on 11 May 2099." in page
    assert ("DTSTART;VALUE=DATE:20990608" in calendar, "SEQUENCE:1" in calendar) == (True, True)
    assert "Moved" not in Client().get("/meetings/plan/").content.decode()


def test_a_postponed_meeting_is_struck_from_calendars_and_says_so(staff: Client) -> None:
    meeting = factories.MeetingFactory(status="announced", start_on=TO_COME, slug="round")

    taken(staff, meeting, "postpone", reason="Elections")

    assert "Postponed: it does not meet on 11 May 2099." in Client().get("/meetings/round/").content.decode()
    assert "STATUS:CANCELLED" in Client().get("/meetings/round.ics").content.decode()
    assert "EventPostponed" in Client().get("/meetings/round/").content.decode()


def test_a_late_step_is_refused_and_shown_again(staff: Client) -> None:
    meeting = factories.MeetingFactory(status="draft", start_on=TO_COME)
    page = step_page(meeting, "announce")
    version = staff.get(page).context["record_version"]
    meeting.motto = "Together"
    meeting.save()

    response = staff.post(page, {"_version": version, "reason": ""})

    assert response.status_code == 409
    assert Meeting.objects.get(pk=meeting.pk).status == "draft"


@pytest.mark.parametrize("page", ["step/announce/", "report/"])
def test_steps_are_for_those_who_may_change_meetings(page: str) -> None:
    meeting = factories.MeetingFactory(status="draft", start_on=TO_COME)
    onlooker = User.objects.create_user("deniz", password="a-long-password", is_staff=True)

    address = f"/admin/meetings/meeting/{meeting.pk}/{page}"
    assert client_of(onlooker).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_unknown_steps_and_meetings_are_not_found(staff: Client) -> None:
    meeting = factories.MeetingFactory()

    assert staff.get(step_page(meeting, "explode")).status_code == 404
    assert staff.get("/admin/meetings/meeting/999999/step/close/").status_code == 404


def test_status_is_not_typed_over(staff: Client) -> None:
    page = staff.get(f"/admin/meetings/meeting/{factories.MeetingFactory().pk}/change/").content.decode()

    assert 'name="status"' not in page


def test_a_closed_meeting_is_shown_and_not_edited(staff: Client, user: User) -> None:
    meeting = factories.MeetingFactory(status="held")
    row = factories.AttendanceFactory(meeting=meeting)
    take_step(meeting, Step.CLOSE, by=user)

    change = staff.get(f"/admin/meetings/meeting/{meeting.pk}/change/").content.decode()
    grid = staff.post(
        f"/admin/meetings/meeting/{meeting.pk}/desk/",
        {f"cell-{row.organisation_id}-0": "absent", "shown": f'{{"cell-{row.organisation_id}-0":"present"}}'},
        follow=True,
    )
    own = staff.post(f"/admin/meetings/attendance/{row.pk}/change/", {"presence": "absent"})
    added = staff.post(
        "/admin/meetings/guest/add/", {"meeting": meeting.pk, "name": "Late guest", "order": "0"}, follow=True
    )

    assert ('name="title"' in change, 'name="report"' in change) == (False, True)
    assert "is closed and its record frozen" in grid.content.decode()
    assert own.status_code == 403
    assert "is closed and its record frozen" in added.content.decode()
    assert Attendance.objects.get().presence == "present"
    assert meeting.guests.count() == 0


def test_a_report_typed_over_a_changed_meeting_is_kept_and_refused(staff: Client) -> None:
    meeting = factories.MeetingFactory(status="held")
    page = f"/admin/meetings/meeting/{meeting.pk}/report/"
    version = staff.get(page).context["record_version"]
    meeting.motto = "Together"
    meeting.save()

    response = staff.post(page, {"_version": version, "_publish": "1", "report": "<p>My words</p>", "summary": "Short"})

    assert response.status_code == 409
    assert "My words" in response.content.decode()
    assert not NewsItem.objects.exists()


@pytest.mark.parametrize("rows", [1, 80])
def test_step_and_record_pages_cost_the_same_with_eighty_cities(
    staff: Client, user: User, rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    meeting = factories.MeetingFactory(status="held", slug="round")
    for _row in range(rows):
        factories.AttendanceFactory(meeting=meeting)
    staff.get(step_page(meeting, "close"))

    with django_assert_num_queries(22):
        staff.get(step_page(meeting, "close"))
    take_step(meeting, Step.CLOSE, by=user)
    with django_assert_num_queries(3):
        assert Client().get("/meetings/round/record/1/").context["record"]["cities"][rows - 1]


STEP_QUERIES = 27


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("django_db_serialized_rollback")
def test_a_meeting_is_held_closed_and_published_in_the_browser(
    browser: Browser,
    browser_context_args: dict[str, Any],
    live_server: Any,
    axe_violations: Callable[[Page], list[str]],
) -> None:
    # A context of its own: axe reads the style sheet that Django's forms import in a way that the policy refuses aloud.
    page = browser.new_context(**browser_context_args).new_page()
    key = client_of(User.objects.create_superuser("elif", password="a-long-password")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    meeting = factories.MeetingFactory(status="announced", slug="round", title="Spring round")
    factories.AttendanceFactory(meeting=meeting, organisation=factories.OrganisationFactory(name="Θεσσαλονίκη"))
    page.goto(f"/admin/meetings/meeting/{meeting.pk}/workspace/")

    page.get_by_role("link", name="Record as held …").click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Record as held").click()
    page.get_by_role("link", name="Close …").click()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_label("Report")).to_have_value(
        f"<p>The B40 Balkan Cities Network met online on {meeting.days}. 1 city took part: Θεσσαλονίκη.</p>"
    )
    assert axe_violations(page) == []
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_role("heading", name="Spring round", level=1)).to_be_visible()
    expect(page.get_by_text("1 city took part: Θεσσαλονίκη.").last).to_be_visible()
    page.goto("/meetings/round/record/1/")
    assert axe_violations(page) == []
    page.context.close()
