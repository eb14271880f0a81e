"""An agenda as a page holds it: rows in order, each with what it had shown when the page was opened."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from meetings.models import AgendaItem, Session

NEW = "new-"


@dataclass(frozen=True)
class Shown:
    """An item as a page showed it: where it stood, and what it held. Two equal ones are the same item unchanged."""

    session: int
    place: int
    title: str
    minutes: int | None
    topics: tuple[int, ...]

    def packed(self) -> str:
        """Write it for a hidden field."""
        return json.dumps([self.session, self.place, self.title, self.minutes, self.topics])

    @classmethod
    def unpacked(cls, text: str) -> "Shown | None":
        """Read what `packed` wrote; None for anything else."""
        try:
            session, place, title, minutes, topics = json.loads(text)
            return cls(int(session), int(place), str(title), None if minutes is None else int(minutes), tuple(topics))
        except (ValueError, TypeError, RecursionError):
            return None


@dataclass
class Row:
    """An item as it was typed. `key` is the item's, or begins with "new-"; `session` is None when that is no more."""

    key: str
    session: int | None
    title: str = ""
    minutes: str = ""
    topics: list[int] = field(default_factory=list)
    topic: str = ""
    is_removed: bool = False
    shown: Shown | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def item(self) -> int | None:
        """The key of the item on record; None for a new one."""
        return None if self.key.startswith(NEW) else int(self.key)

    @property
    def length(self) -> int | None:
        """Its minutes, where a number is typed."""
        is_number = self.minutes.isascii() and self.minutes.isdigit() and len(self.minutes) < 5
        return (int(self.minutes) or None) if is_number else None

    @property
    def content(self) -> tuple[str, int | None, tuple[int, ...]]:
        """What it says, to be compared."""
        return self.title, self.length, tuple(sorted(self.topics))

    @property
    def is_blank(self) -> bool:
        """Whether it is a new row into which nobody typed."""
        return self.item is None and not (self.title or self.minutes or self.topics or self.topic)


@dataclass
class Agenda:
    """The rows of a meeting's sessions, those of one session in their order."""

    sessions: Sequence[Session]
    rows: list[Row] = field(default_factory=list)

    def of(self, session: int) -> list[Row]:
        """Give the rows of a session; the first one's also hold those whose session is no more."""
        first = self.sessions[0].pk if self.sessions else None
        return [row for row in self.rows if row.session == session or (row.session is None and session == first)]

    def arrangement(self, items: Iterable[int] | None = None) -> list[tuple[int | None, int]]:
        """Give session and key of the items on record, in order; `items` leaves out all others."""
        kept = None if items is None else set(items)
        order = {session.pk: place for place, session in enumerate(self.sessions)}
        known = [(row.session, row.item) for row in self.rows if row.item is not None and not row.is_removed]
        asked = [(session, item) for session, item in known if kept is None or item in kept]
        return sorted(asked, key=lambda pair: order.get(pair[0] or 0, -1))

    @property
    def is_refused(self) -> bool:
        """Whether any row cannot be saved as it is."""
        return any(row.errors for row in self.rows)

    def add(self, session: int, **typed: Any) -> Row:
        """Append a new row to a session."""
        row = Row(self.free_key(), session, **typed)
        self.rows.append(row)
        return row

    def move(self, key: str, step: int) -> None:
        """Move a row one place up (-1) or down (1); from the edge of a session into the one beside it."""
        row = next((row for row in self.rows if row.key == key), None)
        if row is None or row.session is None:
            return
        mates = self.of(row.session)
        place = mates.index(row) + step
        if 0 <= place < len(mates):
            here, there = self.rows.index(row), self.rows.index(mates[place])
            self.rows[here], self.rows[there] = self.rows[there], self.rows[here]
        else:
            self._move_on(row, step)

    def _move_on(self, row: Row, step: int) -> None:
        keys = [session.pk for session in self.sessions]
        place = keys.index(row.session) + step  # type: ignore[arg-type]  # asked by `move`
        if 0 <= place < len(keys):
            self.rows.remove(row)
            row.session = keys[place]
            self.rows.insert(0 if step > 0 else len(self.rows), row)

    def free_key(self) -> str:
        """Give a key for one more new row."""
        taken = {row.key for row in self.rows}
        return next(key for number in range(1, len(taken) + 2) if (key := f"{NEW}{number}") not in taken)


def agenda_of(sessions: Sequence[Session], items: Iterable[AgendaItem]) -> Agenda:
    """Give the agenda on record, as a page that is opened shows it.

    Takes items in order, with `topics` prefetched.
    """
    agenda, places = Agenda(sessions), dict.fromkeys([session.pk for session in sessions], 0)
    for item in items:
        places[item.session_id] += 1
        agenda.rows.append(row_of(item, places[item.session_id]))
    return agenda


def row_of(item: AgendaItem, place: int) -> Row:
    """Give the row of an item as it stands on record."""
    topics = [topic.pk for topic in item.topics.all()]
    shown = Shown(item.session_id, place, item.title, item.minutes, tuple(sorted(topics)))
    minutes = "" if item.minutes is None else str(item.minutes)
    return Row(str(item.pk), item.session_id, item.title, minutes, topics, shown=shown)
