"""Tables in and out: what every cell would do, all or nothing, taken back, and out and in again without a change."""

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from b40.models import SheetImport
from b40.sheets.exporting import csv_of, xlsx_of
from b40.sheets.plan import State, plan_of
from b40.sheets.reading import UnreadableTable, read_table
from b40.sheets.tables import TABLES, AttendanceTable, ContactTable, OrganisationTable
from meetings.models import Attendance, Presence
from members.cells import guarded, unguarded
from members.models import Change, Country, Mandate, Organisation, Person, User
from tests.b40.admin_rows import client_of, secretariat_user
from tests.factories import (
    AttendanceFactory,
    CountryFactory,
    MandateFactory,
    MeetingFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder_of_uploads(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def bulgaria():
    return CountryFactory(code="BG", name="Bulgaria")


@pytest.fixture
def sofia(bulgaria):
    city = OrganisationFactory(name="Sofia", slug="sofia", country=bulgaria, population=1_200_000, population_year=2021)
    OrganisationNameFactory(organisation=city, text="София", language="bg", is_native=True)
    return city


@pytest.fixture
def staff(db):
    return client_of(secretariat_user())


def table_of(*lines):
    """What a spreadsheet would save of these lines."""
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def planned(table, *lines):
    return plan_of(table(), read_table(table_of(*lines)))


def told(plan):
    return [(row.state, [(cell.column, cell.old, cell.new) for cell in row.told]) for row in plan.rows]


def upload(client, name, raw, file="table.csv"):
    return client.post(reverse("admin:sheet", args=[name]), {"file": SimpleUploadedFile(file, raw)}, follow=True)


def imported(client, name, raw):
    """Upload a table and import what the preview shows."""
    page = upload(client, name, raw)
    sent = {"ticket": page.context["ticket"], "digest": page.context["plan"].digest}
    return client.post(reverse("admin:sheet_preview", args=[name]), sent, follow=True)


# --- What would happen -----------------------------------------------------------------------------------------------


def test_every_cell_is_new_changed_unchanged_or_a_problem(sofia):
    plan = planned(
        OrganisationTable,
        ["slug", "name", "country", "population", "population_year", "website"],
        ["sofia", "Sofia", "BG", "1250000", "2024", ""],
        ["varna", "Varna", "Bulgaria", "", "", "https://varna.bg"],
        ["sofia-2", "Sofia", "BG", "", "", ""],
        ["", "", "", "5", "", ""],
    )

    assert told(plan)[0] == ("changed", [("population", "1200000", "1250000"), ("population_year", "2021", "2024")])
    assert told(plan)[1][0] == State.NEW
    assert plan.rows[2].problems == [
        "There is already an organisation of this name in this country: open that one, or tell the two apart in the name."
    ]
    assert plan.rows[3].state == State.PROBLEM
    assert plan.counts == {"new": 1, "changed": 1, "unchanged": 0, "problem": 2}
    assert Organisation.objects.count() == 1


def test_a_name_in_any_spelling_finds_its_city_and_does_not_rename_it(sofia):
    plan = planned(OrganisationTable, ["name", "abbreviation"], ["София", "SOF"])

    assert told(plan) == [("changed", [("abbreviation", "", "SOF")])]
    assert plan.rows[0].record.name == "Sofia"


def test_an_ambiguous_name_is_a_problem_that_says_how_to_tell(sofia):
    OrganisationFactory(name="Sofia", slug="sofia-gr", country=CountryFactory(code="GR", name="Greece"))

    plan = planned(OrganisationTable, ["name", "note"], ["Sofia", "x"], ["Sofia (BG)", "y"])

    assert "add the country" in plan.rows[0].cells[0].message
    assert plan.rows[1].record == sofia


def test_an_empty_cell_leaves_alone_and_a_dash_empties(sofia):
    sofia.note = "A remark."
    sofia.website = "https://sofia.bg"
    sofia.save()

    plan = planned(OrganisationTable, ["slug", "note", "website", "name"], ["sofia", "-", "", ""])

    assert told(plan) == [("changed", [("note", "A remark.", "")])]


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        ("kind", "planet", "Choose one of: city"),
        ("population", "many", "Enter a whole number."),
        ("latitude", "north", "Enter a number."),
        ("country", "Atlantis", "No country of this code or name is on record."),
        ("website", "not an address", "Enter a valid URL."),
        ("name", "-", "This may not be empty."),
        ("latitude", "42.1", "Give latitude (-90 to 90) and longitude (-180 to 180) together, or neither."),
    ],
)
def test_a_cell_that_breaks_a_rule_says_which(sofia, column, text, message):
    plan = planned(OrganisationTable, ["slug", column], ["sofia", text])

    (row,) = plan.rows
    assert row.state == State.PROBLEM
    assert message in " ".join([*(cell.message for cell in row.cells), *row.problems])


