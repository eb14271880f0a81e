"""What was typed, laid over what somebody else wrote meanwhile: nothing of either is lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from meetings.agenda.rows import Agenda, Row, Shown
from meetings.models import AgendaItem
from members.models import Change, place_of
from workinggroups.models import Topic


@dataclass(frozen=True)
class Line:
    """A field that others changed: what it held, what they wrote, what was typed; "" in `mine` when it was left alone."""

    field: str
    base: str
    theirs: str
    mine: str
    is_contested: bool


@dataclass
class Clash:
    """An item that others changed, with who did and when."""

    label: str
    outcome: str = ""
    change: Change | None = None
    lines: list[Line] = field(default_factory=list)


@dataclass
class Merged:
    """The agenda to be looked at and saved again, the clashes, and what stands on record."""

    agenda: Agenda
    now: Agenda
    clashes: list[Clash]
    is_reordered: bool


def merge(typed: Agenda, now: Agenda) -> Merged:
    """Lay a page over the record: fields that were left alone take what others wrote, all others what was typed.

    What others added comes in, what they deleted stays as a new row if something was typed into it. The order is theirs
    unless it was changed on the page, too.
    """
    titles = _titles([*typed.rows, *now.rows])
    changes = _changes(typed, now)
    theirs = {row.item: row for row in now.rows}
    clashes: list[Clash] = []
    rows = []
    for row in typed.rows:
        merged = row
        if row.item is not None:
            merged = _over(row, theirs.get(row.item), clashes, titles, changes)  # type: ignore[assignment]
        if merged is not None:
            rows.append(merged)
    merged_agenda = Agenda(now.sessions, _gone_sessions(rows, now))
    for row in rows:
        row.key = row.key or merged_agenda.free_key()
    is_mine = _is_reordered(typed, now)
    if not is_mine and _was_reordered(typed, now):
        _arrange(merged_agenda, now)
    _bring_in(merged_agenda, typed, now, clashes, changes, titles)
    return Merged(merged_agenda, now, clashes, is_mine and _was_reordered(typed, now))


def _over(
    row: Row, theirs: Row | None, clashes: list[Clash], titles: dict[int, str], changes: dict[str, Change]
) -> Row | None:
    change = changes.get(place_of(AgendaItem, row.item))
    base = row.shown
    if theirs is None:
        return _over_nothing(row, base, clashes, change, titles)
    lines, taken = (
        [],
        Row(row.key, row.session, topic=row.topic, is_removed=row.is_removed, shown=theirs.shown, errors=row.errors),
    )
    for name, label in (("title", _("Title")), ("minutes", _("Minutes")), ("topics", _("Topics"))):
        was, is_now, mine = _value(base, name), _value(theirs.shown, name), _typed(row, name)
        is_typed = mine != was
        setattr(taken, name, getattr(row if is_typed else theirs, name))
        if is_now != was:
            say = [_say(value, titles) for value in (was, is_now, mine)]
            lines.append(Line(label, say[0], say[1], say[2] if is_typed else "", is_typed and mine != is_now))
    outcome = _("You marked it for removal.") if row.is_removed else ""
    if lines:
        clashes.append(Clash(label_of(theirs, titles), outcome, change, lines))
    return taken


def _over_nothing(
    row: Row, base: Shown | None, clashes: list[Clash], change: Change | None, titles: dict[int, str]
) -> Row | None:
    """A row that others deleted stays, as a new one, if something was typed into it."""
    is_typed = not row.is_removed and any(
        _typed(row, name) != _value(base, name) for name in ("title", "minutes", "topics")
    )
    outcome = _("Deleted; what you typed stands below as a new item.") if is_typed else _("Deleted.")
    clashes.append(Clash(label_of(row, titles), outcome, change))
    return Row("", row.session, row.title, row.minutes, row.topics, row.topic) if is_typed else None


def _arrange(merged: Agenda, now: Agenda) -> None:
    """Put the rows in the order of the record, new ones behind."""
    place = {row.item: number for number, row in enumerate(now.rows)}
    sessions = {row.item: row.session for row in now.rows}
    for row in merged.rows:
        row.session = sessions.get(row.item, row.session)
    merged.rows.sort(key=lambda row: place.get(row.item, len(place)))


def _is_reordered(typed: Agenda, now: Agenda) -> bool:
    """Whether items that still are on record were moved on the page."""
    known = _known(typed, now)
    return _shown_order(typed, known) != typed.arrangement(known)


def _was_reordered(typed: Agenda, now: Agenda) -> bool:
    """Whether others moved items that the page shows."""
    known = _known(typed, now)
    return _shown_order(typed, known) != now.arrangement(known)


def _known(typed: Agenda, now: Agenda) -> set[int]:
    """Give the items that both sides have, and that are not to be removed."""
    mine = {row.item for row in typed.rows if not row.is_removed}
    return {row.item for row in now.rows if row.item is not None and row.item in mine}


def _shown_order(typed: Agenda, items: set[int]) -> list[tuple[int | None, int]]:
    """Give session and key of some items as the page had shown them when it was opened."""
    shown = {row.item: row.shown for row in typed.rows if row.item in items and row.shown}
    order = {session.pk: place for place, session in enumerate(typed.sessions)}
    found = sorted(shown.items(), key=lambda pair: (order.get(pair[1].session, -1), pair[1].place))
    return [(was.session, item) for item, was in found if item is not None]


def _bring_in(
    merged: Agenda, typed: Agenda, now: Agenda, clashes: list[Clash], changes: dict[str, Change], titles: dict[int, str]
) -> None:
    """Bring in what others added, behind the item that it follows there."""
    mine = {row.item for row in typed.rows}
    before: Row | None = None
    for row in now.rows:
        if row.item not in mine:
            behind = next((each for each in merged.rows if before and each.item == before.item), None)
            at = merged.rows.index(behind) + 1 if behind and behind.session == row.session else len(merged.rows)
            merged.rows.insert(at, row)
            change = changes.get(place_of(AgendaItem, row.item))
            clashes.append(Clash(label_of(row, titles), _("Added; it stays."), change))
        before = row


def _gone_sessions(rows: list[Row], now: Agenda) -> list[Row]:
    """Rows of a session that others deleted say so."""
    there = {session.pk for session in now.sessions}
    for row in rows:
        if row.session is not None and row.session not in there:
            row.session = None
            row.errors = [_("Its session is no more: choose another one.")]
    return rows


# --- In words --------------------------------------------------------------------------------------------------------


def label_of(row: Row, titles: dict[int, str]) -> str:
    """Name a row as its item is named: by its title, else by its topics."""
    return row.title or _say(tuple(row.topics), titles) or _("Agenda item")


def _value(shown: Shown | None, name: str) -> object:
    return getattr(shown, name) if shown else None


def _typed(row: Row, name: str) -> object:
    if name == "minutes":
        return row.length if row.length or not row.minutes else row.minutes
    return tuple(sorted(row.topics)) if name == "topics" else row.title


def _say(value: object, titles: dict[int, str]) -> str:
    if isinstance(value, tuple):
        return "; ".join(titles.get(key, "") for key in value)
    return "" if value is None else str(value)


def _titles(rows: Iterable[Row]) -> dict[int, str]:
    keys = {topic for row in rows for topic in [*row.topics, *(row.shown.topics if row.shown else ())]}
    return dict(Topic.objects.filter(pk__in=keys).values_list("pk", "title"))


def _changes(typed: Agenda, now: Agenda) -> dict[str, Change]:
    """Give the last change of each item of either side, by its place in the history; one query."""
    keys = {row.item for row in [*typed.rows, *now.rows] if row.item is not None}
    found = Change.objects.filter(record__in=[place_of(AgendaItem, key) for key in keys]).order_by("pk")
    return {change.record: change for change in found}
