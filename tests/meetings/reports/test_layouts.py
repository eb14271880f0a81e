"""Every layout of participant reports is read, in any encoding and language; what is none is refused with one sentence."""

import contextlib
import datetime as dt
import io
import zipfile
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from meetings.models import ParticipantReport
from meetings.reports.encodings import text_of
from meetings.reports.moments import order_of, read_duration, read_stamp
from meetings.reports.people import people_of
from meetings.reports.plan import plan_of
from meetings.reports.reading import LONGEST_LINE, MOST_LINES, readings_of
from meetings.reports.refusals import UnreadableReport
from meetings.reports.visits import read_report
from tests.meetings.reports import files

SOFIA = zoneinfo.ZoneInfo("Europe/Sofia")
DAY = dt.date(2025, 4, 9)
WHOSE = {
    "Ivan Petrov - Sofia Munic.": "sofia",
    "Град София | Георги Иванов": "sofia",
    "Şule Işık (İzmir Büyükşehir Belediyesi)": "izmir",
    "[Θεσσαλονίκη] Μαρία Παπαδοπούλου": "thessaloniki",
    "Željka Đurić – Nikšić": "niksic",
    "Skopje_Ana": "skopje",
    "Nikos Dimitriou": "thessaloniki",
}


def local(moment):
    return moment and moment.astimezone(SOFIA).replace(tzinfo=None)


def read(raw, zone="Europe/Sofia", near=DAY):
    return read_report(raw, zone=zone, near=near)


def names_and_minutes(raw):
    return {one.name: one.minutes for one in people_of(read(raw))}


# --- Layouts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", files.LAYOUTS)
def test_the_files_in_the_folder_are_as_they_are_made(layout):
    assert (files.FOLDER / f"{layout}.csv").read_bytes() == files.file_of(layout)


@pytest.mark.parametrize("layout", files.LAYOUTS)
def test_every_person_is_read_with_minutes_and_times(layout):
    people = people_of(read((files.FOLDER / f"{layout}.csv").read_bytes()))

    expected = files.writable(files.CAST, layout)
    assert {(one.name, one.minutes) for one in people} == {(one.name, one.minutes) for one in expected}
    if layout not in files.WITHOUT_TIMES:
        spans = {one.name: (local(one.joined), local(one.left)) for one in people}
        assert spans == {one.name: (files.moment(one.spans[0][0]), files.moment(one.spans[-1][1])) for one in expected}


@pytest.mark.parametrize("layout", files.LAYOUTS)
def test_every_person_is_given_to_the_organisation_that_the_name_or_address_tells(layout, meeting, cities):
    raw = (files.FOLDER / f"{layout}.csv").read_bytes()
    report = ParticipantReport(meeting=meeting, channel="teams", timezone="Europe/Sofia", file_name="x", raw=raw)

    plan = plan_of(report)

    shown = {one.name for one in files.writable(files.CAST, layout)}
    by_mail = {"Nikos Dimitriou"} if layout in files.WITHOUT_MAIL else set()
    expected = {name: slug for name, slug in WHOSE.items() if name in shown - by_mail}
    assert {e.participant.name: e.organisation.slug for e in plan.of_organisations} == expected
    assert {e.participant.name for e in plan.undecided} == {"Clara Novak", *by_mail} & shown
    assert plan.left_out == []


def test_a_workbook_is_read_from_the_sheet_that_holds_people():
    people = people_of(read(files.workbook(files.CAST)))

    assert {(one.name, one.minutes) for one in people} == {(one.name, one.minutes) for one in files.CAST}


@pytest.mark.parametrize(
    ("layout", "channel"),
    [
        ("zoom_meeting", "zoom"), ("zoom_rows", "zoom"), ("zoom_totals", "zoom"), ("zoom_turkish", "zoom"), ("zoom_webinar", "zoom"),
        ("teams_legacy", "teams"), ("teams_2021", "teams"), ("teams_2022", "teams"), ("teams_2022_greek", "teams"), ("teams_2022_bulgarian", "teams"),
        ("meet", ""), ("language_unknown", ""), ("german", ""),
    ],
)  # fmt: skip
def test_the_program_is_told_where_the_file_tells_it(layout, channel):
    assert read(files.file_of(layout)).layout.channel == channel


def test_those_who_registered_and_did_not_come_are_counted_apart():
    report = read(files.file_of("zoom_webinar"))

    assert report.not_there == 1
    assert "Nobody Came - Plovdiv" not in {visit.name for visit in report.visits}


