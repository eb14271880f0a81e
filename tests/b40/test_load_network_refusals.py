"""What the loader refuses: each with its place and mend, exit code 2, and nothing written."""

import io
import json

import pytest
from django.core.management import call_command

from b40.loading.loading import load
from b40.loading.problems import LoadError
from b40.loading.reading import read_json
from b40.models import LoadedRecord
from meetings.models import Meeting
from members.models import Organisation, Presidency, Source
from tests.b40.loading_records import as_file, small_record

pytestmark = pytest.mark.django_db


def refused(record):
    """The problems of a record, as lines; nothing may have been written."""
    raw = record if isinstance(record, bytes) else as_file(record)
    with pytest.raises(LoadError) as caught:
        load(raw)
    assert not any(model.objects.exists() for model in (Organisation, Meeting, Presidency, Source, LoadedRecord))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the file is empty; docs/network-record.md shows how one begins"),
        (b'{"format": "b40-network",\n  "version": 1,,}', "line 2, column 16: this is not JSON: "),
        (b'{"format": "b40-network"', "line 1, column 25: this is not JSON: expecting ',' delimiter"),
        (
            '{"title": "Muğla"}'.encode("iso-8859-9"),
            "line 1, column 14: byte 0xf0 is not UTF-8; save the file as UTF-8",
        ),
        ('{"title": "Muğla"}'.encode("utf-16"), "the file is UTF-16; save it as UTF-8"),
        (
            b'{"slug": "sofia", "name": "a", "name": "b"}',
            'the key "name" stands twice in one object of "sofia"; keep one',
        ),
        (b'{"version": NaN}', "NaN is no number in JSON; write null or leave the key out"),
        (b"[" * 100_000, "lists and objects are nested too deeply"),
        (b"1" * 10_000, "a number is too long"),
        (b"[]", 'expected an object with the key "format"; docs/network-record.md shows how a record begins'),
        (b'{"slug": "x"}', 'format: this is no network record: the key "format" must say "b40-network"'),
        (b'{"format": "b40-network", "version": 2}', "version: this program reads version 1, and the file says 2"),
    ],
)
def test_file_that_is_no_record_is_refused_with_its_place(raw, message):
    problems = refused(raw)

    assert len(problems) == 1
    assert problems[0].startswith(message)


def test_byte_order_mark_is_read_over():
    assert read_json(b"\xef\xbb\xbf" + as_file(small_record())) == small_record()


def test_column_is_counted_in_letters():
    with pytest.raises(LoadError, match="line 2, column 12: byte 0xff"):
        read_json('{\n"Ελλάδα": "'.encode() + b"\xff")


def test_file_beyond_the_size_limit_is_refused(monkeypatch):
    monkeypatch.setattr("b40.loading.reading.MAX_BYTES", 10)

    assert refused(b" " * 11) == ["the file has 11 bytes; 10 is the most that is read"]


def set_value(path, value):
    def change(record):
        *way, last = path
        for step in way:
            record = record[step]
        record[last] = value

    return change


