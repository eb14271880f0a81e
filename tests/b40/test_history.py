"""Every change of a record is on record: who, when, from, to; and an earlier state can be brought back."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from meetings.models import AgendaItem, Attendance, Document, Meeting, Photo, Session
from members.history import RestoreRefused, acting, recorded_models, restore, state_after
from members.models import (
    Change,
    Country,
    MembershipChange,
    Organisation,
    OrganisationName,
    Presidency,
    Source,
    User,
    place_of,
)
from tests.b40 import admin_rows as rows
from tests.b40.admin_rows import LOOKED_AT, MAKERS, address, client_of, confirmed, secretariat_user, typed
from tests.b40.loading_records import as_file, small_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return secretariat_user()


@pytest.fixture
def staff(user: User) -> Client:
    return client_of(user)


def history(record: models.Model) -> list[tuple[str, str, dict[str, Any]]]:
    """Who did what to a record, oldest first."""
    changes = Change.objects.of_record(place_of(type(record), record.pk)).order_by("pk")
    return [(change.actor, change.action, change.fields) for change in changes]


def save(client: Client, record: models.Model, **changes: Any) -> Any:
    page = address(type(record), "change", record.pk)
    return client.post(page, typed(client.get(page), **changes))


# --- Recording -------------------------------------------------------------------------------------------------------


def test_every_record_that_staff_edit_keeps_a_history() -> None:
    edited = set(MAKERS) - {User, Group}

    assert set(recorded_models()) - LOOKED_AT == edited


@pytest.mark.parametrize("model", [model for model in MAKERS if model not in (User, Group)], ids=lambda m: m.__name__)
def test_adding_and_deleting_are_recorded_with_every_value(model: type[models.Model]) -> None:
    record = MAKERS[model](1)
    place = place_of(model, record.pk)
    held = state_after(Change.objects.of_record(place)[0])

    with acting(name="a test"):
        record.delete()

    deletion = Change.objects.of_record(place)[0]
    assert (deletion.action, deletion.actor) == ("deleted", "a test")
    assert {name: values[0] for name, values in deletion.fields.items()} == held
    assert held


def test_saving_without_a_change_leaves_no_trace() -> None:
    city = rows.city(1)

    Organisation.objects.get(pk=city.pk).save()

    assert [action for _who, action, _fields in history(city)] == ["created"]


def test_equal_values_of_other_types_are_no_change() -> None:
    city = rows.city(1)
    city.latitude, city.longitude = 42.5, "23.1"
    city.save()
    city.latitude, city.longitude = "42.5000", 23.1
    city.save()

    assert [action for _who, action, _fields in history(city)] == ["created", "changed"]
    assert history(city)[-1][2] == {"latitude": [None, "42.5000"], "longitude": [None, "23.1000"]}


def test_only_named_fields_are_recorded_when_only_they_are_saved() -> None:
    city = rows.city(1)
    city.name, city.note = "Elsewhere", "typed, not saved"

    city.save(update_fields=["name", "key", "loose_key", "search"])

    assert history(city)[-1][2] == {"name": ["City 1", "Elsewhere"]}


def test_lists_of_relations_are_recorded_from_both_sides() -> None:
    item = rows.agenda_item(1)
    second = rows.topic(2)

    item.topics.add(second)
    second.agenda_items.clear()
    item.topics.set([])

    first = rows.topic(1).pk
    lists = [fields["topics"] for _who, _what, fields in history(item) if "topics" in fields]
    assert lists == [[[], [first]], [[first], [first, second.pk]], [[first, second.pk], [first]], [[first], []]]


def test_one_writer_adds_the_list_to_what_was_just_recorded() -> None:
    with acting(name="import_post"):
        item = AgendaItem.objects.create(session=rows.session(1))
        item.topics.set([rows.topic(1), rows.topic(2)])

    topics = [rows.topic(1).pk, rows.topic(2).pk]
    assert [(who, what, fields["topics"]) for who, what, fields in history(item)] == [
        ("import_post", "created", [None, topics])
    ]


def test_parts_that_are_deleted_along_are_recorded() -> None:
    row = MAKERS[Attendance](1)
    meeting, part = place_of(Meeting, row.meeting_id), place_of(Attendance, row.pk)

    row.meeting.delete()

    assert Change.objects.of_record(meeting)[0].action == "deleted"
    assert Change.objects.get(record=part, action="deleted").part_of == place_of(Session, row.session_id)


def test_row_that_moves_is_on_both_pages() -> None:
    row = Attendance.objects.create(meeting=rows.meeting(1), organisation=rows.city(2))
    row.session = rows.session(1)
    row.save()

    last = Change.objects.of_record(place_of(Attendance, row.pk))[0]
    assert (last.part_of, last.was_part_of) == (place_of(Session, row.session_id), place_of(Meeting, row.meeting_id))


def test_form_writes_under_the_name_of_its_user(staff: Client, user: User) -> None:
    meeting = rows.meeting(1)

    save(staff, meeting, motto="Better Cooperation")

    change = Change.objects.of_record(place_of(Meeting, meeting.pk))[0]
    assert (change.user, change.actor, change.fields) == (user, "elif", {"motto": ["", "Better Cooperation"]})


def test_actor_stays_named_when_the_account_goes(staff: Client, user: User) -> None:
    country = rows.country(1)
    save(staff, country, footnote="A note")

    user.delete()

    assert history(country)[-1][0] == "elif"


def test_deleting_several_is_recorded_row_by_row(staff: Client) -> None:
    sources = [rows.source(1), rows.source(2)]
    chosen = {"action": "delete_selected", "_selected_action": [source.pk for source in sources]}
    page = address(Source, "changelist")

    version = staff.post(page, chosen).context["record_version"]
    staff.post(page, {**chosen, "post": "yes", "_version": version})

    deletions = Change.objects.filter(model="members.source", action="deleted")
    assert sorted(deletions.values_list("label", "actor")) == [("Page 1", "elif"), ("Page 2", "elif")]
    assert len(set(deletions.values_list("batch"))) == 1


def test_loading_is_recorded_under_the_name_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "network.json").write_bytes(as_file(small_record()))
    call_command("load_network", str(tmp_path / "network.json"), verbosity=0)

    written = Change.objects.values_list("actor", "reason", "batch").distinct().order_by()
    assert [(actor, reason) for actor, reason, _batch in written] == [("load_network", "network.json")]
    created = Change.objects.filter(model="meetings.meeting", action="created")
    assert created.count() == Meeting.objects.count() > 0


def test_what_is_undone_leaves_no_history() -> None:
    with transaction.atomic():
        rows.city(1)
        assert Change.objects.exists()
        transaction.set_rollback(True)

    assert not Change.objects.exists()


def test_acting_within_acting_adds_a_reason_and_keeps_the_batch() -> None:
    with acting(name="import") as outer, acting(reason="cities.xlsx") as inner:
        rows.country(1)
    with acting(name="import", own_batch=True) as other:
        rows.country(2)

    assert outer.batch == inner.batch != other.batch
    assert Change.objects.order_by("pk").values_list("actor", "reason", "batch")[0] == (
        "import",
        "cities.xlsx",
        outer.batch,
    )


# --- Nothing bypasses it ---------------------------------------------------------------------------------------------

BYPASS = {"bulk_create", "abulk_create", "bulk_update", "abulk_update", "_raw_delete", "raw", "cursor"}
# What writes without signals, or might: the calls, each file with its reason.
ALLOWED = {
    # What the loader remembers is no record of the network.
    "b40/loading/applying.py": ["bulk_create", "bulk_update"],
    # The index of words follows the records; it is none of them.
    "members/words.py": ["bulk_create", "bulk_create"],
    # Asks SQLite for its journal mode.
    "b40/checks.py": ["cursor"],
}


def bypasses(source: str) -> list[str]:
    """The calls in a program that write past the signals. A dictionary is updated with an argument, rows by keywords."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [(call, call.func.attr) for call in calls if isinstance(call.func, ast.Attribute)]
    return sorted(name for call, name in named if name in BYPASS or (name in {"update", "aupdate"} and not call.args))