@pytest.mark.parametrize(
    ("layout", "title"),
    [("zoom_meeting", "B40 working groups"), ("zoom_webinar", "B40 webinar"), ("teams_2022", "B40 working groups")],
)
def test_the_title_of_the_call_is_read(layout, title):
    assert read(files.file_of(layout)).layout.title == title


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nName;Join Time;Leave Time\nAna;2025-04-09 10:00;2025-04-09 10:30\n",
        'Name,Join Time,Leave Time\r\n"Ana","2025-04-09 10:00","2025-04-09 10:30"\r\n',
        '"Name,Join Time,Leave Time"\n"Ana,2025-04-09 10:00,2025-04-09 10:30"\n',
        "Name\tJoin Time\tLeave Time\rAna\t2025-04-09 10:00\t2025-04-09 10:30\r",
        "\n\n Name , Join Time , Leave Time ,,\n Ana , 2025-04-09 10:00 , 2025-04-09 10:30 ,,\n,,,,\n",
        "Leave Time,Name,Join Time\n2025-04-09 10:30,Ana,2025-04-09 10:00\n",
        "Name,Join Time,Duration (Minutes)\nAna,2025-04-09T10:00:00,30\n",
        "Name,Join Time,Duration (seconds)\nAna,2025-04-09T10:00:00,1800\n",
        "Name,Join Time,Leave Time\nAna,2025-04-09T07:00:00Z,2025-04-09T07:30:00Z\n",
        'Name\tJoin Time\tLeave Time\n"Ana\t2025-04-09 10:00\t2025-04-09 10:30\n',
        "Topic,ID,Host name,Host email,Start time,End time,Participants,Duration (minutes),Name (original name),Email,Join time,Leave time,Duration (minutes),Guest\n"
        "B40,812,Elif,elif@x.org,2025-04-09 09:55,2025-04-09 12:00,9,125,Ana,,2025-04-09 10:00,2025-04-09 10:30,30,Yes\n",
        "Topic,MeetingID,User_Name,User_Email_1,Start_Time,End_Time,Duration_Minutes_1,NameOriginalName,User_Email_2,Join_Time,Leave_Time,Duration_Minutes_2\n"
        "B40,812,Elif,elif@x.org,2025-04-09 09:55,2025-04-09 12:00,125,Ana,,2025-04-09 10:00,2025-04-09 10:30,30\n",
        "Session Id,Participant Id,FullName,UserAgent,UtcEventTimestamp,Action,Role\n1,a,Ana,x,4/9/2025 7:00:00 AM,Joined,Attendee\n1,a,Ana,x,4/9/2025 7:30:00 AM,Left,Attendee\n",
        "Meeting Title,2025-04-09\nName,Email,Join,Left,Duration\nAna,,10:00,10:30,30 min\n",
        "Namn;Kom;Gick\nAna;2025-04-09 10:00;2025-04-09 10:30\nBo;2025-04-09 10:05;2025-04-09 10:30\n",
    ],
)  # fmt: skip
def test_odd_shapes_are_read(text):
    (ana, *_others) = people_of(read(text.encode()))

    assert (ana.name, ana.email, ana.minutes, local(ana.joined).hour) == ("Ana", "", 30, 10)


@pytest.mark.parametrize(
    ("head", "cells", "name"),
    [
        ("Ime;Prezime", "Ana;Kostova", "Ana Kostova"),
        ("Ad;Soyad", "Şule;Işık", "Şule Işık"),
        ("Nume;Prenume", "Popescu;Ion", "Ion Popescu"),
        ("First name;Last name", "Ana;Kostova", "Ana Kostova"),
        ("User Name;First Name;Last Name", "Sofia | Ana;Ana;Kostova", "Sofia | Ana"),
    ],
)
def test_a_name_in_two_columns_is_put_together(head, cells, name):
    report = read(f"{head};Join Time;Leave Time\n{cells};2025-04-09 10:00;2025-04-09 10:30\n".encode())

    assert [visit.name for visit in report.visits] == [name]


