"""A table out of a file: CSV in UTF-8 or UTF-16, or the first sheet of an XLSX workbook."""

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from members.cells import unguarded

GREATEST_FILE = 10 * 1024 * 1024
GREATEST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST_CELL = 5_000
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class UnreadableTable(Exception):
    """The file holds no table that could be read; says where and why."""


@dataclass(frozen=True)
class Table:
    """The head of a table and its rows, each with its number in the file; all cells are texts."""

    head: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(raw: bytes) -> Table:
    """Read a file's bytes. Raises UnreadableTable."""
    if len(raw) > GREATEST_FILE:
        raise UnreadableTable(_("The file has more than 10 MB: part it in several."))
    if raw.startswith(_OLD_EXCEL):
        raise UnreadableTable(_("This is a workbook of the old kind (.xls): save it as .xlsx or as CSV."))
    lines = _workbook(raw) if raw.startswith(_ZIP) else _csv(raw)
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if not filled:
        raise UnreadableTable(_("The file is empty: its first line must name the columns."))
    (_number, head), *rows = filled
    if len(rows) > MOST_ROWS:
        raise UnreadableTable(_("The table has more than %(most)s rows: part it in several.") % {"most": MOST_ROWS})
    while head and not head[-1]:
        head.pop()
    return Table(head, rows)


# --- CSV -------------------------------------------------------------------------------------------------------------


def _csv(raw: bytes) -> list[tuple[int, list[str]]]:
    text = _decoded(raw)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";\t,", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [(reader.line_num, [_cell(value) for value in row]) for row in reader]
    except csv.Error as error:
        raise UnreadableTable(_("The file is no table that can be read: %(reason)s.") % {"reason": error}) from error


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableTable(
            _("Line %(line)s is not UTF-8. Save the file as “CSV UTF-8”, or as .xlsx.") % {"line": line}
        ) from error
    if "\0" in text:
        raise UnreadableTable(_("This is no table: save it as “CSV UTF-8”, or as .xlsx."))
    return text


# --- XLSX ------------------------------------------------------------------------------------------------------------


def _workbook(raw: bytes) -> list[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > GREATEST_UNPACKED:
                raise UnreadableTable(_("The workbook unpacks to more than 100 MB: it is no table of ours."))
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 10, max_col=100)
        return [(number, [_cell(value) for value in row]) for number, row in enumerate(rows, 1)]
    except UnreadableTable:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError) as error:
        raise UnreadableTable(_("The workbook is damaged or is no .xlsx: save it again, or as CSV.")) from error


def _cell(value: Any) -> str:
    """Write a cell as a text: days as ISO dates, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unguarded(str(value).strip())[:LONGEST_CELL]
