"""The agenda page of a meeting: what it shows and to whom, its form without and with scripts, and two people at once."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from meetings.agenda.reading import read_items, read_sessions
from meetings.models import AgendaItem, Meeting
from members.models import User
from tests import factories
from tests.b40.admin_rows import address, client_of, permitted, secretariat_user
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db

EIGHT = dt.datetime(2026, 5, 6, 8, tzinfo=dt.UTC)


def of(meeting: Meeting) -> str:
    return address(Meeting, "agenda", meeting.pk)


def stored(meeting: Meeting) -> list[list[str]]:
    items = read_items(meeting)
    return [[f"{i} {i.minutes}" for i in items if i.session_id == s.pk] for s in read_sessions(meeting)]


def sent(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the form of a page, with some fields typed over."""
    page = response.content.decode()
    page = page[page.index('id="agenda-form"') : page.index("</form>", page.index('id="agenda-form"'))]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            fields.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        fields[name] = re.findall(r'<option value="([^"]*)" selected', options)
    return {**fields, **changes}


@pytest.fixture
def user() -> User:
    return secretariat_user()


@pytest.fixture
def staff(user: User) -> Client:
    return client_of(user)


@pytest.fixture
def group() -> WorkingGroup:
    return factories.WorkingGroupFactory(name="Climate")


@pytest.fixture
def meeting(group: WorkingGroup) -> Meeting:
    """Two sessions, the first of ninety minutes from eleven o'clock in Sofia, with three items."""
    made = factories.MeetingFactory(title="Round", status="draft", start_on=EIGHT.date(), timezone="Europe/Sofia")
    until = EIGHT + dt.timedelta(minutes=90)
    first = factories.SessionFactory(meeting=made, working_groups=[group], starts_at=EIGHT, ends_at=until, order=1)
    factories.SessionFactory(meeting=made, title="Closing", order=2)
    for order, (title, minutes) in enumerate([("Opening", 10), ("Shade", 60), ("Dates", 5)], 1):
        factories.AgendaItemFactory(session=first, title=title, minutes=minutes, order=order)
    return made


@pytest.fixture
def items(meeting: Meeting) -> list[AgendaItem]:
    return read_items(meeting)


# --- Who may come in -------------------------------------------------------------------------------------------------


def test_anonymous_is_sent_to_the_login(client: Client, meeting: Meeting) -> None:
    assert client.get(of(meeting))["Location"].startswith("/account/login/")


def test_staff_without_rights_is_refused(meeting: Meeting) -> None:
    newcomer = client_of(User.objects.create_user("newcomer", password="a-long-password", is_staff=True))

    assert newcomer.get(of(meeting)).status_code == 403
    assert newcomer.post(of(meeting)).status_code == 403


def test_reader_reads_the_agenda_and_changes_nothing(meeting: Meeting) -> None:
    user = User.objects.create_user("reader", password="a-long-password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_meeting"))
    reader = client_of(user)

    page = reader.get(of(meeting)).content.decode()

    main = page[page.index('id="content-main"') :]
    for text in ("11:10", "Shade", "75 of 90 minutes, 15 free"):
        assert text in main
    assert re.findall(r"<form|<select|<input", main) == []
    assert reader.post(of(meeting)).status_code == 403


@pytest.mark.parametrize("key", ["999999", "none"])
def test_no_such_meeting(staff: Client, key: str) -> None:
    assert staff.get(address(Meeting, "agenda", key)).status_code == 404


def test_closed_meeting_says_why_nothing_can_be_changed_and_keeps_what_was_typed(
    staff: Client, meeting: Meeting, items: list[AgendaItem]
) -> None:
    fields = sent(staff.get(of(meeting)), **{f"row-{items[0].pk}-title": "Welcome of mine"})
    Meeting.objects.filter(pk=meeting.pk).update(status="closed")

    shown, refused = staff.get(of(meeting)), staff.post(of(meeting), fields)

    assert "reopen it, with a reason" in shown.content.decode()
    assert "agenda-form" not in shown.content.decode()
    assert "Welcome of mine" in refused.content.decode()
    assert stored(meeting)[0][0] == "Opening 10"