@pytest.mark.parametrize("layout", ["zoom_webinar", "zoom_meeting", "teams_2022"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_saved_again_by_a_spreadsheet_is_read_alike(layout, delimiter):
    lines = next(lines for lines in readings_of(files.file_of(layout)) if max(len(line.cells) for line in lines) > 5)
    width = max(len(line.cells) for line in lines)
    padded = files.text_of(([*line.cells, *[""] * (width - len(line.cells))] for line in lines), delimiter)

    report = read(padded.encode("utf-8-sig"))

    assert report.unread == []
    assert {(one.name, one.minutes) for one in people_of(report)} == {(one.name, one.minutes) for one in files.CAST}


def test_a_formula_is_a_text_like_others():
    report = read(b'Name,Join Time,Leave Time\n"=HYPERLINK(""http://x"")",2025-04-09 10:00,2025-04-09 10:30\n')

    assert report.visits[0].name == '=HYPERLINK("http://x")'


def test_a_line_that_names_nobody_is_told():
    report = read(
        b"Name,Join Time,Leave Time\nAna,2025-04-09 10:00,2025-04-09 10:30\n,2025-04-09 10:00,2025-04-09 10:30\n"
    )

    assert report.unread == [3]


# --- Times -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "near", "day"),
    [
        ("4/9/2025, 10:00:00 AM", dt.date(2025, 4, 9), dt.date(2025, 4, 9)),
        ("4/9/2025, 10:00:00", dt.date(2025, 9, 4), dt.date(2025, 9, 4)),
        ("13/4/2025 10:00", dt.date(2025, 4, 9), dt.date(2025, 4, 13)),
        ("4/13/25, 10:00 AM", dt.date(2025, 9, 9), dt.date(2025, 4, 13)),
        ("04.09.2025 10:00", dt.date(2025, 4, 9), dt.date(2025, 9, 4)),
        ("2025-04-09 10:00", dt.date(2020, 1, 1), dt.date(2025, 4, 9)),
        ("9 април 2025 г., 10:00", dt.date(2020, 1, 1), dt.date(2025, 4, 9)),
        ("9 Nis 2025 10:00", dt.date(2020, 1, 1), dt.date(2025, 4, 9)),
        ("Apr 9, 2025 10:00:00 AM", dt.date(2020, 1, 1), dt.date(2025, 4, 9)),
    ],
)
def test_day_and_month_are_told_apart_by_the_file_and_the_meeting(text, near, day):
    stamp = read_stamp(text)

    assert stamp.day_in(order_of([stamp], near)) == day
    assert stamp.time == dt.time(10)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("9.04.2025 ÖS 2:05", 14), ("9.04.2025 ÖÖ 2:05", 2), ("9/4/2025, 2:05 μ.μ.", 14), ("9/4/2025 12:05 πμ", 0), ("4/9/25, 2:05\u202fPM", 14),
        ("9.4.2025 г. 2:05 сл.об.", 14), ("9.4.2025 2:05 пр.об.", 2), ("9.4.2025 14:05 ч.", 14), ("9/4/2025 2:05 e pasdites", 14), ("9.4.2025 2:05 попл.", 14),
        ("4/9/2025 12:05:00 PM", 12), ("4/9/2025 12:05:00 AM", 0), ("9.4.2025. 2:05 po podne", 14), ("9.4.2025 2:05 pop.", 14),
    ],
)  # fmt: skip
def test_halves_of_the_day_in_every_language(text, hour):
    assert read_stamp(text).time == dt.time(hour, 5)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("62", 3720), ("01:02:03", 3723), ("1h 2m 3s", 3723), ("1 sa 2 dk", 3720), ("1 ч 2 мин", 3720), ("1 ώ 2 λ", 3720), ("1 Std. 2 Min.", 3720),
        ("PT1H2M3S", 3723),
        ("1 hr 2 min", 3720), ("45 sn", 45), ("1,5", 90), ("", None), ("--", None), ("long", None), ("99999999", None),
    ],
)  # fmt: skip
def test_durations_in_every_way_of_writing(text, seconds):
    assert read_duration(text) == seconds


def test_times_are_of_the_zone_that_was_chosen():
    raw = b"Name,Join Time,Leave Time\nAna,2025-04-09 10:00,2025-04-09 10:30\n"

    hours = [read(raw, zone).visits[0].joined.hour for zone in ("Europe/Istanbul", "Europe/Belgrade", "UTC")]

    assert hours == [7, 8, 10]


def test_a_stay_over_midnight_ends_the_next_day():
    raw = b"Name,Join Time,Leave Time\nAna,11:30 PM,12:30 AM\n"

    assert names_and_minutes(raw) == {"Ana": 60}


# --- Broken files ----------------------------------------------------------------------------------------------------


def workbook_of(*lines):
    book = Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 61 * 1024 * 1024)
    return out.getvalue()


