"""The whole life of a round of four groups: planned, polled, announced, answered, attended, minuted, closed, published."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from meetings.minutes.approval import approve, circulate, set_audience
from meetings.models import Attendance, Letter, Mailing, Meeting, MeetingTemplate, Snapshot
from meetings.polling.asking import add_option, save_poll
from meetings.polling.choosing import choose_date
from members.models import User
from tests import factories
from tests.b40.admin_rows import client_of
from tests.meetings.inviting_cast import answer_url, contact, invite, poll_url
from tests.meetings.test_mail_queue import work
from tests.meetings.test_polling import ask

GROUPS = ("Local Climate Action", "Local Democracy", "Smart Cities", "Cultural Cooperation")
TEAMS = (
    "1. Summary\nMeeting title\tRound\n\n2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "[Θεσσαλονίκη] Μαρία\t{day}, 10:01:00 AM\t{day}, 3:30:00 PM\t5h 29m 0s\t\t\tPresenter\n"
    "Скопје – Ана\t{day}, 10:03:00 AM\t{day}, 3:00:00 PM\t4h 57m 0s\t\t\tPresenter\n"
)


@pytest.fixture
def secretary() -> User:
    return User.objects.create_superuser("elif", password="a-long-password")


@pytest.fixture
def desk(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, context: Any, secretary: User
) -> Iterator[Page]:
    own = browser.new_context(**browser_context_args)
    key = client_of(secretary).cookies["sessionid"].value
    own.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    yield own.new_page()
    own.close()


def plan_a_round(desk: Page, day: dt.date) -> Meeting:
    desk.goto("/admin/")
    desk.get_by_role("link", name="Plan a meeting").click()
    desk.get_by_role("button", name="Make the ready templates").click()
    template = MeetingTemplate.objects.get(name="Online round of the working groups")
    desk.get_by_role("link", name=f"Plan from it: {template.name}").click()
    desk.get_by_label("First day").fill(day.isoformat())
    desk.get_by_role("button", name="Show what would be made").click()
    desk.get_by_role("button", name="Make 1 draft").click()
    expect(desk.get_by_text("1 draft was made.")).to_be_visible()
    return Meeting.objects.get()


@pytest.mark.django_db(transaction=True)
def test_the_whole_life_of_a_round(
    desk: Page, page: Page, live_server: Any, secretary: User, client: Any, time_machine: Any
) -> None:
    for order, name in enumerate(GROUPS):
        factories.WorkingGroupFactory(name=name, order=order)
    sofia, thessaloniki = contact(), contact("Thessaloniki", "Ελένη", "eleni@example.org", "GR")
    skopje = contact("Skopje", "Ana", "ana@example.org", "MK")
    for mandate, name in ((thessaloniki, "Θεσσαλονίκη"), (skopje, "Скопје")):
        factories.OrganisationNameFactory(organisation=mandate.organisation, text=name)
    today = timezone.localdate()

    # Planned from a template; the day comes from a poll.
    meeting = plan_a_round(desk, today + dt.timedelta(days=8))
    poll = save_poll(meeting, question="", zone="Europe/Istanbul", closes_on=None, by=secretary)
    day = today + dt.timedelta(days=5)
    option = add_option(poll, day=day, starts=dt.time(10), ends=dt.time(16), by=secretary)
    ask(poll, sofia)
    page.goto(poll_url(sofia))
    page.get_by_role("group", name="10:00–16:00").get_by_label("Yes").check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("status")).to_contain_text("Your answer is noted")
    choose_date(option, by=secretary)
    meeting.refresh_from_db()
    assert (meeting.start_on, meeting.sessions.count()) == (day, 4)

    # Announced, and the invitations go out with it.
    invite(meeting, sofia, thessaloniki, skopje)
    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/step/announce/")
    desk.get_by_label("Let the prepared invitations go out").check()
    desk.get_by_role("button", name="Announce").click()
    expect(desk.get_by_text("Announced", exact=True).first).to_be_visible()
    assert Mailing.objects.get(kind="invitation").is_going_out
    work()
    assert Letter.objects.filter(mailing__kind="invitation", sent_at__isnull=False).count() == 3

    # Answered by link; the answer is no attendance.
    page.goto(answer_url(sofia))
    page.get_by_label("Yes, we come").check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("status")).to_contain_text("Your answer is noted")
    assert not Attendance.objects.exists()

    # The day has come: begun, and attendance by desk and by a Teams file.
    time_machine.move_to(dt.datetime.combine(day, dt.time(12), dt.UTC), tick=True)
    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/step/start/")
    desk.get_by_role("button", name="Begin").click()
    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/desk/")
    present = desk.get_by_role("button", name="Sofia, Whole meeting: present")
    present.click()
    expect(present).to_have_attribute("aria-pressed", "true")
    expect(desk.get_by_text(re.compile("1 of 3"))).to_be_visible()
    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/workspace/")
    desk.get_by_role("link", name="Upload a participant report").click()
    told = TEAMS.format(day=f"{day.month}/{day.day}/{day:%y}").encode("utf-16")
    desk.get_by_label("File:").set_input_files({"name": "report.csv", "mimeType": "text/csv", "buffer": told})
    desk.get_by_role("button", name="Show what it would write").click()
    desk.get_by_role("button", name="Record attendance").click()
    expect(desk.get_by_text("Organisations: 2 added")).to_be_visible()

    # Minuted, decided, approved.
    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/minutes/")
    desk.get_by_role("textbox", name=re.compile("^Opening")).first.fill("Sofia welcomed everybody.")
    desk.get_by_text("Add a decision or an action: Opening").first.click()
    desk.get_by_label("Decision", exact=True).first.fill("A shared calendar is kept")
    desk.get_by_role("button", name="Save minutes").first.click()
    expect(desk.get_by_text("A shared calendar is kept").first).to_be_visible()
    circulate(meeting, corrections_until=None, by=secretary)
    approve(meeting, on=day, by=secretary)
    set_audience(meeting, audience="public", by=secretary)

    # Held, closed, reported, published.
    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/step/hold/")
    desk.get_by_role("button", name="Record as held").click()
    desk.goto(f"/admin/meetings/meeting/{meeting.pk}/step/close/")
    desk.get_by_role("button", name="Close", exact=True).click()
    expect(desk.get_by_label("Report")).to_have_value(re.compile("3 cities took part: Skopje, Sofia and Thessaloniki"))
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_role("heading", name=meeting.title, level=1)).to_be_visible()

    # Everything public agrees on one number of cities.
    record = Snapshot.objects.get(meeting=meeting)
    files = f"/meetings/{meeting.slug}/record/1"
    pdf = PdfReader(io.BytesIO(client.get(f"{files}.pdf").content))
    text = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    book = load_workbook(io.BytesIO(client.get(f"{files}.xlsx").content))
    shown = client.get(f"/meetings/{meeting.slug}/")
    assert len(shown.context["attendance"].cities) == 3
    assert len(record.record["cities"]) == 3
    assert "3 cities" in text
    assert "Sofia welcomed everybody." in text
    assert "A shared calendar is kept" in text
    assert book["Attendance"].max_row == 4
    assert "3 cities took part" in client.get("/news.atom").content.decode()
    calendar = client.get(f"/meetings/{meeting.slug}.ics").content.decode()
    assert f"DTSTART:{day:%Y%m%d}T070000Z" in calendar
    assert "STATUS:CONFIRMED" in calendar
    assert "3 cities took part" in " ".join(calendar.replace("\r\n ", "").split())
