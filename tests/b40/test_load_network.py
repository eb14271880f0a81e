"""The shipped record, loading twice, staff's edits and deletions, dry runs."""

import datetime as dt
import io
import json
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b40.loading.loading import load
from b40.models import LoadedRecord
from meetings.attendance import who_attended
from meetings.models import (
    AgendaItem,
    Attendance,
    Capacity,
    Channel,
    DatePrecision,
    DocumentKind,
    Meeting,
    MeetingKind,
    MeetingStatus,
    Mode,
    Presence,
    Session,
    StatedTotal,
)
from members.models import (
    BoardSeatChange,
    Certainty,
    Country,
    Founding,
    Kind,
    MembershipChange,
    OfficeChange,
    Organisation,
    OrganisationName,
    Presidency,
    Source,
    Status,
)
from members.names import script_of
from members.resolver import resolve_all
from tests.b40.loading_records import as_file, small_record
from tests.shipped import SHIPPED
from workinggroups.models import PUBLIC_STATUSES, GroupRole, Topic, TopicStatus

pytestmark = pytest.mark.django_db

CHOICES = [
    BoardSeatChange.Event, Capacity, Certainty, Channel, DocumentKind, Founding, GroupRole, Kind, MeetingKind,
    MeetingStatus, Mode, Presence, StatedTotal.Bound, StatedTotal.What, Status,
]  # fmt: skip


def written(queries):
    return [query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]


# --- The shipped record ---


def test_shipped_record_counts_sixteen_cities_and_two_observers_in_april_2025(shipped_record):
    attended = who_attended(Meeting.objects.get(start_on=dt.date(2025, 4, 9)))

    assert [one.organisation.slug for one in attended.cities] == [
        "athens", "galati", "istanbul", "izmir", "mugla", "niksic", "pella", "pristina", "shumen", "sofia", "split",
        "thessaloniki", "tirana", "troyan", "tuzi", "zagreb",
    ]  # fmt: skip
    assert [one.organisation.slug for one in attended.observers] == ["iclei", "tbb"]


def test_shipped_record_has_every_topic_of_april_2025_under_its_group(shipped_record):
    sessions = Session.objects.filter(meeting__start_on=dt.date(2025, 4, 9))
    topics = {
        session.label: sorted(Topic.objects.filter(agenda_items__session=session).values_list("slug", flat=True))
        for session in sessions
    }

    assert topics == {
        "Local Climate Action": ["air-pollution-mitigation", "urban-heat-island-effect"],
        "Local Democracy and Migration": [
            "citizen-engagement", "photo-competition-on-local-democracy", "promotion-of-local-democracy",
        ],
        "Smart Cities and Digital Transformation": [
            "ai-for-city-services", "digital-transformation", "smart-city-solutions",
        ],
        "Local Economic and Cultural Cooperation": [
            "direct-transport-routes", "shared-calendar-of-cultural-events", "transport-and-cultural-ties",
        ],
        "Plenary": ["eu-and-international-funding", "joint-projects"],
    }  # fmt: skip


def test_shipped_record_has_five_presidencies_in_order_and_both_presidents_of_athens(shipped_record):
    assert list(Presidency.objects.values_list("city__slug", flat=True)) == [
        "istanbul", "athens", "tirana", "sofia", "zagreb",
    ]  # fmt: skip
    in_athens = OfficeChange.objects.filter(presidency__city__slug="athens")
    assert list(in_athens.values_list("person__name", flat=True)) == ["Kostas Bakoyannis", "Haris Doukas"]
    assert Presidency.objects.filter(summit__isnull=False).count() == 5


def test_shipped_record_is_complete(shipped_record):
    assert (Country.objects.count(), Organisation.objects.cities().count(), Meeting.objects.count()) == (12, 62, 17)
    assert Organisation.objects.holding(dt.date(2026, 2, 1), "member").count() == 59
    assert Organisation.objects.holding(dt.date(2021, 12, 1), "member").count() == 19
    assert not Meeting.objects.filter(summary="").exists()
    assert not Topic.objects.filter(agenda_items__isnull=True).exists()
    assert not Source.objects.filter(title="").exists()
    assert not MembershipChange.objects.filter(sources__isnull=True).exists()


def test_every_spelling_of_the_shipped_record_finds_its_city_alone(shipped_record):
    spellings = {
        (name.text, name.organisation.slug) for name in OrganisationName.objects.select_related("organisation")
    }
    found = resolve_all(text for text, _slug in spellings)

    assert {
        (text, found[text].organisation and found[text].organisation.slug) for text, _slug in spellings
    } == spellings


def test_every_city_of_the_shipped_record_is_written_in_three_scripts(shipped_record):
    for city in Organisation.objects.cities().prefetch_related("names"):
        assert {script_of(text) for text in [city.name, *(name.text for name in city.names.all())]} == {
            "Latn",
            "Cyrl",
            "Grek",
        }, city


def test_shipped_record_says_when_all_we_know_is_absence(shipped_record):
    ended = MembershipChange.objects.filter(status="ended")

    assert {change.organisation.slug for change in ended} == {"dubrovnik", "trikala"}
    assert {(change.window, change.certainty) for change in ended} == {("../2024-01-30", "unconfirmed")}


