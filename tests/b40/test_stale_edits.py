"""Two people on one record: the second save is refused, shows both versions, and keeps what was typed."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from meetings.models import Attendance, Meeting, Session
from members.history import lock, version_of
from members.models import Change, Country, OfficeChange, Organisation, OrganisationName, Source, User
from tests.b40 import admin_rows as rows
from tests.b40.admin_rows import MAKERS, address, client_of, confirmed, secretariat_user, typed
from workinggroups.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def elif_() -> Client:
    return client_of(secretariat_user("elif"))


@pytest.fixture
def vasil() -> Client:
    return client_of(secretariat_user("vasil"))


class Desk:
    """One person's open form page."""

    def __init__(self, client: Client, record: models.Model) -> None:
        self.client = client
        self.page = address(type(record), "change", record.pk)
        self.response = client.get(self.page)

    def save(self, **changes: Any) -> Any:
        """Send what the page holds, with some fields typed over; a refusal is the page that is open then."""
        answer = self.client.post(self.page, typed(self.response, **changes))
        if answer.status_code == 409:
            self.response = answer
        return answer

    @property
    def lines(self) -> list[tuple[str, str, str, str]]:
        """What the refusal shows: field, what it was, theirs, mine."""
        return [
            (line["field"], line["base"], line["theirs"], line["mine"])
            for collision in self.response.context["stale_edit"].collisions
            for line in collision.lines
        ]

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """What the refusal says of rows."""
        return [(each.label, each.outcome) for each in self.response.context["stale_edit"].collisions if each.outcome]

    def holds(self, name: str) -> Any:
        return self.response.context["adminform"].form[name].value()


def values(record: models.Model, *names: str) -> tuple[Any, ...]:
    record.refresh_from_db()
    return tuple(getattr(record, name) for name in names)


def test_second_save_is_refused_and_nothing_written(elif_: Client, vasil: Client) -> None:
    meeting = rows.meeting(1)
    hers, his = Desk(elif_, meeting), Desk(vasil, meeting)
    hers.save(motto="Hers")
    before = Change.objects.version()

    answer = his.save(motto="His")

    assert answer.status_code == 409
    assert "Nothing was saved yet" in answer.content.decode()
    assert values(meeting, "motto") == ("Hers",)
    assert Change.objects.version() == before


def test_both_versions_are_shown_and_what_was_typed_is_kept(elif_: Client, vasil: Client) -> None:
    meeting = rows.meeting(1)
    hers, his = Desk(elif_, meeting), Desk(vasil, meeting)
    hers.save(motto="Hers", kind="workshop", host_city=rows.city(2).pk)

    his.save(motto="His", summary="Typed for an hour")

    assert sorted(his.lines) == [
        ("Host city", "City 1 · Land 1", "City 2 · Land 2", ""),
        ("Kind", "working group meeting", "workshop", ""),
        ("Motto", "–", "Hers", "His"),
        ("Summary", "–", "–", "Typed for an hour"),
    ]
    assert (his.holds("motto"), his.holds("summary"), his.holds("kind")) == ("His", "Typed for an hour", "workshop")
    assert "changed by elif" in his.response.content.decode()


def test_saving_after_the_conflict_keeps_mine_and_what_only_they_changed(elif_: Client, vasil: Client) -> None:
    meeting = rows.meeting(1)
    hers, his = Desk(elif_, meeting), Desk(vasil, meeting)
    hers.save(motto="Hers", kind="workshop")
    his.save(motto="His")

    answer = his.save()

    assert answer.status_code == 302
    assert values(meeting, "motto", "kind") == ("His", "workshop")


def test_theirs_can_be_taken_field_by_field(elif_: Client, vasil: Client) -> None:
    meeting = rows.meeting(1)
    hers, his = Desk(elif_, meeting), Desk(vasil, meeting)
    hers.save(motto="Hers", host_city=rows.city(2).pk, attendance_complete="on", sources=[rows.source(1).pk])
    his.save(motto="His", host_city=rows.city(3).pk, sources=[rows.source(2).pk], summary="Mine")

    his.save(_theirs=["motto", "host_city", "sources"])

    assert values(meeting, "motto", "host_city", "attendance_complete", "summary") == (
        "Hers",
        rows.city(2),
        True,
        "Mine",
    )
    assert list(meeting.sources.all()) == [rows.source(1)]


