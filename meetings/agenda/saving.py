"""The agenda is saved as a whole or not at all, and never over what somebody else wrote meanwhile."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from meetings.agenda.reading import read_items, read_sessions
from meetings.agenda.rows import Agenda, Row, agenda_of
from meetings.minutes.notes import refuse_approved
from meetings.models import AgendaItem, Meeting
from members.history import acting, lock
from members.models import User


class StaleAgenda(Exception):
    """Somebody else changed the agenda since the page was opened; `now` is what stands on record."""

    def __init__(self, now: Agenda) -> None:
        super().__init__("the agenda was changed meanwhile")
        self.now = now


@transaction.atomic
def save_agenda(meeting: Meeting, agenda: Agenda, *, by: User) -> int:
    """Write the agenda of a meeting as it was typed; gives how many items were added, changed or removed.

    Rows that hold nothing are left out. Raises StaleAgenda when an item is no longer what its row had shown, or when the
    record has items that the page has not; ValidationError when the meeting is closed, its minutes are approved, or a
    removed item has a note, a decision, an action or a correction. Nothing is written then.
    """
    lock(Meeting, meeting.pk)
    refuse_approved(meeting)
    items = {item.pk: item for item in read_items(meeting)}
    now = agenda_of(read_sessions(meeting), items.values())
    rows = [row for row in agenda.rows if not row.is_blank]
    if _says_the_same(Agenda(agenda.sessions, rows), now):
        return 0
    if is_stale(rows, now):
        raise StaleAgenda(now)
    with acting(user=by):
        removed = [items[row.item] for row in rows if row.item is not None and row.is_removed]
        for item in removed:
            _remove(item)
        return len(removed) + _write(Agenda(agenda.sessions, [row for row in rows if not row.is_removed]), items)


def why_not(meeting: Meeting) -> str:
    """Say why the agenda of a meeting cannot be changed; "" when it can."""
    try:
        refuse_approved(meeting)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def is_stale(rows: Sequence[Row], now: Agenda) -> bool:
    """Whether the record holds other items than those that a page had shown."""
    shown = {row.item: row.shown for row in rows if row.item is not None}
    return shown != {row.item: row.shown for row in now.rows}


def _says_the_same(agenda: Agenda, now: Agenda) -> bool:
    """Whether the record says all that was typed already, as when a page is sent twice."""
    if any(row.is_removed and row.item in {each.item for each in now.rows} for row in agenda.rows):
        return False
    return _sayings(agenda) == _sayings(now)


def _sayings(agenda: Agenda) -> list[list[object]]:
    return [[row.content for row in agenda.of(session.pk) if not row.is_removed] for session in agenda.sessions]


def _remove(item: AgendaItem) -> None:
    if item.is_kept:  # type: ignore[attr-defined]  # annotated by `read_items`
        raise ValidationError(
            _("“%(item)s” cannot be removed: a note, decision, action or correction belongs to it.") % {"item": item}
        )
    item.delete()


def _write(agenda: Agenda, items: dict[int, AgendaItem]) -> int:
    """Write every row in its place; gives how many differ from the record."""
    number = 0
    for session in agenda.sessions:
        rows = agenda.of(session.pk)
        orders = _orders(rows, items)
        for row, order in zip(rows, orders, strict=True):
            item = items[row.item] if row.item is not None else AgendaItem()
            number += _write_row(row, item, session.pk, order)
    return number


def _orders(rows: Sequence[Row], items: dict[int, AgendaItem]) -> list[int]:
    """Give each row its number: those on record keep theirs where they stand in order already."""
    known = [items[row.item].order if row.item is not None else None for row in rows]
    orders: list[int] = []
    for order in known:
        orders.append((orders[-1] + 1 if orders else 1) if order is None else order)
    is_rising = all(first < second for first, second in zip(orders, orders[1:], strict=False))
    return orders if is_rising else list(range(1, len(rows) + 1))


def _write_row(row: Row, item: AgendaItem, session: int, order: int) -> bool:
    """Write a row unless the item holds all of it already; gives whether it did."""
    held = (item.session_id, item.order, item.title, item.minutes)
    wanted = (session, order, row.title, row.length)
    is_new = item.pk is None
    topics = set() if is_new else {topic.pk for topic in item.topics.all()}
    if held == wanted and topics == set(row.topics):
        return False
    item.session_id, item.order, item.title, item.minutes = wanted
    item.full_clean()
    if is_new or held != wanted:
        item.save()
    if topics != set(row.topics):
        item.topics.set(row.topics)
    return True
