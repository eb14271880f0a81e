"""The lines of a file: a text parted by commas, semicolons or tabs, or the sheets of a workbook. Bounded in size and time."""

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from meetings.reports.encodings import text_of
from meetings.reports.refusals import UnreadableReport

GREATEST_FILE = 5 * 1024 * 1024
GREATEST_UNPACKED = 25 * 1024 * 1024
MOST_LINES = 20_000
MOST_CELLS = 60
MOST_DELIMITERS = 200_000
LONGEST_LINE = 20_000
LONGEST_CELL = 400
MOST_SHEETS = 6
DELIMITERS = "\t;,|"

# How files of other kinds begin, and what they are.
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
)
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype|html|head|body|script|svg|table)\b", re.IGNORECASE)
_SEPARATOR_LINE = re.compile(r"^sep=(.)[^\S\n]*\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """The cells of one line, with its number in the file."""

    number: int
    cells: tuple[str, ...]


Lines = list[Line]


def readings_of(raw: bytes) -> list[Lines]:
    """Read a file's bytes in every way that it may be meant: one for each delimiter, or for each sheet.

    Which of them holds the participants, `layouts` decides. Raises UnreadableReport for what is no table at all.
    """
    if not raw.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableReport(_("The file is empty."))
    if len(raw) > GREATEST_FILE:
        raise UnreadableReport(_("The file has more than 5 MB: no participant report is that large."))
    _refuse_others(raw)
    if raw.startswith(_ZIP):
        return _workbook(raw)
    return list(_texts(text_of(raw)))


def _refuse_others(raw: bytes) -> None:
    for beginning, name in _OTHERS:
        if raw.startswith(beginning):
            raise UnreadableReport(
                _("This is a %(name)s file, whatever its name: choose the .csv that Zoom or Teams gave.")
                % {"name": name}
            )
    if raw.startswith(_OLD_EXCEL):
        raise UnreadableReport(_("This is a workbook of the old kind (.xls): save it as .xlsx or as CSV."))


# --- Text ------------------------------------------------------------------------------------------------------------


def _texts(text: str) -> Iterator[Lines]:
    if _PAGE.match(text):
        raise UnreadableReport(
            _("This is a web page, not a participant report: the download may have asked you to sign in first.")
        )
    named = _SEPARATOR_LINE.match(text)
    text = "\n" + text[named.end() :] if named else text  # the line keeps its number
    _refuse_endless(text)
    for delimiter in named[1] if named else DELIMITERS:
        if (number := text.count(delimiter)) > MOST_DELIMITERS:
            raise UnreadableReport(
                _("The file has %(number)d cells, which no participant report has: is it the right file?")
                % {"number": number}
            )
        if number or delimiter == ",":
            yield _parted(text, delimiter)


def _refuse_endless(text: str) -> None:
    """Refuse more lines than any call has people, and lines longer than any of them."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise UnreadableReport(
            _("The file has %(number)d lines; a participant report has at most %(most)d: is it the right file?")
            % {"number": len(lines), "most": MOST_LINES}
        )
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise UnreadableReport(
                _(
                    "Line %(line)d has %(number)d letters, which no line of a participant report has: is it the right file?"
                )
                % {"line": number, "number": len(line)}
            )


def _parted(text: str, delimiter: str) -> Lines:
    """Part a text into cells; where a stray quotation mark swallows lines, quotation marks are letters like others."""
    try:
        lines = list(_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
        if text.count('"') % 2 == 0 and not any("\n" in cell for line in lines for cell in line.cells):
            return _unwrapped(lines, delimiter)
    except csv.Error:
        pass
    plain = csv.reader(text.splitlines(), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    try:
        return [Line(line.number, tuple(cell.strip('" ') for cell in line.cells)) for line in _rows(plain)]
    except csv.Error as error:
        raise UnreadableReport(_("The file is no table that can be read: %(reason)s.") % {"reason": error}) from error


def _rows(reader: Any) -> Iterator[Line]:
    for row in reader:
        cells = tuple(cell.strip()[:LONGEST_CELL] for cell in row[:MOST_CELLS])
        yield Line(reader.line_num, cells)


def _unwrapped(lines: Lines, delimiter: str) -> Lines:
    """Part again what a spreadsheet saved as one quoted cell a line."""
    wrapped = [line for line in lines if any(line.cells)]
    if any(len(line.cells) > 1 for line in wrapped) or not any(delimiter in line.cells[0] for line in wrapped):
        return lines
    return [Line(line.number, tuple(next(csv.reader([line.cells[0]], delimiter=delimiter)))) for line in wrapped]


# --- Workbook --------------------------------------------------------------------------------------------------------


def _workbook(raw: bytes) -> list[Lines]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > GREATEST_UNPACKED:
                raise UnreadableReport(_("The workbook unpacks to more than 25 MB: it is no participant report."))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a missing style or print area is nothing to us
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            return [_sheet(sheet) for sheet in book.worksheets[:MOST_SHEETS]]
    except UnreadableReport:
        raise
    except (
        Exception
    ) as error:  # a damaged archive or sheet fails in openpyxl, zipfile, zlib or expat, each in its own ways
        raise UnreadableReport(_("The workbook is damaged or is no .xlsx: save it again, or as CSV.")) from error


def _sheet(sheet: Any) -> Lines:
    rows = sheet.iter_rows(values_only=True, max_col=MOST_CELLS)
    lines = [Line(number, _cells(row)) for number, row in enumerate(islice(rows, MOST_LINES + 1), 1)]
    if len(lines) > MOST_LINES:
        raise UnreadableReport(
            _("The sheet has more than %(most)d rows: no participant report has so many.") % {"most": MOST_LINES}
        )
    return lines


def _cells(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(_cell(value) for value in row)


def _cell(value: Any) -> str:
    """Write a value as a text that `moments` reads without doubt."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.timedelta):
        return f"{round(value.total_seconds())}s"
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[:LONGEST_CELL]


def filled(lines: Iterable[Line]) -> Lines:
    """Keep the lines that hold anything."""
    return [line for line in lines if any(line.cells)]
