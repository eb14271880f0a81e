"""Write tables as CSV or XLSX, so that they come back unchanged."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from b40.sheets.tables import SheetTable
from members.cells import guarded

CHUNK = 500


def csv_of(table: SheetTable, records: Iterable[Any]) -> Iterator[bytes]:
    """Write records as CSV in UTF-8 with a byte order mark, as spreadsheets expect it; piece by piece."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow(table.columns)
    yield b"\xef\xbb\xbf"
    for number, record in enumerate(records, 1):
        shown = table.shown(record)
        writer.writerow([guarded(shown[column]) for column in table.columns])
        if number % CHUNK == 0:
            yield _taken(line)
    yield _taken(line)


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()


def xlsx_of(table: SheetTable, records: Iterable[Any]) -> bytes:
    """Write records as a workbook with one sheet; every cell is a text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(table.title)[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, column) for column in table.columns])
    for record in records:
        shown = table.shown(record)
        sheet.append([guarded(shown[column]) for column in table.columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell
