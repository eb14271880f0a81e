"""Where two records of the register cannot be one: the ledger says contradicting things of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meetings.models import Attendance, Presence

Said = dict[int | None, list[Attendance]]  # rows of one meeting by session, None for the meeting as a whole


@dataclass(frozen=True)
class Contradiction:
    """Two rows of one meeting that cannot both be true of one organisation."""

    first: Attendance
    second: Attendance


def contradictions(first: Iterable[Attendance], second: Iterable[Attendance]) -> Iterator[Contradiction]:
    """Compare what the ledger says of two organisations, as if they were one.

    Gives one pair of rows for each meeting or session that one attended and the other did not. Rows that agree source by
    source are no contradiction, even if the sources disagree among themselves.
    """
    ours, theirs = _by_meeting(first), _by_meeting(second)
    for meeting in sorted(ours.keys() & theirs.keys()):
        yield from _of_scopes(ours[meeting], theirs[meeting])
        yield from _of_whole_and_part(ours[meeting], theirs[meeting])
        yield from _of_whole_and_part(theirs[meeting], ours[meeting])


def _by_meeting(rows: Iterable[Attendance]) -> dict[int, Said]:
    meetings: dict[int, Said] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        meetings[row.meeting_id][row.session_id].append(row)
    return meetings


def _of_scopes(ours: Said, theirs: Said) -> Iterator[Contradiction]:
    for scope in ours.keys() & theirs.keys():
        if _words(ours[scope]) == _words(theirs[scope]):
            continue
        pairs = ((one, other) for one in ours[scope] for other in theirs[scope] if one.presence != other.presence)
        yield from (Contradiction(*pair) for pair in [next(pairs, None)] if pair)


def _of_whole_and_part(ours: Said, theirs: Said) -> Iterator[Contradiction]:
    """One was not at the meeting at all, the other was at a session of it."""
    missing = [row for row in ours.get(None, []) if row.presence != Presence.PRESENT]
    there = [row for rows in theirs.values() for row in rows if row.session_id and row.presence == Presence.PRESENT]
    if missing and there:
        yield Contradiction(missing[0], there[0])


def _words(rows: list[Attendance]) -> set[tuple[str, str]]:
    return {(row.channel, row.presence) for row in rows}