# --- The page --------------------------------------------------------------------------------------------------------


def test_page_shows_begins_in_the_meeting_s_zone_and_whether_it_fits(staff: Client, meeting: Meeting) -> None:
    AgendaItem.objects.filter(title="Shade").update(minutes=95)

    page = staff.get(of(meeting)).content.decode()

    assert re.findall(r"data-start [^>]*>([^<]+)<", page) == ["11:00", "11:10", "12:45"]
    assert "110 of 90 minutes" in page
    assert "20 minutes over" in page


def test_agenda_is_linked_from_workspace_form_and_minutes(staff: Client, meeting: Meeting) -> None:
    for page in ("workspace", "change", "minutes"):
        assert of(meeting) in staff.get(address(Meeting, page, meeting.pk)).content.decode()


def test_meeting_without_sessions_says_what_is_lacking(staff: Client) -> None:
    page = staff.get(of(factories.MeetingFactory())).content.decode()

    assert "There is no session yet" in page


@pytest.mark.parametrize(("sessions", "number"), [(1, 1), (6, 12)])
def test_page_and_save_cost_the_same_with_many_items_and_topics(
    staff: Client, sessions: int, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    meeting = factories.MeetingFactory(status="draft")
    past = factories.MeetingFactory(start_on=meeting.start_on - dt.timedelta(days=30))
    template = factories.MeetingTemplateFactory(kind=meeting.kind)
    for _each in range(sessions):
        group = factories.WorkingGroupFactory()
        factories.TemplateSessionFactory(template=template, working_groups=[group], items="5 Welcome\n5 Dates")
        session = factories.SessionFactory(meeting=meeting, working_groups=[group])
        before = factories.SessionFactory(meeting=past, working_groups=[group])
        owner = factories.OrganisationFactory()
        for order in range(number):
            factories.AgendaItemFactory(session=session, topics=[factories.TopicFactory(group=group)], order=order)
            factories.AgendaItemFactory(session=before, topics=[factories.TopicFactory(group=group)])
            factories.TopicFactory(group=group)
            factories.ActionItemFactory(meeting=past, group=group, owners=[owner])
    staff.get(of(meeting))

    with django_assert_num_queries(23):
        response = staff.get(of(meeting))
    with django_assert_num_queries(26):
        drawn = staff.post(of(meeting), sent(response, act=f"add-{session.pk}"))
    fields = sent(response)
    with django_assert_num_queries(17):
        unchanged = staff.post(of(meeting), fields)

    offers = response.context["page"].parts[0].offers
    assert [len(each) for each in (offers.left, offers.actions, offers.topics, offers.standing)] == [number, number, number, 2]  # fmt: skip
    assert (drawn.status_code, unchanged["Location"]) == (200, of(meeting))
    assert "unsafe" not in response["Content-Security-Policy"]


# --- The form without scripts ----------------------------------------------------------------------------------------


def test_whole_agenda_is_written_with_buttons_alone(
    staff: Client, meeting: Meeting, items: list[AgendaItem], group: WorkingGroup
) -> None:
    first, second = read_sessions(meeting)
    topic = factories.TopicFactory(title="Trees", group=group)
    factories.TopicFactory(title="Heat", group=None)

    drawn = staff.post(of(meeting), sent(staff.get(of(meeting)), act=f"up-{items[1].pk}"))
    drawn = staff.post(of(meeting), sent(drawn, act=f"add-{second.pk}"))
    picked = {f"offer-{first.pk}": [f"topic-{topic.pk}"]}
    drawn = staff.post(of(meeting), sent(drawn, act=f"pick-{first.pk}", **picked))
    assert "Not saved yet." in drawn.content.decode()
    assert stored(meeting) == [["Opening 10", "Shade 60", "Dates 5"], []]

    typed = {"row-new-1-title": "Farewell", "row-new-1-minutes": "5", "row-new-1-topic": "heat"}
    typed |= {f"row-{items[0].pk}-remove": "on", "row-new-2-minutes": "15"}
    saved = staff.post(of(meeting), sent(drawn, **typed), follow=True)

    assert "Agenda saved: 3 items changed." in saved.content.decode()
    assert stored(meeting) == [["Shade 60", "Dates 5", "Trees 15"], ["Farewell 5"]]
    assert [topic.title for topic in AgendaItem.objects.get(title="Farewell").topics.all()] == ["Heat"]


def test_what_was_chosen_and_not_added_yet_is_saved_too(staff: Client, meeting: Meeting, group: WorkingGroup) -> None:
    topic = factories.TopicFactory(title="Trees", group=group)
    first = read_sessions(meeting)[0]

    staff.post(of(meeting), sent(staff.get(of(meeting)), **{f"offer-{first.pk}": [f"topic-{topic.pk}"]}))

    assert stored(meeting)[0][-1] == "Trees None"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("minutes", "0", "A length is at least one minute"),
        ("minutes", "soon", "Write the length as a whole number of minutes, such as 15."),
        ("minutes", "1441", "A length is at most 1440 minutes"),
        ("title", "", "Give the item a title or a topic"),
        ("title", "x" * 201, "A title has at most 200 characters; this one has 201."),
        ("topic", "Tries", "No topic is called “Tries”"),
        ("topic", "Tre", "No one topic is called “Tre”: did you mean “Trees (Climate)”?"),
        ("topics", "999999", "A topic of this item is no longer on record"),
        ("session", "999999", "Its session is no more: choose another one."),
    ],
)
def test_bad_input_is_said_beside_its_item_and_nothing_typed_is_lost(
    staff: Client, meeting: Meeting, items: list[AgendaItem], group: WorkingGroup, field: str, value: str, message: str
) -> None:
    factories.TopicFactory(title="Trees", group=group)
    typed = {f"row-{items[0].pk}-{field}": value, f"row-{items[1].pk}-title": "Shade of mine"}

    response = staff.post(of(meeting), sent(staff.get(of(meeting)), **typed))
    page = unescape(response.content.decode())

    assert message in page
    assert "Shade of mine" in page
    assert stored(meeting) == [["Opening 10", "Shade 60", "Dates 5"], []]