def test_no_code_writes_past_the_history() -> None:
    base = Path(settings.BASE_DIR)
    files = [path for app in ("b40", "meetings", "members", "workinggroups") for path in (base / app).rglob("*.py")]
    found = {
        str(path.relative_to(base)): bypasses(path.read_text("utf-8"))
        for path in files
        if "migrations" not in path.parts
    }

    assert {path: calls for path, calls in found.items() if calls} == ALLOWED
    assert bypasses("Meeting.objects.filter(pk=1).update(title='x'); {}.update(a)") == ["update"]


def test_no_list_is_edited_in_place() -> None:
    """A list with editable rows would need the versions of all of them."""
    assert [model for model, page in admin.site._registry.items() if page.list_editable] == []


# --- The page --------------------------------------------------------------------------------------------------------


def test_page_says_what_changed_in_words(staff: Client) -> None:
    meeting = rows.meeting(1)
    meeting.sources.set([rows.source(1)])
    save(
        staff,
        meeting,
        motto="Together",
        host_city=rows.city(2).pk,
        attendance_complete="on",
        sources=[rows.source(2).pk],
    )

    entries = staff.get(address(Meeting, "history", meeting.pk)).context["entries"]

    assert [(line["field"], line["before"], line["after"]) for line in entries[0].lines] == [
        ("Host city", "City 1 · Land 1", "City 2 · Land 2"),
        ("Motto", "–", "Together"),
        ("The list of cities is complete", "no", "yes"),
        ("Sources", "Page 1 · https://example.org/1", "Page 2 · https://example.org/2"),
    ]