def append(path, value):
    def change(record):
        for step in path:
            record = record[step]
        record.append(value)

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            set_value(["meetings", 0, "motot"], "x"),
            'meetings[0].motot: there is no key "motot" here; did you mean "motto"?',
        ),
        (set_value(["meetings", 0, "kind"], "sumit"), 'meetings[0].kind: "sumit" is none of summit, '),
        (set_value(["meetings", 0, "title"], 7), "meetings[0].title: expected a text, found a number"),
        (set_value(["meetings", 0, "title"], None), "meetings[0].title: expected a text, found null"),
        (
            set_value(["meetings", 0, "title"], " "),
            "meetings[0].title: the text is empty; write it or leave the key out",
        ),
        (
            set_value(["meetings", 0, "title"], "x" * 201),
            "meetings[0].title: the text has 201 characters; 200 is the most",
        ),
        (
            set_value(["meetings", 0, "title"], "a\x00b"),
            "meetings[0].title: the text holds a character that cannot be printed",
        ),
        (
            set_value(["meetings", 0, "title"], "a\nb"),
            "meetings[0].title: the text holds a character that cannot be printed",
        ),
        (
            set_value(["meetings", 0, "slug"], "Athens Summit"),
            'meetings[0].slug: "Athens Summit" is no slug; use small letters',
        ),
        (set_value(["meetings", 0, "days"], "2023-02-30"), "meetings[0].days: '2023-02-30' is not in the calendar"),
        (
            set_value(["meetings", 0, "days"], "../2023-02-03"),
            "meetings[0].days: a meeting needs its first day; write 2025-",
        ),
        (set_value(["meetings", 0, "days"], "2023"), "meetings[0].days: 365 days are too many for one meeting"),
        (
            set_value(["meetings", 0, "timezone"], "Europe/Athen"),
            'meetings[0].timezone: "Europe/Athen" is no IANA time zone; did you mean "Europe/Athens"?',
        ),
        (set_value(["meetings", 0, "attendance"], {}), "meetings[0].attendance: expected a list, found an object"),
        (
            set_value(["meetings", 0, "attendance_complete"], "yes"),
            "meetings[0].attendance_complete: expected true or false, found a text",
        ),
        (
            set_value(["meetings", 0, "attendance", 1], "sofla"),
            'meetings[0].attendance[1].organisation: no organisation "sofla" in the file or the database; '
            'did you mean "sofia"?',
        ),
        (
            set_value(["meetings", 0, "host_city"], "atlantis"),
            'meetings[0].host_city: no organisation "atlantis" in the file or the database',
        ),
        (
            set_value(["meetings", 0, "summit_of"], "athens-2023-01-24"),
            'meetings[0].summit_of: no presidency "athens-2023-01-24" in the file or the database; '
            'did you mean "athens-2023-01-23"?',
        ),
        (
            set_value(["meetings", 0, "country"], "XX"),
            'meetings[0].country: no country "XX" in the file or the database',
        ),
        (set_value(["meetings", 0, "sources"], ["not an address"]), "meetings[0].sources.url: Enter a valid URL."),
        (
            set_value(["meetings", 1, "sessions", 0, "items", 0, "topics"], ["heet"]),
            'meetings[1].sessions[0].items[0].topics: no topic "heet" in the file or the database; '
            'did you mean "heat"?',
        ),
        (
            set_value(["meetings", 1, "sessions", 0, "working_groups"], ["climat"]),
            'meetings[1].sessions[0].working_groups: no working group "climat" in the file or the database; '
            'did you mean "climate"?',
        ),
        (
            set_value(["meetings", 1, "sessions", 1, "starts_at"], "2023-06-09T10:00"),
            'meetings[1].sessions[1].starts_at: "2023-06-09T10:00" is no time with its offset',
        ),
        (
            set_value(["meetings", 1, "sessions", 1, "starts_at"], "2023-07-09T10:00Z"),
            "meetings[1].sessions[1].starts_at: The session starts outside the meeting's days",
        ),
        (
            set_value(["meetings", 1, "venue"], "A hall"),
            "meetings[1]: An online meeting has no host city, place or venue",
        ),
        (
            append(["meetings", 0, "attendance"], "sofia"),
            "meetings[0].attendance[2]: this is listed twice: meetings[0].attendance[1] says it already",
        ),
        (
            set_value(["meetings", 1, "slug"], "athens-summit"),
            "meetings[1]: this is listed twice: meetings[0] says it already; keep one of the two",
        ),
        (
            set_value(["organisations", 1, "slug"], "sofia"),
            "organisations[1]: this is listed twice: organisations[0] says it already",
        ),
        (
            set_value(["organisations", 0, "latitude"], 142.5),
            "organisations[0].latitude: 142.5 does not lie between -90 and 90",
        ),
        (
            set_value(["organisations", 0, "latitude"], True),
            "organisations[0].latitude: expected a number, found true or false",
        ),
        (
            set_value(["organisations", 0, "longitude"], None),
            "organisations[0]: Give latitude (-90 to 90) and longitude",
        ),
        (
            set_value(["organisations", 0, "population"], 1.5),
            "organisations[0].population: expected a whole number, found a number",
        ),
        (
            set_value(["organisations", 0, "population"], -1),
            "organisations[0].population: -1 does not lie between 0 and",
        ),
        (set_value(["organisations", 0, "names", 1], 5), "organisations[0].names[1]: expected a text, found a number"),
        (
            append(["organisations", 0, "names"], "Sofya"),
            "organisations[0].names[2]: this is listed twice: organisations[0].names[1]",
        ),
        (
            set_value(["organisations", 0, "membership", 0, "status"], "ended"),
            "organisations[0].membership[0]: a membership cannot end before it began",
        ),
        (
            append(["organisations", 0, "membership"], {"on": "2022-06-28", "status": "ended"}),
            "organisations[0].membership[1].on: organisations[0].membership[0] has the same latest day",
        ),
        (
            set_value(["presidencies", 1, "city"], "athens"),
            'presidencies[1].city: "athens" holds the term before (2023-01-23) too, '
            "and the statute rules out two in a row",
        ),
        (
            set_value(["presidencies", 1, "started_on"], "2023-01-23"),
            "presidencies[1].started_on: presidencies[0] took over on 2023-01-23 as well",
        ),
        (
            set_value(["presidencies", 1, "started_on"], "2024-01"),
            'presidencies[1].started_on: "2024-01" is no single day; write one such as 2025-04-09',
        ),
        (
            set_value(["presidencies", 0, "presidents", 1, "on"], "2024-02-01"),
            "presidencies[0].presidents[1].on: 2024-02-01 lies outside the term, from 2023-01-23 to 2024-01-30",
        ),
        (
            set_value(["presidencies", 1, "city"], "iclei"),
            "presidencies[1].city: The presidency is held by a city; ICLEI is none.",
        ),
        (
            set_value(["working_groups", 0, "topics", 1, "slug"], "heat"),
            "working_groups[0].topics[1]: this is listed twice",
        ),
        (
            append(["sources"], {"url": "https://example.org/report", "title": "Another"}),
            "sources[1]: this is listed twice: sources[0] says it already",
        ),
    ],
)
def test_wrong_entry_is_refused_with_its_place_and_its_mend(change, problem):
    record = small_record()
    change(record)

    problems = refused(record)

    assert any(found.startswith(problem) for found in problems), problems