# Made once: a workbook holds the time at which it was written.
WORKBOOK = files.workbook(files.CAST)
HEAD = b"Name,Join Time,Leave Time\n"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \r\n", "The file is empty"),
        (b"\xff\xfe", "The file is empty"),
        (b"%PDF-1.7\n...", "This is a PDF file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is a PNG file"),
        (b"\xd0\xcf\x11\xe0old", "workbook of the old kind"),
        (b"PK\x03\x04broken", "The workbook is damaged"),
        (workbook_of(["A", "B"], [1, 2]), "No list of participants"),
        (bomb(), "unpacks to more than 25 MB"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "This is a web page"),
        (bytes(range(256)) * 20, "This is no text"),
        (HEAD, "names no participants"),
        (HEAD + b",2025-04-09 10:00,2025-04-09 10:30\n", "names no participants"),
        (b"Dear all,\nplease find attached the list.\n", "No list of participants was found.*begins with .Dear all"),
        (b"slug,name\nsofia,Sofia\n", "No list of participants"),
        (files.file_of("teams_2022")[:-3], r"UTF-16-LE and breaks off or is damaged at byte \d+ \(line \d+\)"),
        (HEAD + b"Ana,2025-04-09 10:00,2025-04-09 10:30\n" * 200_000, "more than 5 MB"),
        (HEAD + b"A,,\n" * 200_000, "The file has 200001 lines"),
        (HEAD + (b"a" + b"," * 30 + b"\n") * 10_000, "The file has 300002 cells"),
        (HEAD + b"x" * (LONGEST_LINE + 1), f"Line 2 has {LONGEST_LINE + 1} letters"),
        (b"x" * 10 * 1024 * 1024, "more than 5 MB"),
        (HEAD + b"A\x81\x8d,2025-04-09 10:00,2025-04-09 10:30\n", "Line 2 is written in no encoding"),
        (HEAD + b"".join(b"P %d,2025-04-09 10:00,2025-04-09 10:30\n" % n for n in range(6_000)), "tells of 6000 visits"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_report_is_refused_with_what_and_where(raw, message):
    with pytest.raises(UnreadableReport, match=message):
        read(raw)


def test_a_workbook_without_end_is_refused():
    with pytest.raises(UnreadableReport, match="more than 20000 rows"):
        read(workbook_of(*[["a", "b"]] * (MOST_LINES + 2)))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(str.encode)
    | st.text(max_size=200).map(lambda text: text.encode("utf-16", "surrogatepass"))
)
def test_no_bytes_raise_anything_but_the_refusal(raw):
    for prefix in (b"", HEAD, b"PK\x03\x04", b"\xff\xfe"):
        with contextlib.suppress(UnreadableReport):
            people_of(read(prefix + raw))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_raise_nothing_but_the_refusal(data):
    raw = bytearray(data.draw(st.sampled_from([files.file_of("zoom_meeting"), files.file_of("teams_2022"), WORKBOOK])))
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=8)):
        raw[at] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.integers(0, len(raw)))]

    with contextlib.suppress(UnreadableReport):
        people_of(read(bytes(raw)))


# --- Any file with known names gives the same people -----------------------------------------------------------------

# Letters that every encoding of the layouts holds; what parts cells, or is a mark, stands in names as well.
NAMES = st.text(st.sampled_from("abcdeioprstuvzABDMNPST ,;'\"|/-._&()"), min_size=3, max_size=24).map(
    lambda text: f"Ab{text.strip()}cd"
)
SPANS = st.tuples(st.integers(0, 40), st.integers(45, 120)).map(lambda span: (span,))


@settings(max_examples=60, deadline=None)
@given(
    people=st.lists(st.builds(files.Somebody, NAMES, st.sampled_from(["", "a@sofia.bg"]), SPANS), min_size=2, max_size=6, unique_by=lambda one: one.name),
    layout=st.sampled_from(sorted(set(files.LAYOUTS) - {"zoom_webinar", "meet"})),
)  # fmt: skip
def test_any_names_come_out_of_any_layout(people, layout):
    report = read(files.LAYOUTS[layout](people))

    assert {" ".join(one.name.split()) for one in people} == {visit.name for visit in report.visits}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_encoding_and_delimiter_gives_the_same_people(encoding, delimiter):
    rows = [
        ["Name", "Join Time", "Leave Time"],
        *([one.name, files.iso(files.moment(0)), files.iso(files.moment(30))] for one in files.CAST),
    ]

    assert set(names_and_minutes(files.text_of(rows, delimiter).encode(encoding))) == {one.name for one in files.CAST}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Име;Час на присъединяване\nГеорги Иванов - Община Русе;10:00\n"),
        ("cp1251", "Name;Join Time\nЉубица Ђорђевић;10:00\n"),
        ("cp1253", "Όνομα;Ώρα συμμετοχής\nΓιώργος Ψαρράς - Δήμος Ξάνθης;10:00\n"),
        ("cp1254", "Ad;Katılma Zamanı\nÇağrı Güneş Şişli - Muğla;10:00\n"),
        ("cp1250", "Ime;Vrijeme pridruživanja\nŽeljka Čović-Šarić;10:00\n"),
        ("cp1250", "Nume;Ora intrării\nIonuţ Brâncuşi;10:00\n"),
    ],
)
def test_code_pages_of_the_region_are_told_apart(encoding, text):
    assert text_of(text.encode(encoding)) == text
