"""Mail in a real browser: a mailing is read and released, and its pages are for everybody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from meetings import mail
from meetings.models import Letter, Mailing
from members.models import User
from tests import factories
from tests.b40.admin_rows import address, client_of

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [
    pytest.param({"viewport": {"width": 1440, "height": 900}}, id="desk"),
    pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}, id="phone"),
]


@pytest.fixture
def office(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, context: Any, look: dict[str, Any]
) -> Iterator[Page]:
    """The page of a member of the secretariat; made in full, since a live server empties what migrations brought."""
    user = User.objects.create_user("elif", password="a-long-password", is_staff=True)
    group, _made = Group.objects.get_or_create(name="Secretariat")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=("members", "meetings")))
    user.groups.add(group)
    own = browser.new_context(**{**browser_context_args, **look})
    key = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    own.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    yield own.new_page()
    own.close()


@pytest.fixture
def mailing() -> Mailing:
    made = factories.MailingFactory(title="Round in Sofia · Покана · Πρόσκληση στις ομάδες εργασίας")
    for name in ("Ana", "Κωνσταντίνος Παπαδημητρακόπουλος-Χατζηγεωργίου"):
        factories.LetterFactory(
            mailing=made,
            name=name,
            address=f"{'international.relations' * 2}{len(name)}@metropolitan-municipality.example.org",
            html='<h1 style="color: green">Welcome to Sofia</h1>',
            calendar="BEGIN:VCALENDAR",
            method="REQUEST",
        )
    return made


@pytest.mark.looks
@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_mail_are_accessible_and_fit_the_window(
    office: Page, mailing: Mailing, axe_violations: Callable[[Page], list[str]]
) -> None:
    mail.release(mailing, by=None)
    fine, failed = mailing.letters.order_by("pk")
    Letter.objects.filter(pk=failed.pk).update(failed_at=timezone.now(), trouble="550 5.1.1 " + "unknown" * 20)
    breaches: dict[str, list[str]] = {}
    for page in (
        address(Mailing, "changelist"),
        address(Mailing, "change", mailing.pk),
        address(Mailing, "step", mailing.pk, "pause"),
        address(Letter, "change", fine.pk),
        address(Letter, "change", failed.pk),
    ):
        office.goto(page)
        breaches[page] = axe_violations(office)
        if office.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            breaches[page].append("wider than the window")

    assert {page: found for page, found in breaches.items() if found} == {}


@pytest.mark.parametrize("look", LOOKS[:1])
def test_secretariat_reads_a_letter_and_releases_the_mailing(office: Page, mailing: Mailing) -> None:
    office.goto("/admin/")
    office.get_by_role("link", name="Round in Sofia").click()
    office.get_by_role("link", name="Ana").click()
    expect(office.frame_locator("iframe").get_by_role("heading", name="Welcome to Sofia")).to_be_visible()
    office.get_by_role("link", name="Round in Sofia").click()
    office.get_by_role("link", name="Release …").click()
    expect(office.get_by_text("2 persons will be written to.")).to_be_visible()
    office.get_by_role("button", name="Release").click()

    expect(office.get_by_text("Released: the letters are on their way.")).to_be_visible()
    expect(office.get_by_role("link", name="Pause …")).to_be_visible()