def test_topic_is_unlinked_and_another_found_by_typing(
    staff: Client, meeting: Meeting, items: list[AgendaItem], group: WorkingGroup
) -> None:
    old, new = (factories.TopicFactory(title=title, group=group) for title in ("Trees", "Сенка"))
    factories.TopicFactory(title="Сенка")
    items[0].topics.set([old])
    fields = sent(staff.get(of(meeting)), **{f"row-{items[0].pk}-topics": [], f"row-{items[0].pk}-topic": "Сенка (Climate)"})  # fmt: skip

    staff.post(of(meeting), fields)

    assert list(items[0].topics.all()) == [new]


def test_second_save_is_refused_with_both_texts_and_goes_through_after_a_look(
    staff: Client, meeting: Meeting, items: list[AgendaItem]
) -> None:
    colleague = client_of(permitted("ana"))
    page = staff.get(of(meeting))
    mine = sent(page, **{f"row-{items[1].pk}-title": "Shade of mine"})
    colleague.post(of(meeting), sent(page, **{f"row-{items[1].pk}-title": "Shade of theirs", f"row-{items[2].pk}-minutes": "9"}))  # fmt: skip

    refused = staff.post(of(meeting), mine)
    text = refused.content.decode()

    assert refused.status_code == 409
    for said in ("Shade of mine", "Shade of theirs", "ana, "):
        assert said in text
    assert stored(meeting)[0] == ["Opening 10", "Shade of theirs 60", "Dates 9"]
    again = staff.post(of(meeting), sent(refused))
    assert again.status_code == 302
    assert stored(meeting)[0] == ["Opening 10", "Shade of mine 60", "Dates 9"]


# --- The public page -------------------------------------------------------------------------------------------------