def test_two_rows_about_one_record_are_a_problem(sofia):
    plan = planned(OrganisationTable, ["slug", "note"], ["sofia", "one"], ["sofia", "two"])

    assert plan.rows[1].problems == ["Row 2 is about the same record: keep one of the two."]


def test_numbers_are_read_as_the_region_writes_them(sofia):
    plan = planned(OrganisationTable, ["slug", "latitude", "longitude"], ["sofia", "42,6977", "23,3219"])

    assert str(plan.rows[0].record.latitude) == "42.6977"
    assert plan.is_clean


def test_attendance_is_told_by_meeting_session_and_name(sofia):
    meeting = MeetingFactory(slug="round")
    session = SessionFactory(meeting=meeting)
    AttendanceFactory(meeting=meeting, organisation=sofia, channel="secretariat")

    plan = planned(
        AttendanceTable,
        ["meeting", "session", "organisation", "presence"],
        ["round", "", "Sofia", "excused"],
        ["round", "1", "София", "present"],
        ["round", "2", "Sofia", "present"],
        ["other", "", "Sofia", "present"],
        ["round", "", "Atlantis", "present"],
    )

    assert [row.state for row in plan.rows] == ["changed", "new", "problem", "problem", "problem"]
    assert plan.rows[1].record.session == session
    assert "This meeting has 1 sessions" in plan.rows[2].cells[1].message


def test_contacts_bring_their_people(sofia):
    plan = planned(
        ContactTable,
        ["organisation", "person", "role", "email", "starts_on"],
        ["Sofia", "Ivan Petrov", "contact", "ivan@sofia.bg", "01.02.2026"],
        ["sofia", "Ivan Petrov", "technical delegate", "ivan@sofia.bg", ""],
        ["Sofia", "Ana Ivanova", "", "no address", ""],
    )

    assert [row.state for row in plan.rows] == ["new", "new", "problem"]
    assert Person.objects.count() == 0


# --- Files -----------------------------------------------------------------------------------------------------------


def workbook(*lines):
    book = Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 101 * 1024 * 1024)
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b"slug,note\nsofia,A\n",
        b"\xef\xbb\xbfslug;note\r\nsofia;A\r\n",
        b"Slug\tNote\nsofia\tA\n",
        "slug,note\nsofia,A\n".encode("utf-16"),
        b"\n\nslug,note\n,\nsofia,A\n\n",
        workbook(["slug", "note"], ["sofia", "A"]),
        workbook(["Slug", " NOTE ", None], ["sofia", "A"], [None, None]),
    ],
)
def test_a_table_is_read_in_its_usual_shapes(sofia, raw):
    plan = plan_of(OrganisationTable(), read_table(raw))

    assert told(plan) == [("changed", [("note", "", "A")])]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "The file is empty"),
        ("slug,note\nsofia,ş\n".encode("cp1254"), "Line 2 is not UTF-8"),
        (b"\xd0\xcf\x11\xe0old", "workbook of the old kind"),
        (b"PK\x03\x04broken", "The workbook is damaged"),
        (b"slug,note\n\0", "This is no table"),
        (b'slug,note\n"sofia,A', "no table that can be read"),
        (b"slug,remark\nsofia,A", "no column “remark”"),
        (b"slug,nam\nsofia,A", "did you mean"),
        (b"slug,slug\nsofia,A", "stands twice"),
        (b"note\nA", "needs the column “name”"),
        (b"slug\n" + b"a\n" * 20_001, "more than 20000 rows"),
        (b"x" * (10 * 1024 * 1024 + 1), "more than 10 MB"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_the_reason(sofia, raw, message):
    with pytest.raises(UnreadableTable, match=message):
        plan_of(OrganisationTable(), read_table(raw))


def test_a_workbook_that_unpacks_without_end_is_refused():
    with pytest.raises(UnreadableTable, match="unpacks to more than 100 MB"):
        read_table(bomb())


def test_days_and_whole_numbers_of_a_workbook_are_read_as_written(sofia):
    import datetime as dt

    raw = workbook(["organisation", "person", "starts_on"], ["Sofia", "Ivan", dt.datetime(2026, 2, 1)])

    assert plan_of(ContactTable(), read_table(raw)).rows[0].record.starts_on == dt.date(2026, 2, 1)


# --- Out and in ------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40).map(
    lambda text: " ".join(text.split())
)


