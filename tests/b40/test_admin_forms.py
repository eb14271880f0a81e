"""What is typed in the admin: rules are told in words, rows saved rightly, nothing referred to is deleted."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client

from meetings.models import AgendaItem, Attendance, Document, Meeting, Session, StatedTotal
from members.models import (
    Country,
    MembershipChange,
    OfficeChange,
    Organisation,
    OrganisationName,
    Person,
    Presidency,
    Source,
    User,
)
from tests.b40 import admin_rows as rows
from tests.b40.admin_rows import MAKERS, address, client_of, secretariat_user, typed
from workinggroups.models import Topic, WorkingGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return secretariat_user()


@pytest.fixture
def staff(user: User) -> Client:
    return client_of(user)


def save(client: Client, model: type[models.Model], row: models.Model | None, **changes: Any) -> Any:
    """Open a form page, type some fields over, and save."""
    page = address(model, "change", row.pk) if row else address(model, "add")
    return client.post(page, typed(client.get(page), **changes))


def complaints(response: Any) -> str:
    """Every error on a form page; a page that was saved has none."""
    if response.status_code == 302:
        return "saved"
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    found = [response.context["adminform"].form.errors, *(each.non_form_errors() for each in formsets)]
    found += [errors for each in formsets for errors in each.errors]
    return " ".join(str(errors) for errors in found)


# --- Rules reach the form --------------------------------------------------------------------------------------------

BROKEN: list[Any] = [
    (Organisation, {"country": None}, "A city needs its country."),
    (Organisation, {"latitude": "42.1"}, "together, or neither."),
    (Organisation, {"population": "500000"}, "together with the year it is from"),
    (MembershipChange, {"earliest": "2030-01-01"}, "The earliest day lies after the latest one"),
    (
        MembershipChange,
        {"status": "observer", "founding": "stated"},
        "Only becoming a member can make a founding city.",
    ),
    (OrganisationName, {"is_native": "on", "language": ""}, "needs the language&#x27;s code."),
    (Meeting, {"end_on": "2019-01-01"}, "The last day lies before the first."),
    (Meeting, {"date_precision": "month"}, "give its first day and no last day."),
    (Meeting, {"mode": "online"}, "An online meeting has no host city, place or venue"),
    (Meeting, {"timezone": "Europe/Nowhere"}, "is no IANA time zone"),
    (Session, {"ends_at_0": "2020-01-31", "ends_at_1": "10:00"}, "a session with an end needs a start."),
    (Session, {"starts_at_0": "2020-03-01", "starts_at_1": "10:00"}, "outside the meeting&#x27;s days"),
    (OfficeChange, {"presidency": None}, "A President belongs to a presidency"),
    (OfficeChange, {"latest": "2019-01-01"}, "This day lies outside the term"),
    (Attendance, {"session": ""}, "saved"),
]


@pytest.mark.parametrize(("model", "changes", "message"), BROKEN)
def test_broken_rule_is_told_on_the_form(
    staff: Client, model: type[models.Model], changes: dict[str, Any], message: str
) -> None:
    row = MAKERS[model](1)

    assert message in complaints(save(staff, model, row, **changes))


SAME: list[Any] = [
    (Organisation, {"name": "City 2", "country": "AC"}, "There is already an organisation of this name"),
    (MembershipChange, {"organisation": 2, "latest": rows.day(2)}, "bears the same latest day"),
    (OrganisationName, {"organisation": 2, "text": "Град 2"}, "This name is listed already."),
    (Topic, {"title": "Topic 2", "group": 2}, "This group has a topic of this title already."),
    (Document, {"meeting": 2, "title": "Document 2"}, "This meeting has a document of this title already."),
    (StatedTotal, {"meeting": 2, "number": 2}, "This total is listed already."),
    (Presidency, {"started_on": rows.day(2)}, "Another presidency took over on that day"),
    (Source, {"url": "https://example.org/2"}, "This address is already among the sources."),
]


@pytest.mark.parametrize(("model", "changes", "message"), SAME)
def test_second_record_of_one_thing_is_refused_on_the_form(
    staff: Client, model: type[models.Model], changes: dict[str, Any], message: str
) -> None:
    first, second = MAKERS[model](1), MAKERS[model](2)
    relations = {field.name: field.attname for field in model._meta.concrete_fields if field.is_relation}
    sent = {name: getattr(second, relations.get(name, name)) for name in changes}

    response = save(staff, model, first, **sent)

    assert message in complaints(response)


def test_same_city_twice_in_one_meeting_is_refused_and_not_an_error_page(staff: Client) -> None:
    meeting, city = rows.meeting(1), rows.city(2)
    prefix = "attendances"

    both = {f"{prefix}-{at}-organisation": city.pk for at in (0, 1)}
    response = save(staff, Meeting, meeting, **both)

    assert "already for the whole meeting from the same kind of source" in complaints(response)
    assert Attendance.objects.count() == 0


def test_city_that_is_listed_already_is_refused_in_a_new_row(staff: Client) -> None:
    meeting, city = rows.meeting(1), rows.city(2)
    Attendance.objects.create(meeting=meeting, organisation=city)

    response = save(staff, Meeting, meeting, **{"attendances-1-organisation": city.pk})

    assert "already for the whole meeting from the same kind of source" in complaints(response)


def test_two_changes_of_one_day_in_one_new_organisation_are_refused(staff: Client) -> None:
    changes = {"membership_changes-TOTAL_FORMS": 2, "name": "Bitola", "slug": "bitola", "country": rows.country(1).pk}
    for at in (0, 1):
        changes |= {
            f"membership_changes-{at}-status": "member",
            f"membership_changes-{at}-latest": "2024-01-30",
            f"membership_changes-{at}-certainty": "confirmed",
        }

    response = save(staff, Organisation, None, **changes)

    assert "bears the same latest day" in complaints(response)
    assert not Organisation.objects.filter(slug="bitola").exists()


def test_organisation_is_added_with_its_names_and_membership(staff: Client) -> None:
    changes = {
        "name": "Bitola",
        "slug": "bitola",
        "country": rows.country(1).pk,
        "names-TOTAL_FORMS": 1,
        "names-0-text": "Битола",
        "names-0-language": "mk",
        "names-0-is_native": "on",
        "names-0-order": 0,
        "membership_changes-TOTAL_FORMS": 1,
        "membership_changes-0-status": "member",
        "membership_changes-0-latest": "2024-01-30",
        "membership_changes-0-certainty": "confirmed",
    }

    response = save(staff, Organisation, None, **changes)

    made = Organisation.objects.matching("битола").get()
    assert response.status_code == 302
    assert [str(name) for name in made.names.all()] == ["Битола"]
    assert made.membership_changes.get().when == "known by 30 January 2024"


def test_second_term_in_a_row_needs_a_reason(staff: Client) -> None:
    first, second = rows.presidency(1), rows.presidency(2)

    refused = save(staff, Presidency, second, city=first.city_id)
    kept = save(staff, Presidency, second, city=first.city_id, override_reason="The General Assembly, 3 May 2021")

    assert "the statute rules out two consecutive terms" in complaints(refused)
    assert complaints(kept) == "saved"


# --- Lists of texts --------------------------------------------------------------------------------------------------


def test_priorities_are_written_one_per_line(staff: Client) -> None:
    term = rows.presidency(1)

    save(staff, Presidency, term, priorities="Water\r\n\r\n  Clean air \r\n")

    term.refresh_from_db()
    assert term.priorities == ["Water", "Clean air"]
    assert "Water\nClean air</textarea>" in staff.get(address(Presidency, "change", term.pk)).content.decode()


def test_native_names_are_kept_in_their_scripts_and_untouched_ones_are_no_change(staff: Client) -> None:
    country = rows.country(1)

    response = staff.post(
        address(Country, "change", "AB"), typed(staff.get(address(Country, "change", "AB"))), follow=True
    )

    country.refresh_from_db()
    assert country.native_names == ["Земя"]
    assert "No fields changed." in response.content.decode()


def test_line_that_is_too_long_is_named(staff: Client) -> None:
    response = save(staff, Presidency, rows.presidency(1), priorities="Water\n" + "a" * 201)

    assert "Line 2 is longer than 200 characters." in complaints(response)


# --- Attendance ------------------------------------------------------------------------------------------------------


def test_attendance_typed_on_the_meeting_bears_who_recorded_it(staff: Client, user: User) -> None:
    meeting, city = rows.meeting(1), rows.city(2)

    response = save(staff, Meeting, meeting, **{"attendances-0-organisation": city.pk})

    row = Attendance.objects.get()
    assert response.status_code == 302
    assert (row.meeting, row.organisation, row.session, row.recorded_by) == (meeting, city, None, user)


def test_row_that_nobody_touched_keeps_who_recorded_it(staff: Client, user: User) -> None:
    meeting = rows.meeting(1)
    other = secretariat_user("mira")
    kept = Attendance.objects.create(meeting=meeting, organisation=rows.city(2), recorded_by=other)
    changed = Attendance.objects.create(meeting=meeting, organisation=rows.city(3), recorded_by=other)

    save(staff, Meeting, meeting, **{"attendances-1-presence": "excused"})

    kept.refresh_from_db()
    changed.refresh_from_db()
    assert (kept.recorded_by, kept.presence) == (other, "present")
    assert (changed.recorded_by, changed.presence) == (user, "excused")
    assert changed.recorded_at > kept.recorded_at


def test_row_is_taken_out_on_the_meeting(staff: Client) -> None:
    meeting = rows.meeting(1)
    Attendance.objects.create(meeting=meeting, organisation=rows.city(2))
    kept = Attendance.objects.create(meeting=meeting, organisation=rows.city(3))

    save(staff, Meeting, meeting, **{"attendances-0-DELETE": "on"})

    assert list(Attendance.objects.all()) == [kept]


@pytest.mark.parametrize("count", [3, 80])
def test_saving_one_row_costs_the_same_with_eighty_cities(
    staff: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, count + 1):
        Attendance.objects.create(meeting=rows.meeting(1), organisation=rows.city(number))
    page = address(Meeting, "change", rows.meeting(1).pk)
    save(staff, Meeting, rows.meeting(1), **{"attendances-0-presence": "absent"})
    sent = typed(staff.get(page), **{"attendances-0-presence": "excused"})

    with django_assert_num_queries(61 if connection.vendor == "sqlite" else 62):
        staff.post(page, sent)

    assert Attendance.objects.filter(presence="excused").count() == 1


def test_attendance_of_a_session_belongs_to_its_meeting_too(staff: Client, user: User) -> None:
    session, city = rows.session(1), rows.city(2)

    response = save(staff, Session, session, **{"attendances-0-organisation": city.pk})

    row = Attendance.objects.get()
    assert complaints(response) == "saved"
    assert (row.session, row.meeting, row.recorded_by) == (session, session.meeting, user)


def test_meeting_page_shows_rows_of_the_whole_meeting_alone(staff: Client) -> None:
    session = rows.session(1)
    Attendance.objects.create(meeting=session.meeting, session=session, organisation=rows.city(2))
    whole = Attendance.objects.create(meeting=session.meeting, organisation=rows.city(3))

    response = staff.get(address(Meeting, "change", session.meeting_id))

    formset = next(
        each.formset for each in response.context["inline_admin_formsets"] if each.formset.model is Attendance
    )
    assert [form.instance for form in formset.initial_forms] == [whole]


def test_attendance_on_its_own_page_bears_who_recorded_it(staff: Client, user: User) -> None:
    save(staff, Attendance, None, meeting=rows.meeting(1).pk, organisation=rows.city(2).pk)

    assert Attendance.objects.get().recorded_by == user


def test_session_of_another_meeting_is_refused(staff: Client) -> None:
    row = MAKERS[Attendance](1)

    response = save(staff, Attendance, row, session=rows.session(2).pk)

    assert "This session belongs to another meeting." in complaints(response)


# --- Meetings --------------------------------------------------------------------------------------------------------


def test_new_meeting_goes_on_to_its_sessions_and_attendance(staff: Client) -> None:
    facts = {
        "title": "Online round",
        "slug": "round",
        "kind": "working_groups",
        "mode": "online",
        "start_on": "2026-04-09",
    }

    response = save(staff, Meeting, None, _save="Save", **facts)

    made = Meeting.objects.get()
    assert response["Location"] == address(Meeting, "change", made.pk)
    assert (made.status, made.sequence) == ("draft", 0)


def test_session_times_are_written_in_the_meeting_s_zone(staff: Client) -> None:
    session = rows.session(1)  # in Europe/Sofia, in January two hours ahead of UTC; the server is three hours ahead

    save(staff, Session, session, starts_at_0="2020-01-31", starts_at_1="10:00")

    session.refresh_from_db()
    assert session.starts_at == dt.datetime(2020, 1, 31, 8, tzinfo=dt.UTC)
    assert 'value="10:00:00"' in staff.get(address(Session, "change", session.pk)).content.decode()
    assert 'value="10:00:00"' in staff.get(address(Meeting, "change", session.meeting_id)).content.decode()


def test_calendars_learn_of_another_day_but_not_of_another_note(staff: Client) -> None:
    meeting = rows.meeting(1)

    save(staff, Meeting, meeting, note="A remark")
    meeting.refresh_from_db()
    before = meeting.sequence
    save(staff, Meeting, meeting, start_on="2020-02-01")
    meeting.refresh_from_db()

    assert (before, meeting.sequence) == (0, 1)


def test_saving_says_what_was_done(staff: Client) -> None:
    meeting = rows.meeting(1)
    page = address(Meeting, "change", meeting.pk)

    sent = typed(staff.get(page), motto="Cities first", **{"attendances-0-organisation": rows.city(2).pk})
    response = staff.post(page, sent, follow=True)

    said = [str(message) for message in response.context["messages"]]
    assert said[0] == "Changed Motto. Added attendance “City 2: present”."


# --- Deleting --------------------------------------------------------------------------------------------------------

REFERRED: list[Any] = [
    (Organisation, rows.city, Presidency, rows.presidency),
    (Organisation, rows.city, Attendance, MAKERS[Attendance]),
    (Country, rows.country, Organisation, rows.city),
    (Person, rows.person, OfficeChange, rows.office_change),
    (WorkingGroup, rows.group, Topic, rows.topic),
    (WorkingGroup, rows.group, Session, rows.session),
    (Topic, rows.topic, AgendaItem, rows.agenda_item),
]


@pytest.mark.parametrize(("model", "target", "referring", "reference"), REFERRED)
def test_record_that_others_refer_to_is_not_deleted(
    staff: Client, model: type[models.Model], target: Any, referring: type[models.Model], reference: Any
) -> None:
    made = reference(1)
    row = target(1)

    response = rows.confirmed(staff, address(model, "delete", row.pk))

    page = response.content.decode()
    assert "cannot be deleted: other records refer to it." in page
    assert address(referring, "change", made.pk) in page
    assert model.objects.filter(pk=row.pk).exists()


def test_source_that_a_fact_rests_on_is_not_deleted(staff: Client) -> None:
    meeting, source = rows.meeting(1), rows.source(1)
    meeting.sources.add(source)

    response = rows.confirmed(staff, address(Source, "delete", source.pk))

    assert address(Meeting, "change", meeting.pk) in response.content.decode()
    assert meeting.sources.count() == 1


def test_many_references_are_counted_and_a_few_shown(staff: Client) -> None:
    for number in range(1, 31):
        Attendance.objects.create(meeting=rows.meeting(number), organisation=rows.city(99))

    page = staff.get(address(Organisation, "delete", rows.city(99).pk)).content.decode()

    assert "30 attendance" in page
    assert "… and 10 more" in page


def test_selected_records_that_others_refer_to_are_not_deleted(staff: Client) -> None:
    rows.presidency(1)
    free, held = rows.city(2), rows.city(1)

    sent = {"action": "delete_selected", "_selected_action": [free.pk, held.pk], "post": "yes"}
    response = staff.post(address(Organisation, "changelist"), sent)

    assert "cannot be deleted: other records refer to them." in response.content.decode()
    assert Organisation.objects.count() == 2


def test_record_that_nothing_refers_to_is_deleted(staff: Client) -> None:
    city = rows.city(1)
    OrganisationName.objects.create(organisation=city, text="Град")

    response = rows.confirmed(staff, address(Organisation, "delete", city.pk))

    assert response.status_code == 302
    assert not Organisation.objects.exists()


def test_meeting_with_its_parts_is_deleted_after_telling_how_much_goes(staff: Client) -> None:
    made = MAKERS[Attendance](1)
    rows.agenda_item(1)

    page = staff.get(address(Meeting, "delete", made.meeting_id)).content.decode()
    rows.confirmed(staff, address(Meeting, "delete", made.meeting_id))

    assert "Agenda items: 1" in page
    assert (Meeting.objects.count(), Attendance.objects.count(), AgendaItem.objects.count()) == (0, 0, 0)


# --- Pictures --------------------------------------------------------------------------------------------------------


def test_photo_shows_a_preview_of_its_smallest_size(staff: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    photo = MAKERS[rows.Photo](1)

    for page in (address(rows.Photo, "change", photo.pk), address(Meeting, "change", photo.meeting_id)):
        assert f'<img class="picture-preview" src="{photo.image.small_url}"' in staff.get(page).content.decode()


def test_file_that_is_no_picture_is_refused_in_words(staff: Client) -> None:
    page = address(rows.Photo, "add")
    fake = rows.ContentFile(b"<script>alert(1)</script>", "photo.png")

    response = staff.post(page, {"meeting": rows.meeting(1).pk, "alt": "A bridge", "order": 0, "image": fake})

    assert "image" in response.context["adminform"].form.errors
