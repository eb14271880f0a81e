"""The report as tables to go on with: a workbook with a sheet for each, or one table as CSV."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from b40.yearly.paper import cut_words
from b40.yearly.report import Report
from b40.yearly.tables import Cell, Section, Table
from members.cells import guarded

DATES = "yyyy-mm-dd"
LONGEST_NAME = 31
REFUSED_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def xlsx_of(report: Report) -> bytes:
    """Write the report as a workbook: what it says first, then a sheet for each table, with true numbers and dates."""
    book = Workbook(write_only=True)
    _write_cover(book.create_sheet(_("Report")), report)
    for table in report.tables.values():
        _write_table(book.create_sheet(_sheet_name(table)), table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(table: Table) -> str:
    return REFUSED_IN_NAMES.sub(" ", table.sheet or table.title)[:LONGEST_NAME]


def _write_cover(sheet: Any, report: Report) -> None:
    """Write title, days, and what every section says in words."""
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 110
    sheet.append([_bold(sheet, report.title)])
    sheet.append([guarded(report.lead)])
    for section in report.sections:
        for text in _sentences(section):
            sheet.append([_bold(sheet, section.title), _wrapped(sheet, text)])


def _sentences(section: Section) -> Iterator[str]:
    yield from section.lead
    yield from section.notices
    for table in section.tables:
        yield from ([cut_words(table)] if table.is_cut else [])
        yield from table.notes


def _write_table(sheet: Any, table: Table) -> None:
    sheet.freeze_panes = "B2"
    for number, column in enumerate(_columns(table), 1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(len(column) + 2, 14), 48)
    sheet.append([_bold(sheet, label) for label in _columns(table)])
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in _values(row, is_named=_is_named(table))])


def csv_of(table: Table) -> bytes:
    """Write one table as CSV in UTF-8 with a byte order mark, as spreadsheets expect it; days as ISO 8601."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(guarded(label) for label in _columns(table))
    for row in table.rows:
        writer.writerow(_plain(value) for value in _values(row, is_named=_is_named(table)))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


# --- Parts -----------------------------------------------------------------------------------------------------------


def _is_named(table: Table) -> bool:
    """Whether any row's first cell has a name in its own language: it gets a column of its own."""
    return any(row[0].native for row in table.rows)


def _columns(table: Table) -> list[str]:
    first, *further = [column.label for column in table.columns]
    return [first, *([_("Own name")] if _is_named(table) else []), *further]


def _values(row: Iterable[Cell], *, is_named: bool) -> Iterator[Any]:
    first, *further = row
    yield _value(first)
    if is_named:
        yield first.native
    yield from (_value(cell) for cell in further)


def _value(cell: Cell) -> Any:
    """A number or a day as such; a text; the words for nothing where they say more than a dash."""
    if cell.value is None or cell.value == "":
        return "" if cell.blank == "–" else cell.blank
    return cell.value


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else guarded(str(value))


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, dt.date):
        cell.number_format = DATES
    return cell


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=guarded(text))
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _wrapped(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=guarded(text))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