def test_page_tells_of_parts_and_of_their_parts(staff: Client) -> None:
    item = rows.agenda_item(1)
    row = Attendance.objects.create(meeting=rows.meeting(1), organisation=rows.city(2))
    row.delete()

    page = staff.get(address(Meeting, "history", rows.meeting(1).pk)).content.decode()

    assert "Deleted: City 2: present" in page
    assert f"Changed: {item}" in page
    assert "Added: Meeting 1" in page


def test_page_names_what_is_gone(staff: Client) -> None:
    meeting, source = rows.meeting(1), rows.source(1)
    meeting.sources.add(source)
    meeting.sources.clear()
    source.delete()

    assert "Page 1 (deleted)" in staff.get(address(Meeting, "history", meeting.pk)).content.decode()


@pytest.mark.parametrize("number", [1, 3, 20])
def test_page_costs_the_same_for_any_number_of_changes(
    staff: Client, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    meeting = rows.meeting(1)
    for at in range(1, number + 1):
        Attendance.objects.create(meeting=meeting, organisation=rows.city(at))
    page = address(Meeting, "history", meeting.pk)
    staff.get(page)

    with django_assert_num_queries(11):
        response = staff.get(page)

    assert len(response.context["entries"]) == number + 1


def test_long_history_comes_in_pages(staff: Client) -> None:
    country = rows.country(1)
    for number in range(30):
        country.footnote = f"Note {number}"
        country.save()

    page = address(Country, "history", country.pk)
    first, second = staff.get(page), staff.get(page, {"page": 2})

    assert (len(first.context["entries"]), len(second.context["entries"])) == (25, 6)
    assert 'rel="next"' in first.content.decode()
    assert staff.get(page, {"page": 3}).status_code == 404


def test_history_is_for_those_who_may_see_the_record() -> None:
    country = rows.country(1)
    nobody = client_of(User.objects.create_user("guest", is_staff=True))

    assert nobody.get(address(Country, "history", country.pk)).status_code == 403
    assert nobody.get(address(Country, "deleted")).status_code == 403
    assert Client().get(address(Country, "history", country.pk)).status_code == 302


def test_record_that_never_was_has_no_history(staff: Client) -> None:
    assert staff.get(address(Meeting, "history", 999)).status_code == 404
    assert staff.get(address(Meeting, "history", "nonsense")).status_code == 404


# --- Bringing back ---------------------------------------------------------------------------------------------------


def restored(client: Client, record: models.Model, change: Change) -> Any:
    """Ask to bring a state back, and confirm."""
    page = address(type(record), "restore", record.pk, change.pk)
    version = client.get(page).context["record_version"]
    return client.post(page, {"_version": version})


def nth(record: models.Model, number: int) -> Change:
    return Change.objects.of_record(place_of(type(record), record.pk)).order_by("pk")[number]


def test_earlier_state_comes_back_as_a_new_change(staff: Client) -> None:
    meeting = rows.meeting(1)
    meeting.sources.add(rows.source(1))
    save(staff, meeting, title="Another title", start_on="2024-05-06", sources=[])
    was = nth(meeting, 1)

    response = restored(staff, meeting, was)

    meeting.refresh_from_db()
    assert response.status_code == 302
    assert (meeting.title, meeting.start_on, list(meeting.sources.all())) == (
        "Meeting 1",
        rows.day(1),
        [rows.source(1)],
    )
    assert meeting.sequence == 2
    assert history(meeting)[-1][:2] == ("elif", "changed")
    assert nth(meeting, 3).reason.startswith("earlier state of")


def test_deleted_meeting_comes_back_with_its_parts(staff: Client, user: User) -> None:
    row = MAKERS[Attendance](1)
    rows.agenda_item(1)
    meeting = row.meeting
    confirmed(staff, address(Meeting, "delete", meeting.pk))
    assert staff.get(address(Meeting, "deleted")).context["rows"][0][0].label == "Meeting 1"

    restored(staff, meeting, Change.objects.of_record(place_of(Meeting, meeting.pk))[0])

    back = Attendance.objects.get()
    assert (back.pk, back.session_id, back.recorded_by) == (row.pk, row.session_id, user)
    assert list(AgendaItem.objects.get().topics.all()) == [rows.topic(1)]
    assert not staff.get(address(Meeting, "deleted")).context["rows"]


def test_row_of_a_page_comes_back(staff: Client) -> None:
    city = rows.city(1)
    name = OrganisationName.objects.create(organisation=city, text="Град", language="bg", is_native=True)
    deleted = name.pk
    name.delete()
    change = Change.objects.of_record(place_of(OrganisationName, deleted))[0]

    assert restored(staff, city, change).status_code == 302

    back = OrganisationName.objects.get()
    assert (back.pk, back.text, back.key) == (deleted, "Град", "grad")


def test_state_that_breaks_a_rule_is_refused_in_words(staff: Client) -> None:
    city = rows.city(1)
    first = MembershipChange.objects.create(organisation=city, status="member", latest=rows.day(1))
    gone = first.pk
    first.delete()
    MembershipChange.objects.create(organisation=city, status="candidate", latest=rows.day(1))

    response = restored(staff, city, Change.objects.of_record(place_of(MembershipChange, gone))[0])

    assert (
        "Another change of this organisation&#x27;s membership bears the same latest day" in response.content.decode()
    )
    assert MembershipChange.objects.get().status == "candidate"


def test_state_that_names_what_is_gone_is_refused() -> None:
    presidency = rows.presidency(1)
    was = Change.objects.of_record(place_of(Presidency, presidency.pk))[0]
    presidency.city = rows.city(2)
    presidency.save()
    rows.city(1).delete()

    with pytest.raises(RestoreRefused, match="is not a valid choice"):
        restore(was)

    presidency.refresh_from_db()
    assert presidency.city == rows.city(2)


def test_list_comes_back_without_what_is_gone(staff: Client) -> None:
    meeting = rows.meeting(1)
    meeting.sources.set([rows.source(1), rows.source(2)])
    was = Change.objects.of_record(place_of(Meeting, meeting.pk))[0]
    meeting.sources.clear()
    rows.source(1).delete()

    done = restore(was)

    assert list(meeting.sources.all()) == [rows.source(2)]
    assert done.left_out == ["sources: 1 deleted since"]


def test_state_is_not_brought_back_over_a_newer_change(staff: Client) -> None:
    country = rows.country(1)
    save(staff, country, footnote="One")
    page = address(Country, "restore", country.pk, nth(country, 0).pk)
    version = staff.get(page).context["record_version"]
    save(staff, country, footnote="Two")

    response = staff.post(page, {"_version": version})

    country.refresh_from_db()
    assert (response.status_code, country.footnote) == (409, "Two")


def test_only_who_may_change_a_record_brings_its_states_back() -> None:
    country = rows.country(1)
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(*_permissions("view_country"))
    page = address(Country, "restore", country.pk, nth(country, 0).pk)

    assert client_of(looker).get(address(Country, "history", country.pk)).status_code == 200
    assert client_of(looker).post(page, {"_version": "1"}).status_code == 403


def _permissions(name: str) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename=name)