def test_third_change_meanwhile_is_a_conflict_again(elif_: Client, vasil: Client) -> None:
    meeting = rows.meeting(1)
    hers, his = Desk(elif_, meeting), Desk(vasil, meeting)
    hers.save(motto="Hers")
    his.save(summary="His")
    Desk(elif_, meeting).save(motto="Hers again")

    assert his.save().status_code == 409
    assert his.save().status_code == 302
    assert values(meeting, "motto", "summary") == ("Hers again", "His")


def test_row_added_meanwhile_is_told_and_stays(elif_: Client, vasil: Client) -> None:
    meeting = rows.meeting(1)
    hers, his = Desk(elif_, meeting), Desk(vasil, meeting)
    hers.save(**{"attendances-0-organisation": rows.city(2).pk})

    his.save(**{"attendances-0-organisation": rows.city(3).pk})
    assert his.outcomes == [("City 2: present", "Added; it stays.")]
    his.save()

    assert sorted(Attendance.objects.values_list("organisation__name", flat=True)) == ["City 2", "City 3"]


def test_row_changed_by_both_is_shown_field_by_field(elif_: Client, vasil: Client) -> None:
    row = Attendance.objects.create(meeting=rows.meeting(1), organisation=rows.city(2))
    other = Attendance.objects.create(meeting=rows.meeting(1), organisation=rows.city(3))
    hers, his = Desk(elif_, rows.meeting(1)), Desk(vasil, rows.meeting(1))
    hers.save(**{"attendances-0-presence": "excused", "attendances-1-mode": "online"})

    his.save(**{"attendances-0-presence": "absent", "attendances-0-mode": "room"})
    assert his.lines == [
        ("Presence", "present", "excused", "absent"),
        ("In the room or online", "–", "–", "in the room"),
        ("In the room or online", "–", "online", ""),
    ]
    his.save()

    assert values(row, "presence", "mode") == ("absent", "room")
    assert values(other, "mode") == ("online",)


def test_row_deleted_meanwhile_becomes_a_new_one_if_it_was_typed_into(elif_: Client, vasil: Client) -> None:
    for number in (2, 3, 4):
        Attendance.objects.create(meeting=rows.meeting(1), organisation=rows.city(number))
    hers, his = Desk(elif_, rows.meeting(1)), Desk(vasil, rows.meeting(1))
    hers.save(**{"attendances-0-DELETE": "on", "attendances-1-DELETE": "on"})

    his.save(**{"attendances-1-presence": "excused", "attendances-2-presence": "absent"})
    assert his.outcomes == [
        ("City 2: present", "Deleted."),
        ("City 3: present", "Deleted; what you typed stands below as a new row."),
    ]
    assert his.save().status_code == 302

    assert sorted(Attendance.objects.values_list("organisation__name", "presence")) == [
        ("City 3", "excused"),
        ("City 4", "absent"),
    ]


def test_change_of_a_part_on_its_own_page_counts(elif_: Client, vasil: Client) -> None:
    name = OrganisationName.objects.create(organisation=rows.city(1), text="Град")
    his = Desk(vasil, rows.city(1))
    Desk(elif_, name).save(language="bg")

    assert his.save(note="Mine").status_code == 409


def test_sessions_have_a_version_of_their_own(elif_: Client, vasil: Client) -> None:
    session = rows.session(1)
    his = Desk(vasil, session)
    Desk(elif_, session.meeting).save(motto="Hers")

    assert his.save(room="Blue room").status_code == 302
    assert version_of(Session, session.pk) == version_of(Meeting, session.meeting_id)


def test_list_of_relations_counts(elif_: Client, vasil: Client) -> None:
    his = Desk(vasil, rows.meeting(1))
    rows.meeting(1).sources.add(rows.source(1))

    assert his.save(motto="His").status_code == 409


def test_form_without_a_version_is_refused(elif_: Client) -> None:
    desk = Desk(elif_, rows.country(1))

    for version in (None, "", "nonsense", "٣"):
        assert desk.client.post(desk.page, typed(desk.response, footnote="Mine", _version=version)).status_code == 409

    assert values(rows.country(1), "footnote") == ("",)