def test_public_page_tells_begins_when_all_lengths_are_known(client: Client, meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(status="announced")
    AgendaItem.objects.filter(title="Shade").update(minutes=None)
    without = client.get(meeting.get_absolute_url()).content.decode()
    item = AgendaItem.objects.get(title="Shade")
    item.minutes = 60
    item.save()
    page = client.get(meeting.get_absolute_url()).content.decode()

    assert 'class="timed"' not in without
    lines = re.findall(r"<li><time [^>]*>([^<]+)</time>\s*<span>(\w+)", page)
    assert lines == [("11:00", "Opening"), ("11:10", "Shade"), ("12:10", "Dates")]


# --- In a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture
def browsers(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[Callable[..., Page]]:
    """Make pages signed in as a member of the staff."""
    key = client_of(permitted("mira")).cookies[settings.SESSION_COOKIE_NAME].value
    made = []

    def page(**look: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **look})
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        made.append(context)
        return context.new_page()

    yield page
    for context in made:
        context.close()


def titles(page: Page) -> list[list[str]]:
    return page.evaluate(
        "[...document.querySelectorAll('[data-session]')].map((session) => [...session.querySelectorAll('[data-title]')].map((each) => each.value))"
    )


def drag(page: Page, title: str, onto: str) -> None:
    """Draw a row by its handle to the lower half of another one."""
    rows = {name: page.locator("[data-row]").filter(has=page.locator(f"[value='{name}']")) for name in (title, onto)}
    rows[title].locator("[data-handle]").hover()
    page.mouse.down()
    box = rows[onto].bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] * 0.4)
    box = rows[onto].bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] * 0.9, steps=4)
    page.mouse.up()


@pytest.mark.django_db(transaction=True)
def test_agenda_is_dragged_moved_by_keys_filled_and_accessible(
    browsers: Callable[..., Page], meeting: Meeting, group: WorkingGroup, axe_violations: Callable[[Page], list[str]]
) -> None:
    for title in ("Trees", "Heat in schools"):
        factories.TopicFactory(title=title, group=group)
    troubles: list[str] = []
    page = browsers()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(of(meeting))

    drag(page, "Opening", "Shade")
    assert titles(page) == [["Shade", "Opening", "Dates"], []]
    expect(page.get_by_text("“Opening” is now 2 of 3 in Climate.")).to_be_attached()
    expect(page.locator("[data-start]").nth(1)).to_have_text("12:00")

    dates = page.get_by_role("group", name="Dates")
    dates.get_by_role("button", name="Move down").press("Enter")
    assert titles(page) == [["Shade", "Opening"], ["Dates"]]
    expect(page.get_by_text("“Dates” is now 1 of 1 in Closing.")).to_be_attached()
    expect(dates.get_by_role("button", name="Move down")).to_be_focused()

    page.get_by_role("group", name="Opening").get_by_label("Minutes").fill("50")
    expect(page.get_by_text("20 minutes over")).to_be_visible()
    page.get_by_role("group", name="Opening").get_by_label("Minutes").fill("15")
    expect(page.get_by_text("75 of 90 minutes, 15 free")).to_be_visible()

    offers = page.locator("[data-offers]").first
    offers.locator("summary").press("Enter")
    offers.get_by_label("Find").fill("school")
    expect(offers.get_by_text("Trees")).to_be_hidden()
    offers.get_by_label("Heat in schools").check()
    page.get_by_role("button", name="Put on the agenda: Climate").click()
    new = page.get_by_role("group", name="Heat in schools")
    expect(new.get_by_label("Minutes")).to_be_focused()
    new.get_by_label("Minutes").fill("15")

    assert stored(meeting) == [["Opening 10", "Shade 60", "Dates 5"], []]
    page.get_by_role("button", name="Save agenda").click()
    expect(page.get_by_text("Agenda saved: 4 items changed.")).to_be_visible()
    assert stored(meeting) == [["Shade 60", "Opening 15", "Heat in schools 15"], ["Dates 5"]]
    assert troubles == []

    for look in ({}, {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}):
        own = browsers(**look)
        own.goto(of(meeting))
        own.locator("[data-offers] > summary").first.click()
        assert own.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert axe_violations(own) == []