def test_change_of_another_record_is_not_brought_back_here(staff: Client) -> None:
    one, other = rows.country(1), rows.country(2)

    assert staff.get(address(Country, "restore", one.pk, nth(other, 0).pk)).status_code == 404


# --- Files -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Callable[[], list[str]]:
    settings.MEDIA_ROOT = tmp_path
    return lambda: sorted(path.name for path in tmp_path.rglob("*") if path.is_file())


def test_replaced_picture_leaves_no_file(files: Any, django_capture_on_commit_callbacks: Any) -> None:
    photo = MAKERS[Photo](1)
    old = set(files())
    assert len(old) == 2

    with django_capture_on_commit_callbacks(execute=True):
        photo.image = rows.picture()
        photo.save()

    assert len(files()) == 2
    assert old.isdisjoint(files())


def test_files_of_deleted_records_go_when_the_deletion_is_through(
    files: Any, django_capture_on_commit_callbacks: Any
) -> None:
    document = Document.objects.create(
        meeting=rows.meeting(1), title="Agenda", file=rows.ContentFile(b"%PDF-1", "a.pdf")
    )
    MAKERS[Photo](1)

    with django_capture_on_commit_callbacks(execute=True):
        document.meeting.delete()
        assert len(files()) == 3

    assert files() == []


