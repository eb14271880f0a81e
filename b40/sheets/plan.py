"""What a table would do, row by row and cell by cell. Writes nothing."""

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from b40.loading.problems import did_you_mean
from b40.sheets.reading import Table, UnreadableTable
from b40.sheets.tables import EMPTIED, Row, SheetTable


class State(StrEnum):
    """What a cell, or a row, would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Cell:
    """One cell: what stands on record, what the file says, and what is wrong with it."""

    column: str
    old: str
    new: str
    state: State
    message: str = ""


@dataclass
class RowPlan:
    """One row with its record, whose fields hold the new values, in memory alone."""

    number: int
    state: State
    label: str
    cells: list[Cell] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    record: Any = None

    @property
    def told(self) -> list[Cell]:
        """The cells that say something: not those that stay as they are."""
        return [cell for cell in self.cells if cell.state != State.UNCHANGED]


@dataclass
class Plan:
    """What a file would do to one table."""

    table: SheetTable
    rows: list[RowPlan]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        return {str(state): self.count(state) for state in State}

    @property
    def is_clean(self) -> bool:
        return not self.count(State.PROBLEM)

    @property
    def does_something(self) -> bool:
        return bool(self.count(State.NEW) or self.count(State.CHANGED))

    @property
    def to_show(self) -> list[RowPlan]:
        """Problems first, then what would change; unchanged rows are only counted."""
        order = [State.PROBLEM, State.CHANGED, State.NEW]
        return sorted(
            (row for row in self.rows if row.state in order), key=lambda row: (order.index(row.state), row.number)
        )

    @property
    def digest(self) -> str:
        """Tell this plan from one made after the record, or the file, changed."""
        told = [
            [row.number, row.state, row.label, [[c.column, c.old, c.new, c.state] for c in row.cells]]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def plan_of(table: SheetTable, read: Table) -> Plan:
    """Say what each row and cell of a table would do.

    Asks a number of queries that does not depend on the number of rows, but for the rules of what is new or changes.
    Raises UnreadableTable when the head names a column that the table does not have, or lacks one that it needs.
    """
    columns = _columns(table, read.head)
    rows: list[tuple[int, Row]] = [
        (number, {column: cell for column, cell in zip(columns, cells, strict=False) if column})
        for number, cells in read.rows
    ]
    table.prepare([row for _number, row in rows])
    seen: dict[Any, int] = {}
    return Plan(table, [_once(_row(table, number, row), seen) for number, row in rows])


def _columns(table: SheetTable, head: list[str]) -> list[str]:
    columns = [_column_name(each) for each in head]
    for written, column in zip(head, columns, strict=True):
        if column not in table.columns:
            raise UnreadableTable(
                _("The table has no column “%(written)s”%(hint)s Its columns are: %(columns)s.")
                % {
                    "written": written,
                    "hint": did_you_mean(column, table.columns) or ".",
                    "columns": ", ".join(table.columns),
                }
            )
    doubled = next((column for column in columns if columns.count(column) > 1), None)
    if doubled:
        raise UnreadableTable(_("The column “%(name)s” stands twice: take one of the two out.") % {"name": doubled})
    missing = [
        column for column in table.required if column not in columns and not (column == "name" and "slug" in columns)
    ]
    if missing:
        raise UnreadableTable(_("The table needs the column “%(name)s”.") % {"name": missing[0]})
    return columns


def _column_name(written: str) -> str:
    return "_".join(written.lower().split())


def _row(table: SheetTable, number: int, row: Row) -> RowPlan:
    found = table.find(row)
    label = " · ".join(filter(None, (row.get(key) for key in table.keys)))
    if found.problems or found.record is None:
        cells = [
            Cell(
                column,
                "",
                text,
                State.PROBLEM if column in found.problems else State.UNCHANGED,
                found.problems.get(column, ""),
            )
            for column, text in row.items()
        ]
        told = {cell.column for cell in cells}
        return RowPlan(
            number, State.PROBLEM, label, cells, [text for column, text in found.problems.items() if column not in told]
        )
    is_new = found.record.pk is None
    stands = {} if is_new else table.shown(found.record)
    finds = table.finding(row)
    cells = [
        _cell(table, found.record, column, text, stands.get(column, ""), is_new=is_new, finds=column in finds)
        for column, text in row.items()
    ]
    plan = RowPlan(number, _state(cells, is_new=is_new), label, cells, record=found.record)
    if plan.state in {State.NEW, State.CHANGED}:
        _check(plan)
    return plan


def _cell(table: SheetTable, record: Any, column: str, text: str, old: str, *, is_new: bool, finds: bool) -> Cell:
    """Put a cell's value into the record in memory, and say what that means. An empty cell leaves things alone."""
    if not text or (finds and not is_new):
        return Cell(column, old, old, State.UNCHANGED)
    try:
        table.assign(record, column, table.empty(column) if text == EMPTIED else table.value(column, text, record))
    except ValidationError as error:
        return Cell(column, old, text, State.PROBLEM, " ".join(error.messages))
    new = table.shown(record)[column]
    return Cell(column, old, new, State.NEW if is_new else State.UNCHANGED if new == old else State.CHANGED)


def _state(cells: list[Cell], *, is_new: bool) -> State:
    states = {cell.state for cell in cells}
    if State.PROBLEM in states:
        return State.PROBLEM
    return State.NEW if is_new else State.CHANGED if State.CHANGED in states else State.UNCHANGED


def _check(plan: RowPlan) -> None:
    """Ask every rule of the model; what a rule says stands at its cell."""
    record = plan.record
    derived = {each.name for each in record._meta.concrete_fields if not each.editable}
    unsaved = {
        f.name
        for f in record._meta.concrete_fields
        if f.is_relation and getattr(record, f.name, None) is not None and getattr(record, f.name).pk is None
    }
    try:
        record.full_clean(exclude=derived | unsaved)
    except ValidationError as error:
        plan.state = State.PROBLEM
        for name, messages in error.message_dict.items():
            _put(plan, name, " ".join(messages))


def _put(plan: RowPlan, name: str, message: str) -> None:
    for index, cell in enumerate(plan.cells):
        if cell.column == name and name != NON_FIELD_ERRORS:
            plan.cells[index] = Cell(cell.column, cell.old, cell.new, State.PROBLEM, message)
            return
    plan.problems.append(message if name == NON_FIELD_ERRORS else f"{name}: {message}")


def _once(plan: RowPlan, seen: dict[Any, int]) -> RowPlan:
    """Two rows about one record would undo each other."""
    record = plan.record
    if record is None:
        return plan
    key: Any = record.pk or tuple(
        cell.new
        for cell in plan.cells
        if cell.column in {"slug", "meeting", "session", "organisation", "person", "role", "channel", "name"}
    )
    if key in seen:
        plan.state = State.PROBLEM
        plan.problems.append(_("Row %(number)s is about the same record: keep one of the two.") % {"number": seen[key]})
    seen.setdefault(key, plan.number)
    return plan