@given(
    note=TEXTS,
    description=TEXTS,
    population=st.none() | st.integers(0, 10_000_000),
    latitude=st.none() | st.decimals(-90, 90, places=4),
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_back_without_a_change(kind, note, description, population, latitude):
    bulgaria, _made = Country.objects.get_or_create(code="BG", defaults={"name": "Bulgaria"})
    year, longitude = (2020 if population is not None else None), (latitude if latitude is not None else None)
    city = Organisation(
        name="Varna", slug="varna", country=bulgaria, note=note, description=description,
        population=population, population_year=year, latitude=latitude, longitude=longitude,
    )  # fmt: skip
    city.save()
    table = OrganisationTable()
    raw = b"".join(csv_of(table, table.records())) if kind == "csv" else xlsx_of(table, table.records())

    plan = plan_of(OrganisationTable(), read_table(raw))

    city.delete()
    assert [told_row for told_row in told(plan) if told_row[0] != State.UNCHANGED] == []


def test_attendance_and_contacts_come_back_without_a_change(sofia):
    meeting = MeetingFactory()
    AttendanceFactory(meeting=meeting, organisation=sofia)
    AttendanceFactory(
        meeting=meeting, session=SessionFactory(meeting=meeting), organisation=sofia, presence=Presence.ABSENT
    )
    MandateFactory(organisation=sofia, email="a@sofia.bg", note="=1+1")

    for name in ("attendance", "contacts"):
        table = TABLES[name]()
        raw = b"".join(csv_of(table, table.records()))
        plan = plan_of(TABLES[name](), read_table(raw))
        assert plan.counts["unchanged"] == len(plan.rows) > 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "text", "", "'quoted"])
def test_no_cell_is_run_as_a_formula(text):
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(text)) == text


# --- The pages -------------------------------------------------------------------------------------------------------


def test_preview_writes_nothing_and_import_writes_all_with_history(staff, sofia):
    raw = table_of(["slug", "name", "country", "note"], ["sofia", "", "", "Capital"], ["varna", "Varna", "BG", ""])
    page = upload(staff, "organisations", raw)
    assert "would be added: 1; changed: 1; as they are: 0; with problems: 0." in page.content.decode()
    assert Organisation.objects.count() == 1

    answer = imported(staff, "organisations", raw)

    sofia.refresh_from_db()
    assert "Imported: 1 added, 1 changed, 0 as they were." in answer.content.decode()
    assert (sofia.note, Organisation.objects.count()) == ("Capital", 2)
    remembered = SheetImport.objects.get()
    assert {change.record for change in Change.objects.filter(batch=remembered.batch)} >= {
        f"members.organisation:{sofia.pk}"
    }
    assert {(change.actor, change.reason) for change in Change.objects.filter(batch=remembered.batch)} == {
        ("elif", "import of table.csv")
    }


def test_a_table_with_a_problem_cannot_be_imported(staff, sofia):
    raw = table_of(["slug", "note", "kind"], ["sofia", "new", ""], ["sofia-x", "", "planet"])
    page = upload(staff, "organisations", raw)
    assert 'name="digest"' not in page.content.decode()

    imported(staff, "organisations", raw)

    sofia.refresh_from_db()
    assert (sofia.note, SheetImport.objects.count()) == ("", 0)


def test_what_changed_since_the_preview_is_refused_and_nothing_is_written(staff, sofia):
    page = upload(staff, "organisations", table_of(["slug", "note"], ["sofia", "mine"]))
    sofia.note = "theirs"
    sofia.save()

    answer = staff.post(
        reverse("admin:sheet_preview", args=["organisations"]),
        {"ticket": page.context["ticket"], "digest": page.context["plan"].digest},
        follow=True,
    )

    sofia.refresh_from_db()
    assert "The record changed since the preview" in answer.content.decode()
    assert "<s>theirs</s>" in answer.content.decode()
    assert sofia.note == "theirs"


def test_a_failure_in_the_last_row_leaves_nothing(staff, sofia, monkeypatch):
    saved = []

    def save(self, record):
        saved.append(record)
        if len(saved) == 3:
            raise RuntimeError("the database is away")
        record.save()

    monkeypatch.setattr(OrganisationTable, "save", save)
    raw = table_of(["slug", "name", "country"], ["a", "A", "BG"], ["b", "B", "BG"], ["c", "C", "BG"])

    with pytest.raises(RuntimeError):
        imported(staff, "organisations", raw)

    assert Organisation.objects.count() == 1
    assert SheetImport.objects.count() == 0


def test_an_import_is_taken_back_whole(staff, sofia):
    raw = table_of(["slug", "name", "country", "note"], ["sofia", "", "", "Capital"], ["varna", "Varna", "BG", ""])
    imported(staff, "organisations", raw)
    remembered = SheetImport.objects.get()

    answer = staff.post(reverse("admin:sheet_take_back", args=[remembered.pk]), follow=True)
    again = staff.post(reverse("admin:sheet_take_back", args=[remembered.pk]), follow=True)

    sofia.refresh_from_db()
    assert "2 records are as they were before" in answer.content.decode()
    assert "taken back already" in again.content.decode()
    assert (sofia.note, list(Organisation.objects.values_list("slug", flat=True))) == ("", ["sofia"])


