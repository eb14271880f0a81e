"""A delegate on a phone: proposes a topic, hands a paper in, reports on an action."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from meetings.models import ActionReport, Document
from tests import factories
from tests.b40.papers_cast import client_of, make_cast
from workinggroups.models import Topic

PHONE = {"width": 390, "height": 844}


def test_delegate_does_it_all_on_a_phone(
    page: Page, context: BrowserContext, live_server: Any, tmp_path: Path, axe_violations: Callable[[Page], list[str]]
) -> None:
    cast = make_cast()
    soon = timezone.localdate() + dt.timedelta(days=9)
    meeting = factories.MeetingFactory(title="Round", status="announced", start_on=soon)
    factories.SessionFactory(meeting=meeting, working_groups=[cast.group])
    factories.ActionItemFactory(group=cast.group, owners=[cast.skopje], text="Name a contact", due_on=soon)
    session = client_of(cast.delegate).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size(PHONE)

    page.goto("/my/topics/")
    page.get_by_role("link", name="Propose a topic").click()
    page.get_by_label("Title").fill("Отпорност на топлински бранови")
    page.get_by_role("button", name="Send the proposal").click()
    expect(page.get_by_role("alert")).to_contain_text("Your words are kept")
    assert axe_violations(page) == []
    page.get_by_label("Why it matters").fill("It is hot.")
    page.get_by_role("button", name="Send the proposal").click()
    expect(page.get_by_text("your topic was sent to the group's coordinators")).to_be_visible()
    assert axe_violations(page) == []

    paper = tmp_path / "roofs.pdf"
    paper.write_bytes(b"%PDF-1.7\n%%EOF\n")
    page.goto("/my/documents/hand-in/")
    page.get_by_label("For which meeting or session").select_option("Local Climate Action")
    page.get_by_label("Title").fill("Green roofs")
    page.get_by_label("File", exact=True).set_input_files(paper)
    page.get_by_label("Everybody, once the secretariat agrees").check()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("You wish everybody to read it")).to_be_visible()
    assert axe_violations(page) == []

    page.goto("/my/actions/")
    page.get_by_role("link", name="Name a contact").click()
    page.get_by_label("Done", exact=True).check()
    page.get_by_label("What was done").fill("Ms Petrovska is named.")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Skopje: done")).to_be_visible()

    wide = [address for address in ("/my/topics/", "/my/documents/", "/my/actions/") if _is_too_wide(page, address)]
    assert wide == []
    assert (Topic.objects.get().status, Document.objects.get().audience) == ("proposed", "members")
    assert ActionReport.objects.get().says == "done"


def _is_too_wide(page: Page, address: str) -> bool:
    page.goto(address)
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