@pytest.mark.parametrize("model", [model for model in MAKERS if model not in (User, Group)], ids=lambda m: m.__name__)
def test_every_form_page_refuses_a_stale_save(elif_: Client, model: type[models.Model]) -> None:
    record = MAKERS[model](1)
    desk = Desk(elif_, record)
    Change.objects.create(
        model=model._meta.label_lower, record=f"{model._meta.label_lower}:{record.pk}", action="changed"
    )
    before = Change.objects.version()

    assert desk.save().status_code == 409
    assert Change.objects.version() == before
    assert desk.save().status_code == 302


def test_record_changed_meanwhile_is_not_deleted(elif_: Client, vasil: Client) -> None:
    source = rows.source(1)
    page = address(Source, "delete", source.pk)
    shown = vasil.get(page).context["record_version"]
    Desk(elif_, source).save(title="Hers")

    answer = vasil.post(page, {"post": "yes", "_version": shown})

    assert answer.status_code == 409
    assert Source.objects.filter(pk=source.pk).exists()
    assert confirmed(vasil, page).status_code == 302
    assert not Source.objects.exists()


def test_records_changed_meanwhile_are_not_deleted_together(elif_: Client, vasil: Client) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [rows.source(1).pk, rows.source(2).pk]}
    page = address(Source, "changelist")
    shown = vasil.post(page, chosen).context["record_version"]
    Desk(elif_, rows.source(2)).save(title="Hers")

    answer = vasil.post(page, {**chosen, "post": "yes", "_version": shown})

    assert "look again before you decide" in answer.content.decode()
    assert Source.objects.count() == 2


def test_what_was_typed_into_a_deleted_record_is_given_back(elif_: Client, vasil: Client) -> None:
    his = Desk(vasil, rows.country(1))
    confirmed(elif_, address(Country, "delete", rows.country(1).pk))

    answer = his.save(footnote="Typed for an hour")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "was deleted by elif while you were writing" in page
    assert "Typed for an hour" in page
    assert address(Country, "history", "AB") in page


# --- Moving a meeting or a handover ----------------------------------------------------------------------------------


def test_meeting_moves_together_with_its_sessions(elif_: Client) -> None:
    session = rows.session(1)
    session.starts_at = "2020-01-31T10:00:00+02:00"
    session.save()
    desk = Desk(elif_, session.meeting)

    assert "outside the meeting&#x27;s days" in desk.save(start_on="2020-03-01").content.decode()
    moved = {"sessions-0-starts_at_0": "2020-03-01", "sessions-0-starts_at_1": "10:00"}
    assert desk.save(start_on="2020-03-01", **moved).status_code == 302


def test_meeting_does_not_leave_its_sessions_behind() -> None:
    session = rows.session(1)
    session.starts_at = "2020-01-31T10:00:00+02:00"
    session.save()
    meeting = Meeting.objects.get()
    meeting.start_on = rows.day(2)

    with pytest.raises(ValidationError, match="would then start outside the meeting's days"):
        meeting.full_clean(exclude=["search"])


def test_handover_moves_together_with_its_president(elif_: Client) -> None:
    presidency = rows.office_change(1).presidency
    desk = Desk(elif_, presidency)

    assert "lies outside the term" in desk.save(started_on="2020-06-01").content.decode()
    assert desk.save(started_on="2020-06-01", **{"office_changes-0-latest": "2020-06-01"}).status_code == 302


@pytest.mark.parametrize("which", ["own", "ended"])
def test_handover_leaves_no_president_outside_a_term(which: str) -> None:
    first, second = rows.office_change(1), rows.office_change(3)
    OfficeChange.objects.create(
        office="president", presidency=first.presidency, person=rows.person(9), latest=rows.day(2)
    )
    moved = second.presidency if which == "ended" else first.presidency
    moved.started_on = rows.day(2)
    if which == "ended":
        second.delete()  # then it is the term that ends earlier that keeps a President too many

    with pytest.raises(ValidationError, match="would then lie outside its term"):
        moved.full_clean()


# --- At the very same moment -----------------------------------------------------------------------------------------