# --- Loading twice ---


def test_second_load_finds_everything_unchanged_and_writes_nothing(shipped_record):
    with CaptureQueriesContext(connection) as queries:
        second = load(SHIPPED.read_bytes())

    assert shipped_record.created
    assert not shipped_record.unchanged
    assert second.wrote_nothing
    assert not second.conflicts
    assert len(second.unchanged) == len(shipped_record.created)
    assert written(queries.captured_queries) == []


def test_second_load_asks_a_number_of_queries_that_does_not_grow_with_the_record(shipped_record):
    whole = json.loads(SHIPPED.read_text(encoding="utf-8"))
    part = {**whole, "meetings": whole["meetings"][-3:], "organisations": whole["organisations"][-30:]}

    with CaptureQueriesContext(connection) as asked_for_part:
        load(as_file(part))
    with CaptureQueriesContext(connection) as asked_for_whole:
        load(as_file(whole))

    assert len(part["meetings"]) < len(whole["meetings"])
    assert len(asked_for_whole) <= len(asked_for_part)


def test_small_record_is_read_into_its_fields():
    load(as_file(small_record()))

    online = Meeting.objects.get(slug="online")
    assert (online.start_on, online.end_on, online.date_precision) == (dt.date(2023, 6, 1), None, DatePrecision.MONTH)
    assert Session.objects.get(title="Common").starts_at == dt.datetime(2023, 6, 9, 7, tzinfo=dt.UTC)
    in_session = Attendance.objects.get(session__isnull=False)
    assert (in_session.organisation.slug, in_session.capacity) == ("iclei", "observer")
    by_press = Attendance.objects.filter(meeting__slug="athens-summit")
    assert {(row.channel, row.sources.get().title) for row in by_press} == {("press", "A report")}
    assert MembershipChange.objects.get(organisation__slug="iclei").window == "../2025-04-09"


def test_file_without_a_key_leaves_that_field_alone():
    load(as_file(small_record()))
    record = small_record()
    del record["organisations"][0]["latitude"], record["organisations"][0]["longitude"], record["meetings"]

    report = load(as_file(record))

    assert report.wrote_nothing
    assert Organisation.objects.get(slug="sofia").latitude is not None
    assert Meeting.objects.count() == 2


def test_changed_file_updates_what_staff_left_alone():
    load(as_file(small_record()))
    record = small_record()
    record["organisations"][0]["membership"][0]["on"] = "2022-06-27"
    record["meetings"][1]["title"] = "First online round"
    record["meetings"][1]["sessions"][0]["items"][1]["topics"].append("funding")

    report = load(as_file(record))

    assert [(row.key, changes) for row, changes in report.updated] == [
        (("sofia", "member", "1"), ["earliest", "latest"]),
        (("online",), ["title"]),
        (("online", "", "climate", "Clean air"), ["topics"]),
    ]
    assert MembershipChange.objects.get(organisation__slug="sofia").window == "2022-06-27"
    assert AgendaItem.objects.get(title="Clean air").topics.count() == 2


# --- What staff did ---


def test_field_that_staff_edited_is_kept_and_listed():
    load(as_file(small_record()))
    Organisation.objects.filter(slug="sofia").update(name="Sofia City")

    report = load(as_file(small_record()))

    assert [str(conflict) for conflict in report.conflicts] == [
        'organisation "sofia", name: here “Sofia City”, in the file “Sofia”'
    ]
    assert report.wrote_nothing
    assert Organisation.objects.get(slug="sofia").name == "Sofia City"


def test_field_that_staff_and_file_changed_is_kept_and_other_fields_follow_the_file():
    load(as_file(small_record()))
    Organisation.objects.filter(slug="sofia").update(name="Sofia City")
    record = small_record()
    record["organisations"][0] |= {"name": "Sofiya", "note": "The seat of the presidency."}

    report = load(as_file(record))

    assert [(conflict.in_file, conflict.present) for conflict in report.conflicts] == [("“Sofiya”", "“Sofia City”")]
    assert Organisation.objects.get(slug="sofia").note == "The seat of the presidency."


def test_key_that_staff_edited_is_known_again():
    load(as_file(small_record()))
    Meeting.objects.filter(slug="online").update(slug="online-round", start_on=dt.date(2023, 7, 1))
    MembershipChange.objects.filter(organisation__slug="sofia").update(latest=dt.date(2022, 6, 30))

    report = load(as_file(small_record()))

    assert sorted(conflict.attribute for conflict in report.conflicts) == ["latest", "slug", "start_on"]
    assert report.wrote_nothing


def test_dates_that_belong_together_are_kept_together():
    load(as_file(small_record()))
    Meeting.objects.filter(slug="athens-summit").update(end_on=dt.date(2023, 1, 23))
    record = small_record()
    record["meetings"][0]["days"] = "2023-01-23/2023-01-25"

    report = load(as_file(record))

    assert sorted(conflict.attribute for conflict in report.conflicts) == ["end_on", "start_on"]
    assert Meeting.objects.get(slug="athens-summit").start_on == dt.date(2023, 1, 22)