def test_an_import_is_not_taken_back_over_a_later_change(staff, sofia):
    imported(staff, "organisations", table_of(["slug", "note"], ["sofia", "Capital"]))
    sofia.refresh_from_db()
    sofia.website = "https://sofia.bg"
    sofia.save()

    answer = staff.post(reverse("admin:sheet_take_back", args=[SheetImport.objects.get().pk]), follow=True)

    sofia.refresh_from_db()
    assert "“Sofia” was changed since." in answer.content.decode()
    assert sofia.note == "Capital"


def test_what_is_referred_to_is_not_taken_back(staff, sofia):
    imported(staff, "organisations", table_of(["slug", "name", "country"], ["varna", "Varna", "BG"]))
    AttendanceFactory(organisation=Organisation.objects.get(slug="varna"))

    answer = staff.post(reverse("admin:sheet_take_back", args=[SheetImport.objects.get().pk]), follow=True)

    assert "Nothing was taken back." in answer.content.decode()
    assert Organisation.objects.filter(slug="varna").exists()


def test_contacts_and_attendance_are_imported_and_taken_back(staff, sofia):
    meeting = MeetingFactory(slug="round")
    imported(
        staff, "contacts", table_of(["organisation", "person", "email"], ["София", "Ivan Petrov", "ivan@sofia.bg"])
    )
    imported(staff, "attendance", table_of(["meeting", "organisation", "presence"], ["round", "София", "present"]))
    assert Mandate.objects.get().person.name == "Ivan Petrov"
    assert Attendance.objects.get().meeting == meeting

    for remembered in SheetImport.objects.all():
        staff.post(reverse("admin:sheet_take_back", args=[remembered.pk]))

    assert (Mandate.objects.count(), Person.objects.count(), Attendance.objects.count()) == (0, 0, 0)


PAGES = [
    "/admin/sheets/",
    *(f"/admin/sheets/{name}/{page}" for name in TABLES for page in ("", "preview/", "export.csv", "export.xlsx")),
]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_without_the_right_gets_in(client, page):
    stranger = client_of(User.objects.create_user("stranger", password="a-long-password", is_staff=True))

    assert client.get(page).status_code == 302
    assert stranger.get(page).status_code == 403


def test_what_is_no_table_is_not_found(staff):
    pages = [
        "/admin/sheets/users/",
        "/admin/sheets/users/export.csv",
        "/admin/sheets/contacts/export.pdf",
        "/admin/sheets/users/preview/",
    ]

    assert [staff.get(page).status_code for page in pages] == [404] * 4


def test_export_holds_what_the_list_shows(staff, sofia):
    OrganisationFactory(name="Varna", slug="varna", country=sofia.country)

    answer = staff.get("/admin/sheets/organisations/export.csv?q=софия")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    book = load_workbook(io.BytesIO(staff.get("/admin/sheets/organisations/export.xlsx?q=Sofia").content))

    assert len(lines) == 2
    assert lines[1].startswith("sofia,Sofia,city,BG")
    assert [cell.value for cell in book.active[2]][:4] == ["sofia", "Sofia", "city", "BG"]


@pytest.mark.parametrize("name", list(TABLES))
def test_export_and_preview_cost_the_same_for_any_number_of_rows(staff, sofia, name):
    counts = []
    for number in (3, 20):
        for _each in range(number):
            city = OrganisationFactory(country=sofia.country)
            AttendanceFactory(organisation=city)
            MandateFactory(organisation=city)
        with CaptureQueriesContext(connection) as queries:
            raw = b"".join(staff.get(f"/admin/sheets/{name}/export.csv").streaming_content)
        exported = len(queries)
        table = TABLES[name]()
        with CaptureQueriesContext(connection) as queries:
            plan_of(table, read_table(raw))
        counts.append((exported, len(queries)))

    assert counts[0] == counts[1]


def test_contacts_are_nowhere_public(client, sofia):
    MandateFactory(organisation=sofia, person__name="Ivan Petrov", email="ivan@sofia.bg")

    for page in ("/search/?q=Petr", sofia.get_absolute_url(), "/sitemap.xml"):
        assert "Petrov" not in client.get(page).content.decode()
    assert list(Person.objects.visible_to(client.get("/").wsgi_request.user)) == []
    assert list(Mandate.objects.visible_to(client.get("/").wsgi_request.user)) == []