def permitted(name: str) -> User:
    """Staff of the secretariat; made here in full, since a test that commits empties what migrations brought."""
    user = User.objects.create_user(name, password="a-long-password", is_staff=True)
    group, _made = Group.objects.get_or_create(name="Secretariat")
    apps = ("members", "workinggroups", "meetings")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=apps))
    user.groups.add(group)
    return user


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Do jobs in threads with connections of their own, all started together; give what each gave."""
    results: list[Any] = [None] * len(jobs)
    ready = threading.Barrier(len(jobs))

    def work(number: int) -> None:
        try:
            ready.wait(timeout=20)
            results[number] = jobs[number]()
        except BaseException as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_saves_at_the_same_moment_one_wins() -> None:
    meeting = rows.meeting(1)
    desks = [Desk(client_of(permitted(f"user-{number}")), meeting) for number in range(4)]

    answers = at_once(
        *[
            lambda desk=desk, number=number: desk.save(motto=f"Motto {number}").status_code
            for number, desk in enumerate(desks)
        ]
    )

    assert sorted(answers) == [302, 409, 409, 409]
    assert Change.objects.filter(record=f"meetings.meeting:{meeting.pk}", action="changed").count() == 1
    assert values(meeting, "motto") == (f"Motto {answers.index(302)}",)


@pytest.mark.django_db(transaction=True)
def test_row_saved_on_its_own_page_at_the_same_moment_is_not_overwritten() -> None:
    row = Attendance.objects.create(meeting=rows.meeting(1), organisation=rows.city(2))
    whole = Desk(client_of(permitted("elif")), rows.meeting(1))
    alone = Desk(client_of(permitted("vasil")), row)

    answers = at_once(
        lambda: whole.save(**{"attendances-0-presence": "excused"}).status_code,
        lambda: alone.save(mode="online").status_code,
    )

    assert sorted(answers) == [302, 409]
    presence, mode = values(row, "presence", "mode")
    assert (presence, mode) in {("excused", ""), ("present", "online")}


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_row_holds_up_nobody_who_writes_the_whole_page() -> None:
    row = Attendance.objects.create(meeting=rows.meeting(1), organisation=rows.city(2))
    is_done = threading.Event()

    def wait_for_the_row() -> None:
        with transaction.atomic():
            lock(Attendance, row.pk)
            is_done.set()
        connection.close()

    with transaction.atomic():
        lock(Meeting, row.meeting_id)
        other = threading.Thread(target=wait_for_the_row)
        other.start()
        assert not is_done.wait(0.5)
        row.presence = "excused"
        row.save()
    other.join(timeout=60)

    assert is_done.is_set()
    assert values(row, "presence") == ("excused",)


# --- In a browser ----------------------------------------------------------------------------------------------------


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "look",
    [
        pytest.param({"viewport": {"width": 1440, "height": 900}}, id="desk"),
        pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}, id="phone"),
    ],
)
def test_two_people_edit_one_meeting_and_nothing_is_lost(
    desks: tuple[Page, Page], axe_violations: Callable[[Page], list[str]], look: dict[str, Any]
) -> None:
    hers, his = desks
    meeting = rows.meeting(1)
    rows.city(2)
    for page in desks:
        page.goto(address(Meeting, "change", meeting.pk))
    hers.get_by_label("Motto:").fill("Cities as drivers")
    hers.get_by_label("Summary:").fill("Hers")
    hers.get_by_role("button", name="Save", exact=True).click()
    expect(hers.get_by_text("was changed successfully")).to_be_visible()

    his.get_by_label("Summary:").fill("His")
    his.get_by_label("Venue:").fill("Town hall")
    his.get_by_role("button", name="Save", exact=True).click()

    refusal = his.get_by_role("region", name="Nothing was saved yet")
    expect(refusal).to_contain_text("changed by elif")
    expect(his.get_by_label("Summary:")).to_have_value("His")
    expect(his.get_by_label("Motto:")).to_have_value("Cities as drivers")
    assert axe_violations(his) == []
    assert his.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    refusal.get_by_label("Save theirs instead").check()
    his.get_by_role("button", name="Save", exact=True).click()
    expect(his.get_by_text("was changed successfully")).to_be_visible()

    assert values(meeting, "motto", "summary", "venue") == ("Cities as drivers", "Hers", "Town hall")
    assert Topic.objects.count() == 0
    assert Organisation.objects.count() == 2
