"""A frozen record as files: PDF, XLSX and CSV. All three tell the same rows."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from meetings.attendance import CAPACITY_LABELS
from meetings.closing.telling import opening
from meetings.models import Snapshot
from meetings.printing import write_pdf
from members.cells import guarded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attendance_head() -> list[str]:
    """Give the names of the columns of `attendance_rows`."""
    return [_("Name"), _("Country"), _("Took part as"), _("In the room or online")]


def attendance_rows(record: dict[str, Any]) -> Iterator[list[str]]:
    """Give who attended, cities first: name, country, as what, and how where that is known."""
    modes = {"room": _("in the room"), "online": _("online")}
    for each in [*record["cities"], *record["others"]]:
        yield [each["name"], each["country"], str(CAPACITY_LABELS[each["capacity"]]), modes.get(each["mode"], "")]


def attendance_shown(record: dict[str, Any]) -> dict[str, list[Any]]:
    """Give head and rows for readers: without the last column where nobody is known to have been in a room or online."""
    head, rows = attendance_head(), list(attendance_rows(record))
    width = len(head) if any(row[-1] for row in rows) else len(head) - 1
    return {"head": head[:width], "rows": [row[:width] for row in rows]}


def csv_of(snapshot: Snapshot) -> bytes:
    """Write who attended as CSV in UTF-8 with a byte order mark, as spreadsheets expect it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(attendance_head())
    writer.writerows([guarded(cell) for cell in row] for row in attendance_rows(snapshot.record))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_of(snapshot: Snapshot) -> bytes:
    """Write a workbook with a sheet each for attendance, agenda and decisions."""
    book = Workbook(write_only=True)
    _sheet(book, _("Attendance"), attendance_head(), attendance_rows(snapshot.record))
    _sheet(book, _("Agenda"), [_("Session"), _("Starts"), _("Item"), _("Minutes")], _agenda_rows(snapshot.record))
    _sheet(book, _("Decisions"), [_("Decision")], ([text] for text in snapshot.record["decisions"]))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, title: str, head: list[str], rows: Any) -> None:
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, word) for word in head])
    for row in rows:
        sheet.append([guarded(cell) if isinstance(cell, str) else cell for cell in row])


def _head(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _agenda_rows(record: dict[str, Any]) -> Iterator[list[Any]]:
    for session in record["sessions"]:
        for item in session["items"]:
            yield [session["title"], clock(session["starts_at"]), _item(item), item["minutes"]]


def _item(item: dict[str, Any]) -> str:
    return "; ".join(text for text in [item["title"], *item["topics"]] if text)


def clock(moment: str | None) -> str:
    """Give the day and hour of a frozen moment, on the clocks of the meeting's zone."""
    return f"{dt.datetime.fromisoformat(moment):%Y-%m-%d %H:%M}" if moment else ""


def pdf_of(snapshot: Snapshot) -> bytes:
    """Set the record as a paper: who came, what was discussed, what was decided."""
    record = snapshot.record
    return write_pdf(
        "record.typ",
        {
            "title": record["title"],
            "lead": opening(record),
            "version": _("Version %(number)d, frozen on %(day)s")
            % {"number": snapshot.number, "day": f"{snapshot.taken_at:%Y-%m-%d}"},
            "words": _words(),
            "counts": _counts(record),
            **attendance_shown(record),
            "excused": [each["name"] for each in record["excused"]],
            "guests": record["guests"],
            "sessions": [_session(session, record) for session in record["sessions"]],
            "decisions": record["decisions"],
            "minutes": record.get("minutes", []),
            "documents": [f"{paper['title']} ({paper['language']})" for paper in record["documents"]],
        },
    )  # fmt: skip


def _session(session: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    when = " – ".join(clock(moment) for moment in (session["starts_at"], session["ends_at"]) if moment)
    zone = f" ({record['timezone']})" if when else ""
    return {"title": session["title"], "when": f"{when}{zone}", "items": [_item(item) for item in session["items"]]}


def _counts(record: dict[str, Any]) -> list[tuple[str, str]]:
    numbers = {_("cities"): len(record["cities"]), _("countries"): record["countries"]}
    numbers[_("observers and others")] = len(record["others"])
    return [(str(number), word) for word, number in numbers.items()]


def _words() -> dict[str, str]:
    words = {"came": _("who came"), "excused": _("excused"), "guests": _("guests"), "agenda": _("sessions and agenda")}
    words |= {
        "decisions": _("decisions"),
        "minutes": _("minutes"),
        "documents": _("documents"),
        "nobody": _("nobody is on record as present"),
    }
    return {key: capfirst(word) for key, word in words.items()}
