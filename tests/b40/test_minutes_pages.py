"""The minutes page of a meeting: what it shows and to whom, what is sent from it, and in a browser, by two people at once."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from meetings.minutes.notes import TypedNote, save_notes
from meetings.models import ActionItem, AgendaItem, Correction, Decision, Document, Meeting, Minutes, NoteRevision
from members.history import restore
from members.models import Change, Organisation, User, place_of
from tests import factories
from tests.b40.admin_rows import address, client_of, confirmed, secretariat_user, typed

pytestmark = pytest.mark.django_db

ACTS = ("circulate", "approve", "reopen", "audience", "correction")
WHOLE = ("minutes", "minutes_save", "minutes_note", *(f"minutes_{act}" for act in ACTS))
SENT = WHOLE[1:]


def of(meeting: Meeting, part: str = "minutes", *args: Any) -> str:
    return address(Meeting, part, meeting.pk, *args)


def texts(item: AgendaItem) -> list[str]:
    return list(NoteRevision.objects.filter(item=item).order_by("number").values_list("text", flat=True))


@pytest.fixture
def user() -> User:
    return secretariat_user()


@pytest.fixture
def staff(user: User) -> Client:
    return client_of(user)


@pytest.fixture
def item() -> AgendaItem:
    group = factories.WorkingGroupFactory(name="Climate")
    session = factories.SessionFactory(meeting__title="Round", working_groups=[group])
    return factories.AgendaItemFactory(session=session, title="Shade in streets")


@pytest.fixture
def meeting(item: AgendaItem) -> Meeting:
    return item.session.meeting


def write(item: AgendaItem, text: str, began_from: int, by: User) -> None:
    save_notes(item.session.meeting, [TypedNote(item.pk, text, began_from)], by=by)


# --- Who may come in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", WHOLE)
def test_anonymous_is_sent_to_the_login(client: Client, meeting: Meeting, part: str) -> None:
    assert client.get(of(meeting, part))["Location"].startswith("/account/login/")


@pytest.mark.parametrize("part", WHOLE)
def test_staff_without_rights_is_refused(meeting: Meeting, part: str) -> None:
    newcomer = client_of(User.objects.create_user("newcomer", password="a-long-password", is_staff=True))

    assert newcomer.get(of(meeting, part)).status_code == 403
    assert newcomer.post(of(meeting, part)).status_code == 403


@pytest.fixture
def reader() -> Client:
    """Staff who may look at meetings and at nothing else."""
    user = User.objects.create_user("reader", password="a-long-password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_meeting"))
    return client_of(user)


def test_reader_reads_the_minutes_and_changes_nothing(
    reader: Client, meeting: Meeting, item: AgendaItem, user: User
) -> None:
    write(item, "Agreed.\n\n- Sofia", 0, user)
    earlier = factories.MeetingFactory(start_on=meeting.start_on - dt.timedelta(days=9))
    factories.ActionItemFactory(meeting=earlier, group=item.session.working_groups.get(), text="Count trees")

    page = reader.get(of(meeting)).content.decode()

    assert "<li>Sofia</li>" in page
    assert "Count trees" in page
    main = page[page.index('id="content-main"') :]
    assert re.findall(r"<textarea|<select|<input(?! type=\"hidden\")", main) == []
    for part in SENT:
        assert reader.post(of(meeting, part), {f"note-{item.pk}": "No"}).status_code == 403
    assert len(texts(item)) == 1


@pytest.mark.parametrize("part", WHOLE)
@pytest.mark.parametrize("key", ["999999", "none"])
def test_no_such_meeting(staff: Client, part: str, key: str) -> None:
    assert staff.get(address(Meeting, part, key)).status_code == 404


@pytest.mark.parametrize("part", SENT)
def test_what_is_only_sent_leads_back(staff: Client, meeting: Meeting, part: str) -> None:
    assert staff.get(of(meeting, part))["Location"].startswith(of(meeting))


# --- The page --------------------------------------------------------------------------------------------------------


def test_meeting_without_sessions_says_what_is_lacking(staff: Client) -> None:
    page = staff.get(of(factories.MeetingFactory())).content.decode()

    assert "There is no session yet" in page
    assert "No correction came in." in page


def test_minutes_are_linked_from_workspace_and_form(staff: Client, meeting: Meeting) -> None:
    for page in (of(meeting, "workspace"), of(meeting, "change")):
        assert f'href="{of(meeting)}"' in staff.get(page).content.decode()


@pytest.mark.parametrize(("sessions", "items"), [(1, 1), (6, 20)])
def test_page_costs_the_same_with_six_sessions_of_twenty_items(
    staff: Client, user: User, sessions: int, items: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    meeting = factories.MeetingFactory()
    earlier = factories.MeetingFactory(start_on=meeting.start_on - dt.timedelta(days=9))
    city = factories.OrganisationFactory()
    minutes = factories.MinutesFactory(meeting=meeting, circulated=True)
    for order in range(sessions):
        group = factories.WorkingGroupFactory()
        session = factories.SessionFactory(meeting=meeting, order=order, working_groups=[group])
        factories.ActionItemFactory(meeting=earlier, group=group, owners=[city])
        for _each in range(items):
            item = factories.AgendaItemFactory(session=session, topics=[factories.TopicFactory()])
            factories.NoteRevisionFactory(item=item, by=user)
            factories.NoteRevisionFactory(item=item, by=user, number=2)
            factories.DecisionFactory(meeting=meeting, item=item)
            factories.ActionItemFactory(meeting=meeting, item=item, group=group, owners=[city])
        factories.CorrectionFactory(minutes=minutes, organisation=city, item=item)
    staff.get(of(meeting))

    with django_assert_num_queries(23):
        response = staff.get(of(meeting))

    parts = response.context["page"].sessions
    assert [len(parts), sum(len(part.items) for part in parts), len(parts[0].arising)] == [
        sessions,
        sessions * items,
        1,
    ]
    assert "unsafe" not in response["Content-Security-Policy"]


# --- Saving the page -------------------------------------------------------------------------------------------------


def test_one_save_writes_everything_that_was_typed(staff: Client, meeting: Meeting, item: AgendaItem) -> None:
    sofia = factories.OrganisationNameFactory(text="София", organisation__name="Sofia").organisation
    serres = factories.OrganisationFactory(name="Serres")
    earlier = factories.MeetingFactory(start_on=meeting.start_on - dt.timedelta(days=9))
    old = factories.ActionItemFactory(meeting=earlier, group=item.session.working_groups.get())
    shown = staff.get(of(meeting)).context["page"].sessions[0].arising[0].shown

    sent = {
        f"note-{item.pk}": "Agreed.",
        f"from-{item.pk}": "0",
        f"decision-{item.pk}-text": "Plant trees",
        f"action-{item.pk}-text": "Count trees",
        f"action-{item.pk}-owners": "София, SERRES",
        f"action-{item.pk}-due_on": "2030-01-31",
        f"arising-{old.pk}-outcome": "done",
        f"arising-{old.pk}-due_on": "",
        f"arising-{old.pk}-evidence": "Sent.",
        f"arising-{old.pk}-evidence_url": "https://example.org/answers",
        f"arising-{old.pk}-shown": shown,
    }
    response = staff.post(of(meeting, "minutes_save"), sent)

    assert response["Location"] == of(meeting)
    assert texts(item) == ["Agreed."]
    assert list(Decision.objects.values_list("text", "item")) == [("Plant trees", item.pk)]
    action = ActionItem.objects.get(text="Count trees")
    assert (set(action.owners.all()), action.due_on) == ({sofia, serres}, dt.date(2030, 1, 31))
    assert action.group == item.session.working_groups.get()
    old.refresh_from_db()
    assert (old.outcome, old.closed_on, old.evidence) == ("done", meeting.known_by, "Sent.")
    assert (
        len(set(Change.objects.filter(model="meetings.actionitem", actor="elif").values_list("batch", flat=True))) == 1
    )


def test_late_note_comes_back_beside_the_other_one_and_can_be_saved_on_top(
    staff: Client, meeting: Meeting, item: AgendaItem
) -> None:
    vasil = secretariat_user("vasil")
    sent = {f"note-{item.pk}": "Mine <b>", f"from-{item.pk}": "0", f"decision-{item.pk}-text": "Plant trees"}
    write(item, "Theirs", 0, vasil)

    response = staff.post(of(meeting, "minutes_save"), sent)

    page = response.content.decode()
    assert response.status_code == 409
    assert "vasil saved revision 1" in " ".join(page.split())
    assert "<del>Theirs</del>" in page
    assert "<ins>Mine &lt;b&gt;</ins>" in page
    (part,) = response.context["page"].stale
    assert (part.text, part.began_from) == ("Mine <b>", 1)
    assert Decision.objects.get().text == "Plant trees"

    again = staff.post(of(meeting, "minutes_save"), {f"note-{item.pk}": "Theirs, mine", f"from-{item.pk}": "1"})

    assert again.status_code == 302
    assert texts(item) == ["Theirs", "Theirs, mine"]


def test_note_to_a_deleted_item_comes_back(staff: Client, meeting: Meeting, item: AgendaItem) -> None:
    key = item.pk
    item.delete()

    response = staff.post(of(meeting, "minutes_save"), {f"note-{key}": "Mine", f"from-{key}": "0"})

    assert response.status_code == 409
    assert "An agenda item that is no more. What you typed:" in response.content.decode()
    assert "Mine" in response.content.decode()


def test_owner_who_cannot_be_told_is_asked_for_and_nothing_typed_is_lost(
    staff: Client, meeting: Meeting, item: AgendaItem
) -> None:
    factories.OrganisationFactory(name="Sofia")
    sent = {f"action-{item.pk}-text": "Count trees", f"action-{item.pk}-owners": "Sofiya Municipalitet"}
    sent |= {f"note-{item.pk}": "Kept", f"from-{item.pk}": "0"}

    page = staff.post(of(meeting, "minutes_save"), sent).content.decode()

    assert "“Sofiya Municipalitet” is not in the register" in page
    assert "Count trees</textarea>" in page
    assert 'value="Sofiya Municipalitet"' in page
    assert texts(item) == ["Kept"]
    assert not ActionItem.objects.exists()


def test_action_without_owner_or_text_is_asked_for(staff: Client, meeting: Meeting, item: AgendaItem) -> None:
    first = staff.post(of(meeting, "minutes_save"), {f"action-{item.pk}-text": "Count trees"}).content.decode()
    second = staff.post(of(meeting, "minutes_save"), {f"action-{item.pk}-due_on": "2030-01-31"}).content.decode()

    assert "Name the organisations that are to do it." in first
    assert "This field is required." in second
    assert not ActionItem.objects.exists()


def test_matter_that_changed_meanwhile_is_asked_again(staff: Client, meeting: Meeting, item: AgendaItem) -> None:
    earlier = factories.MeetingFactory(start_on=meeting.start_on - dt.timedelta(days=9))
    action = factories.ActionItemFactory(meeting=earlier, group=item.session.working_groups.get())
    shown = staff.get(of(meeting)).context["page"].sessions[0].arising[0].shown
    action.due_on = dt.date(2030, 5, 1)
    action.save()

    sent = {f"arising-{action.pk}-{name}": "" for name in ("due_on", "outcome", "evidence_url")}
    sent |= {f"arising-{action.pk}-evidence": "Mine", f"arising-{action.pk}-shown": shown}
    page = staff.post(of(meeting, "minutes_save"), sent).content.decode()

    assert "Somebody changed this action meanwhile: now open, due 1 May 2030." in page
    assert "Mine</textarea>" in page
    action.refresh_from_db()
    assert action.evidence == ""


@pytest.mark.parametrize("number", ["", "-1", "²", "9" * 30, "x"])
def test_number_of_a_revision_that_is_none_counts_as_late(
    staff: Client, meeting: Meeting, item: AgendaItem, number: str
) -> None:
    response = staff.post(of(meeting, "minutes_save"), {f"note-{item.pk}": "Mine", f"from-{item.pk}": number})

    assert response.status_code == 409
    assert texts(item) == []


def test_approved_minutes_are_read_and_a_late_form_keeps_its_text(
    staff: Client, meeting: Meeting, item: AgendaItem, user: User
) -> None:
    write(item, "Agreed.", 0, user)
    factories.MinutesFactory(meeting=meeting, approved=True)

    assert "<textarea" not in staff.get(of(meeting)).content.decode()
    response = staff.post(of(meeting, "minutes_save"), {f"note-{item.pk}": "Late", f"from-{item.pk}": "1"})

    assert "reopen them, with a reason" in response.content.decode()
    assert "not saved: you typed" in response.content.decode()
    assert "Late" in response.content.decode()
    assert texts(item) == ["Agreed."]


# --- While somebody types --------------------------------------------------------------------------------------------


def test_autosave_answers_with_the_new_revision_or_with_both_texts(
    staff: Client, meeting: Meeting, item: AgendaItem
) -> None:
    saved = staff.post(of(meeting, "minutes_note"), {f"note-{item.pk}": "One", f"from-{item.pk}": "0"})
    late = staff.post(of(meeting, "minutes_note"), {f"note-{item.pk}": "<i>Mine", f"from-{item.pk}": "0"})

    assert (saved.status_code, saved.json()) == (200, {"number": 1, "text": "One"})
    assert (late.status_code, late.json()["number"], late.json()["text"]) == (409, 1, "One")
    assert "&lt;i&gt;Mine" in late.json()["comparison"]
    assert "<i>" not in late.json()["comparison"]


def test_autosave_of_approved_minutes_or_of_nothing_is_refused(
    staff: Client, meeting: Meeting, item: AgendaItem
) -> None:
    factories.MinutesFactory(meeting=meeting, approved=True)

    refused = staff.post(of(meeting, "minutes_note"), {f"note-{item.pk}": "One", f"from-{item.pk}": "0"})
    empty = staff.post(of(meeting, "minutes_note"))

    assert (refused.status_code, empty.status_code) == (403, 400)
    assert "reopen them" in refused.json()["refusal"]


# --- Revisions -------------------------------------------------------------------------------------------------------


@pytest.fixture
def thrice(item: AgendaItem, user: User) -> AgendaItem:
    for number, text in enumerate(["One", "One two", "One two three"]):
        write(item, text, number, user)
    return item


def test_any_two_revisions_are_compared(staff: Client, meeting: Meeting, thrice: AgendaItem) -> None:
    page = of(meeting, "minutes_revisions", thrice.pk)

    newest = staff.get(page).content.decode()
    chosen = staff.get(page, {"first": "1", "second": "3"}).content.decode()

    assert "Revision 2 beside revision 3" in newest
    assert "<ins>three</ins>" in newest
    assert "Revision 1 beside revision 3" in chosen
    assert "<ins>two three</ins>" in chosen
    assert staff.get(page, {"first": "4"}).status_code == 404


def test_revision_is_brought_back_unless_somebody_saved_meanwhile(
    staff: Client, meeting: Meeting, thrice: AgendaItem
) -> None:
    back = of(meeting, "minutes_restore", thrice.pk)

    staff.post(back, {"revision": "1", "from": "3"})
    late = staff.post(back, {"revision": "2", "from": "3"}, follow=True)

    assert texts(thrice) == ["One", "One two", "One two three", "One"]
    assert "Somebody saved this note meanwhile" in late.content.decode()
    assert "brings back revision 1" in late.content.decode()


def test_revisions_of_another_meeting_or_of_no_note_are_not_found(
    staff: Client, meeting: Meeting, thrice: AgendaItem
) -> None:
    other = factories.AgendaItemFactory(session=thrice.session)

    assert staff.get(of(meeting, "minutes_revisions", other.pk)).status_code == 404
    assert staff.get(of(factories.MeetingFactory(), "minutes_revisions", thrice.pk)).status_code == 404
    assert staff.get(of(meeting, "minutes_restore", thrice.pk)).status_code == 302


@pytest.mark.parametrize("number", [2, 40])
def test_revisions_cost_the_same_for_any_number(
    staff: Client, meeting: Meeting, item: AgendaItem, user: User, number: int, django_assert_num_queries: Any
) -> None:
    for each in range(number):
        factories.NoteRevisionFactory(item=item, by=user, number=each + 1)
    staff.get("/admin/login/")

    with django_assert_num_queries(12):
        assert staff.get(of(meeting, "minutes_revisions", item.pk)).status_code == 200


# --- Circulating, correcting, approving ------------------------------------------------------------------------------


def test_minutes_are_circulated_corrected_approved_and_reopened(
    staff: Client, meeting: Meeting, item: AgendaItem, user: User
) -> None:
    write(item, "Agreed.", 0, user)
    city = factories.OrganisationNameFactory(text="Скопје", organisation__name="Skopje").organisation
    today = dt.date.today().isoformat()

    staff.post(of(meeting, "minutes_circulate"), {"corrections_until": "2999-01-01"})
    sent = {"organisation": "скопје", "item": item.pk, "text": "We were there too."}
    staff.post(of(meeting, "minutes_correction"), sent)
    correction = Correction.objects.get()
    assert (correction.organisation, correction.item, correction.recorded_by) == (city, item, user)

    refused = staff.post(of(meeting, "minutes_approve"), {"on": today}).content.decode()
    assert "Settle the corrections first: 1 without an answer." in refused
    staff.post(of(meeting, "minutes_settle", correction.pk), {"outcome": "accepted", "answer": "Added."})
    staff.post(of(meeting, "minutes_audience"), {"audience": "public"})
    staff.post(of(meeting, "minutes_approve"), {"on": meeting.known_by.isoformat()})
    minutes = Minutes.objects.get()
    assert (minutes.approved_on, minutes.approved_by, minutes.audience) == (meeting.known_by, user, "public")

    assert "Say why the minutes are reopened." in staff.post(of(meeting, "minutes_reopen")).content.decode()
    staff.post(of(meeting, "minutes_reopen"), {"reason": "A name was wrong"})
    assert not Minutes.objects.get().is_approved
    assert "A name was wrong" in staff.get(address(Minutes, "history", minutes.pk)).content.decode()


def test_refused_correction_keeps_what_was_typed(staff: Client, meeting: Meeting) -> None:
    factories.MinutesFactory(meeting=meeting, circulated=True)

    sent = {"organisation": "Nowhere", "text": "A long correction"}
    page = staff.post(of(meeting, "minutes_correction"), sent).content.decode()

    assert "“Nowhere” is not in the register." in page
    assert "A long correction</textarea>" in page


def test_correction_of_another_meeting_is_not_settled_here(staff: Client, meeting: Meeting) -> None:
    correction = factories.CorrectionFactory()

    page = of(meeting, "minutes_settle", correction.pk)

    assert staff.post(page, {"outcome": "accepted"}).status_code == 404


def test_dashboard_leads_to_corrections_and_overdue_actions(staff: Client, meeting: Meeting) -> None:
    correction = factories.CorrectionFactory(minutes__meeting=meeting)
    action = factories.ActionItemFactory(meeting=meeting, due_on=dt.date(2022, 1, 1), text="Count trees")

    page = staff.get("/admin/").content.decode()

    assert f"{of(correction.minutes.meeting)}#corrections" in page
    assert f'href="{address(ActionItem, "change", action.pk)}">Count trees' in page


# --- Action items elsewhere ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 5])
def test_workspace_shows_matters_arising_at_one_cost(
    staff: Client, meeting: Meeting, item: AgendaItem, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    earlier = factories.MeetingFactory(start_on=meeting.start_on - dt.timedelta(days=9))
    for each in range(number):
        owners = [factories.OrganisationFactory() for _each in range(number)]
        fields = {"group": item.session.working_groups.get(), "text": f"Errand {each}"}
        factories.ActionItemFactory(meeting=earlier, owners=owners, **fields)
    staff.get(of(meeting, "workspace"))

    with django_assert_num_queries(26):
        page = staff.get(of(meeting, "workspace")).content.decode()

    assert "Matters arising" in page
    assert [f"Errand {each}" in page for each in range(number)] == [True] * number


def test_organisation_page_shows_its_own_open_actions(staff: Client) -> None:
    city = factories.OrganisationFactory()
    factories.ActionItemFactory(owners=[city], text="Count trees", due_on=dt.date(2022, 1, 1))
    factories.ActionItemFactory(owners=[city], text="Long done", closed_on=dt.date(2030, 1, 1), outcome="done")
    factories.ActionItemFactory(text="Of others")

    page = staff.get(address(Organisation, "change", city.pk)).content.decode()

    own = page[page.index('id="own-actions"') :]
    assert ["Count trees" in own, "overdue" in own, "Long done" in own, "Of others" in own] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "open"}, ["Late", "Open"]),
        ({"state": "overdue"}, ["Late"]),
        ({"state": "done"}, ["Done"]),
        ({"q": "софия"}, ["Late"]),
        ({"q": "LATE"}, ["Late"]),
        ({"q": "opening round"}, ["Late", "Open", "Done"]),
    ],
)
def test_actions_are_listed_by_state_owner_and_in_any_script(
    staff: Client, asked: dict[str, str], found: list[str]
) -> None:
    meeting = factories.MeetingFactory(title="Opening round")
    sofia = factories.OrganisationNameFactory(text="София", organisation__name="Sofia").organisation
    factories.ActionItemFactory(meeting=meeting, text="Late", due_on=dt.date(2022, 1, 1), owners=[sofia])
    factories.ActionItemFactory(meeting=meeting, text="Open", due_on=dt.date(2999, 1, 1))
    factories.ActionItemFactory(meeting=meeting, text="Done", closed_on=dt.date(2030, 1, 1), outcome="done")

    rows = staff.get(address(ActionItem, "changelist"), asked).context["cl"].result_list

    assert [row.text for row in rows] == found


def test_item_with_a_note_is_kept_and_a_document_goes_with_its_versions(staff: Client, item: AgendaItem) -> None:
    factories.NoteRevisionFactory(item=item)
    document = factories.DocumentFactory(kept=True)

    refused = confirmed(staff, address(AgendaItem, "delete", item.pk))
    confirmed(staff, address(Document, "delete", document.pk))

    assert "1 revision of a note" in refused.content.decode()
    assert AgendaItem.objects.filter(pk=item.pk).exists()
    assert not Document.objects.exists()


def test_deleted_document_comes_back_without_its_files(django_capture_on_commit_callbacks: Any) -> None:
    document = factories.DocumentFactory(kept=True, title="Agenda")
    key = document.pk
    with django_capture_on_commit_callbacks(execute=True):
        document.delete()

    restore(Change.objects.of_record(place_of(Document, key))[0])

    back = Document.objects.get(pk=key)
    assert (back.title, back.file.name, back.current_version, back.former_versions) == ("Agenda", "", None, [])


def test_new_file_of_a_document_becomes_a_version_on_its_form(staff: Client, user: User) -> None:
    document = factories.DocumentFactory(kept=True)
    page = address(Document, "change", document.pk)
    sent = typed(staff.get(page), file=factories.pdf_file("second.pdf"), audience="members")

    assert staff.post(page, sent).status_code == 302
    newest = document.versions.get(number=2)
    assert (newest.uploaded_by, Document.objects.get().audience) == (user, "members")
    shown = staff.get(page).content.decode()
    assert document.versions.get(number=1).file.url in shown


# --- In a browser ----------------------------------------------------------------------------------------------------


def permitted(name: str) -> User:
    """Staff of the secretariat; made here in full, since a test with a live server empties what migrations brought."""
    user = User.objects.create_user(name, password="a-long-password", is_staff=True)
    group, _made = Group.objects.get_or_create(name="Secretariat")
    apps = ("members", "workinggroups", "meetings")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=apps))
    user.groups.add(group)
    return user


DESK = pytest.param({"viewport": {"width": 1440, "height": 900}}, id="desk")
PHONE = pytest.param({"viewport": {"width": 360, "height": 800}, "color_scheme": "dark"}, id="phone")
NO_SCRIPTS = pytest.param({"java_script_enabled": False}, id="without scripts")


@pytest.fixture
def desks(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, context: Any, look: dict[str, Any]
) -> Iterator[tuple[Page, Page]]:
    """Two members of the secretariat, each in a browser of their own."""
    contexts = []
    for name in ("elif", "vasil"):
        key = client_of(permitted(name)).cookies[settings.SESSION_COOKIE_NAME].value
        own = browser.new_context(**{**browser_context_args, **look})
        own.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        contexts.append(own)
    yield contexts[0].new_page(), contexts[1].new_page()
    for own in contexts:
        own.close()


def filled() -> Meeting:
    """A meeting of a group, with a matter arising from an earlier one."""
    group = factories.WorkingGroupFactory(name="Local Climate Action")
    meeting = factories.MeetingFactory(title="Round", start_on=dt.date(2024, 5, 1))
    session = factories.SessionFactory(meeting=meeting, working_groups=[group])
    for title in ("Shade in streets", "Αστικές θερμικές νησίδες και αναπλάσεις κοινόχρηστων χώρων"):
        factories.AgendaItemFactory(session=session, title=title)
    factories.SessionFactory(meeting=meeting, title="Closing")
    for name in ("Sofia", "Serres"):
        factories.OrganisationFactory(name=name)
    earlier = factories.MeetingFactory(title="Spring round", start_on=dt.date(2024, 1, 1))
    owners = list(Organisation.objects.all())
    factories.ActionItemFactory(meeting=earlier, group=group, text="Send the questionnaire", owners=owners)
    return meeting


def note(page: Page) -> Any:
    return page.get_by_role("textbox", name="Shade in streets", exact=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [DESK, PHONE])
def test_two_people_typing_at_once_lose_nothing(
    desks: tuple[Page, Page], axe_violations: Callable[[Page], list[str]], look: dict[str, Any]
) -> None:
    hers, his = desks
    meeting = filled()
    for page in desks:
        page.goto(of(meeting))
    note(hers).fill("Sofia spoke first.")
    expect(hers.get_by_text(re.compile(r"^saved \d\d:\d\d"))).to_be_visible()
    note(hers).fill("Sofia spoke first, then Serres.")
    expect(hers.get_by_role("status").first).to_have_text(re.compile(r"^saved"))

    note(his).fill("Serres spoke first.")

    sides = his.get_by_role("group", name="Two texts of one note")
    expect(sides).to_contain_text("elif saved revision")
    expect(sides.locator("del").first).to_contain_text("Sofia")
    expect(note(his)).to_have_value("Serres spoke first.")
    assert axe_violations(his) == []
    assert fits(his)
    note(his).fill("Serres spoke first, then Sofia.")
    his.get_by_role("button", name="Save mine on top").click()

    expect(sides).to_have_count(0)
    expect(his.get_by_role("status").first).to_have_text(re.compile(r"^saved"))
    found = NoteRevision.objects.order_by("number").values_list("by__username", "text")
    assert list(found)[-2:] == [
        ("elif", "Sofia spoke first, then Serres."),
        ("vasil", "Serres spoke first, then Sofia."),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [DESK])
def test_text_stays_while_the_line_is_down_and_is_saved_afterwards(
    desks: tuple[Page, Page], look: dict[str, Any]
) -> None:
    page, meeting = desks[0], filled()
    page.goto(of(meeting))
    page.context.set_offline(True)
    note(page).fill("Typed on the train.")
    expect(page.get_by_text("not saved, trying again")).to_be_visible()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    expect(note(page)).to_have_value("Typed on the train.")
    assert asked == ["beforeunload"]

    page.context.set_offline(False)

    expect(page.get_by_role("status").first).to_have_text(re.compile(r"^saved"))
    assert list(NoteRevision.objects.values_list("text", flat=True)) == ["Typed on the train."]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [DESK])
def test_who_was_signed_out_is_told_and_loses_nothing(desks: tuple[Page, Page], look: dict[str, Any]) -> None:
    page, meeting = desks[0], filled()
    page.goto(of(meeting))
    page.context.clear_cookies()

    note(page).fill("Typed too late.")

    expect(page.get_by_text("sign in again in another tab")).to_be_visible()
    expect(note(page)).to_have_value("Typed too late.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [DESK])
def test_saves_in_flight_keep_their_order(desks: tuple[Page, Page], look: dict[str, Any]) -> None:
    """What is typed while a save is on its way is saved after it, on top of it."""
    page, meeting = desks[0], filled()
    page.goto(of(meeting))
    held: list[Route] = []
    page.route("**/minutes/note/", lambda route: route.continue_() if held else held.append(route))
    note(page).fill("First")
    note(page).blur()
    expect(page.get_by_text("saving …")).to_be_visible()
    note(page).fill("First, second")
    held[0].continue_()

    expect(page.get_by_role("status").first).to_have_text(re.compile(r"^saved"))
    assert list(NoteRevision.objects.order_by("number").values_list("text", flat=True)) == ["First", "First, second"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [NO_SCRIPTS])
def test_without_scripts_a_page_is_minuted_and_a_late_save_is_merged(
    desks: tuple[Page, Page], look: dict[str, Any]
) -> None:
    hers, his = desks
    meeting = filled()
    for page in desks:
        page.goto(of(meeting))
    note(hers).fill("Sofia spoke.")
    hers.get_by_text("Add a decision or an action: Shade in streets").click()
    hers.get_by_label("Decision", exact=True).first.fill("Plant trees")
    hers.get_by_label("Action: what is to be done").first.fill("Count trees")
    hers.get_by_label("By whom").first.fill("Nowhere, sofia")
    hers.get_by_role("button", name="Add").first.click()
    expect(hers.get_by_text("“Nowhere” is not in the register")).to_be_visible()
    hers.get_by_label("By whom").first.fill("Σέρρες, sofia")
    hers.get_by_role("button", name="Save minutes").click()
    expect(hers.get_by_role("link", name="Count trees")).to_be_visible()

    note(his).fill("Serres spoke.")
    his.get_by_role("button", name="Save minutes").click()
    expect(his.get_by_role("group", name="Two texts of one note")).to_contain_text("elif saved revision 1")
    note(his).fill("Sofia and Serres spoke.")
    his.get_by_role("button", name="Save minutes").click()

    expect(his.get_by_text("1 thing saved.")).to_be_visible()
    assert list(NoteRevision.objects.order_by("number").values_list("text", flat=True)) == ["Sofia spoke.", "Sofia and Serres spoke."]  # fmt: skip
    assert Decision.objects.count() == 1
    assert ActionItem.objects.get(text="Count trees").owners.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [DESK])
def test_matter_arising_is_closed_by_keyboard(desks: tuple[Page, Page], look: dict[str, Any]) -> None:
    page, meeting = desks[0], filled()
    page.goto(of(meeting))
    page.get_by_text("Close it, or give it another day").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("done")
    page.get_by_label("Evidence").fill("All answered.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 thing saved.")).to_be_visible()
    expect(page.get_by_text("done, 1 May 2024")).to_be_visible()
    assert ActionItem.objects.get().outcome == "done"


@pytest.mark.looks
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [PHONE])
def test_every_state_of_the_pages_is_accessible(
    desks: tuple[Page, Page], axe_violations: Callable[[Page], list[str]], look: dict[str, Any]
) -> None:
    page, meeting = desks[0], filled()
    user = User.objects.get(username="elif")
    item = AgendaItem.objects.get(title="Shade in streets")
    write(item, "Sofia spoke.\n\n- heat", 0, user)
    write(item, "Sofia spoke.\n\n- heat\n- shade", 1, user)
    minutes = factories.MinutesFactory(meeting=meeting, circulated=True, audience="public")
    factories.CorrectionFactory(minutes=minutes, item=item, organisation=Organisation.objects.first())
    breaches: dict[str, list[str]] = {}

    def look_at(name: str, where: str) -> None:
        page.goto(where)
        page.evaluate("document.querySelectorAll('details.minutes-add').forEach((each) => { each.open = true; })")
        breaches[name] = axe_violations(page) + ([] if fits(page) else ["wider than the window"])

    look_at("circulated", of(meeting))
    look_at("revisions", of(meeting, "minutes_revisions", item.pk))
    look_at("organisation", address(Organisation, "change", Organisation.objects.get(name="Sofia").pk))
    Correction.objects.all().delete()
    minutes.approved_on, minutes.approved_by = dt.date(2024, 5, 2), user
    minutes.save()
    look_at("approved", of(meeting))
    look_at("public", meeting.get_absolute_url())

    assert {name: found for name, found in breaches.items() if found} == {}