def test_missing_key_is_named():
    record = small_record()
    del record["meetings"][0]["days"], record["organisations"][1]["slug"]

    assert refused(record) == ['organisations[1]: the key "slug" is missing', 'meetings[0]: the key "days" is missing']


def test_two_organisations_of_one_name_in_one_country_are_refused_and_in_two_countries_are_not():
    record = small_record()
    twin = {"slug": "sofia-2", "name": "Sofia", "country": "BG"}
    record["organisations"].append(twin)

    assert refused(record) == [
        'organisations[3].name: organisations[0] is also called "Sofia" in BG; '
        "tell the two apart in the name, or keep one of them"
    ]
    twin["country"] = "GR"
    assert load(as_file(record)).created


def test_every_problem_is_found_in_one_run():
    record = small_record()
    record["meetings"][0]["kind"] = "party"
    record["organisations"][0]["latitude"] = "north"
    record["documents"][0]["dated"] = "soon"

    assert [problem.split(":")[0] for problem in refused(record)] == [
        "organisations[0].latitude",
        "documents[0].dated",
        "meetings[0].kind",
    ]


def test_name_that_another_organisation_bears_here_is_refused_and_leaves_the_register_as_it_was():
    load(as_file(small_record()))
    record = small_record()
    record["countries"][0]["footnote"] = "A footnote."
    record["organisations"] = [{"slug": "sredets", "name": "Sofia", "country": "BG"}]
    before = Organisation.objects.count()

    with pytest.raises(LoadError, match="There is already an organisation of this name in this country"):
        load(as_file(record))

    assert Organisation.objects.count() == before
    assert not Organisation.objects.filter(country__footnote="A footnote.").exists()


def test_second_term_in_a_row_is_loaded_with_the_reason_why():
    record = small_record()
    record["presidencies"][1] = {
        "city": "athens", "started_on": "2024-01-30", "override_reason": "Decided by the General Assembly of 2024.",
    }  # fmt: skip

    load(as_file(record))

    assert Presidency.objects.filter(city__slug="athens").count() == 2


def test_reference_to_what_only_the_database_holds_is_followed():
    load(as_file(small_record()))
    whole = small_record()
    record = {
        "format": "b40-network",
        "version": 1,
        "meetings": [{**whole["meetings"][0], "slug": "later", "kind": "visit"}],
    }
    del record["meetings"][0]["summit_of"]

    report = load(as_file(record))

    assert Meeting.objects.get(slug="later").host_city.slug == "athens"
    assert not report.waiting


def run(path):
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("load_network", str(path), stdout=out, stderr=err)
    assert out.getvalue() == ""
    return caught.value.code, err.getvalue().splitlines()


def test_command_exits_with_2_and_names_the_file(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text('{"format": }', encoding="utf-8")

    assert run(path) == (
        2,
        ["broken.json: line 1, column 12: this is not JSON: expecting value", "Nothing was loaded."],
    )


def test_command_without_a_file_exits_with_2(tmp_path):
    code, lines = run(tmp_path / "absent.json")

    assert (code, lines[0]) == (2, "absent.json: the file cannot be read: No such file or directory")


def test_command_shows_twenty_problems_and_counts_the_rest(tmp_path):
    record = small_record()
    record["meetings"][0]["guests"] = [""] * 30
    path = tmp_path / "many.json"
    path.write_text(json.dumps(record), encoding="utf-8")

    code, lines = run(path)

    assert code == 2
    assert len(lines) == 22
    assert lines[20] == "many.json: and 10 more"