def test_file_that_another_row_refers_to_stays(files: Any, django_capture_on_commit_callbacks: Any) -> None:
    photo = MAKERS[Photo](1)
    Photo.objects.create(meeting=photo.meeting, image=photo.image.name, alt="The same")

    with django_capture_on_commit_callbacks(execute=True):
        photo.delete()

    assert len(files()) == 2


def test_history_says_that_a_file_is_no_longer_kept(
    staff: Client, files: Any, django_capture_on_commit_callbacks: Any
) -> None:
    meeting = rows.meeting(1)
    document = Document.objects.create(meeting=meeting, title="Agenda", file=rows.ContentFile(b"%PDF-1", "a.pdf"))
    was = nth(document, 0)
    with django_capture_on_commit_callbacks(execute=True):
        document.file = ""
        document.url = "https://example.org/agenda"
        document.save()
        document.versions.get().delete()

    assert "a.pdf (no longer kept)" in staff.get(address(Document, "history", document.pk)).content.decode()
    assert restore(was).left_out == ["file: the file is no longer kept"]


def test_deleted_photo_whose_file_is_gone_does_not_come_back(
    files: Any, django_capture_on_commit_callbacks: Any
) -> None:
    photo = MAKERS[Photo](1)
    key = photo.pk
    with django_capture_on_commit_callbacks(execute=True):
        photo.delete()

    with pytest.raises(RestoreRefused, match="no longer kept"):
        restore(Change.objects.of_record(place_of(Photo, key))[0])

    assert not Photo.objects.exists()


def test_history_leads_from_every_list_and_page(staff: Client) -> None:
    country = rows.country(1)

    assert address(Country, "deleted") in staff.get(address(Country, "changelist")).content.decode()
    assert address(Country, "history", country.pk) in staff.get(address(Country, "change", country.pk)).content.decode()
    assert reverse("admin:members_country_history", args=[country.pk])