def test_what_staff_deleted_stays_deleted_and_is_listed_with_its_parts():
    load(as_file(small_record()))
    Meeting.objects.get(slug="online").delete()
    Topic.objects.get(slug="heat").delete()

    report = load(as_file(small_record()))

    assert sorted(row.key for row in report.deleted) == [("heat",), ("online",)]
    assert {ref.key: len(rows) for ref, rows in report.waiting.items()}[("online",)] >= 3
    assert report.wrote_nothing
    assert not Meeting.objects.filter(slug="online").exists()


def test_part_that_staff_added_stays_and_part_that_staff_removed_stays_away():
    load(as_file(small_record()))
    sofia = Organisation.objects.get(slug="sofia")
    sofia.names.create(text="Serdica")
    sofia.names.get(text="Sofya").delete()
    sofia.sources.clear()
    item = AgendaItem.objects.get(title="Clean air")
    item.topics.add(Topic.objects.get(slug="funding"))

    report = load(as_file(small_record()))

    assert sorted(sofia.names.values_list("text", flat=True)) == ["Serdica", "София"]
    assert [row.key for row in report.deleted] == [("sofia", "Sofya")]
    assert [conflict.attribute for conflict in report.conflicts] == ["sources"]
    assert not sofia.sources.exists()
    assert item.topics.count() == 2


def test_object_that_staff_made_before_the_load_is_met_and_only_its_blanks_are_filled():
    bulgaria = Country.objects.create(code="BG", name="Bulgaria")
    Organisation.objects.create(slug="sofia", name="Sofia", country=bulgaria, note="Written by staff.")
    record = small_record()
    record["organisations"][0]["note"] = "Written in the file."

    report = load(as_file(record))

    sofia = Organisation.objects.get(slug="sofia")
    assert sofia.note == "Written by staff."
    assert sofia.latitude is not None
    assert [conflict.attribute for conflict in report.conflicts] == ["note"]


# --- The command ---


def run(path, *arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command("load_network", str(path), *arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def record_file(tmp_path):
    path = tmp_path / "record.json"
    path.write_bytes(as_file(small_record()))
    return path


def test_command_reports_counts_and_conflicts_by_name(record_file):
    first, errors = run(record_file)
    Organisation.objects.filter(slug="sofia").update(website="https://www.sofia.bg")
    Organisation.objects.filter(slug="athens").update(name="Athina")
    second, _errors = run(record_file)

    assert "organisations: 3 created, 0 updated, 0 unchanged" in first.splitlines()
    assert errors == ""
    assert "organisations: 0 created, 0 updated, 3 unchanged" in second.splitlines()
    assert (
        'kept as edited here: organisation "athens", name: here “Athina”, in the file “Athens”' in second.splitlines()
    )
    assert "website" not in second


def test_command_lists_every_name_when_asked(record_file):
    first, _errors = run(record_file, verbosity=2)
    second, _errors = run(record_file, verbosity=2)

    assert 'created organisation "sofia"' in first.splitlines()
    assert 'unchanged meeting "athens-summit"' in second.splitlines()


def test_dry_run_says_what_would_happen_and_writes_nothing(record_file):
    out, _errors = run(record_file, "--dry-run")

    assert "organisations: 3 created, 0 updated, 0 unchanged" in out.splitlines()
    assert out.splitlines()[-1] == "This was a dry run: nothing was written."
    assert not Organisation.objects.exists()
    assert not LoadedRecord.objects.exists()


def test_progress_is_shown_on_a_terminal_and_wiped_away(record_file):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    call_command("load_network", str(record_file), stdout=io.StringIO(), stderr=screen)

    assert "loading organisations (" in screen.getvalue()
    assert screen.getvalue().endswith("\r\033[K")


DOCUMENTED = SHIPPED.parents[1] / "docs" / "network-record.md"


def test_every_key_and_every_word_of_the_format_is_documented():
    documented = set(re.findall(r"`([a-z_]+)`", DOCUMENTED.read_text(encoding="utf-8")))
    source = (SHIPPED.parent / "loading" / "format.py").read_text(encoding="utf-8")
    words = {value for options in CHOICES for value in options.values if value}
    words |= {
        TopicStatus.DRAFT.value,
        *(status.value for status in PUBLIC_STATUSES),
    }  # what waits for an answer stays out

    assert set(re.findall(r'"([a-z_]+)":', source)) - documented == set()
    assert words - documented == set()


def test_documented_example_can_be_loaded():
    example = re.search(r"```json\n(.*?)```", DOCUMENTED.read_text(encoding="utf-8"), re.DOTALL)

    assert load(example[1].encode()).created


def test_shipped_record_leaves_out_what_it_does_not_know():
    def values(part):
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else [part]
        for value in inner:
            yield from [value] if value is part else values(value)

    assert not {None, "unknown", "TODO", "?"} & set(values(json.loads(SHIPPED.read_text(encoding="utf-8"))))
