"""Where sources contradict each other about one organisation and scope, side by side, for a person to settle."""

from collections.abc import Iterable
from dataclasses import dataclass

from meetings.actions import record_grid
from meetings.grid import UNKNOWN, Edit, Key, Refusal
from meetings.models import Attendance, Channel, Meeting, Session
from members.models import Organisation, User


@dataclass(frozen=True)
class Word:
    """What one source says, and how long it saw them."""

    row: Attendance

    @property
    def minutes(self) -> int | None:
        """The minutes of whoever of them stayed longest, where the source tells. Rests on prefetched delegates."""
        told = [delegate.minutes for delegate in self.row.delegates.all() if delegate.minutes is not None]
        return max(told, default=None)


@dataclass(frozen=True)
class Disagreement:
    """The words of several sources about one organisation, at the meeting or at one session of it."""

    organisation: Organisation
    session: Session | None
    words: list[Word]
    is_settled: bool

    @property
    def key(self) -> str:
        return f"{self.organisation.pk}-{self.session.pk if self.session else 0}"

    @property
    def verdict(self) -> Attendance | None:
        """The secretariat's own row, which settles it."""
        return next((word.row for word in self.words if word.row.channel == Channel.SECRETARIAT), None)


def read_disagreements(meeting: Meeting) -> list[Disagreement]:
    """Read where a meeting's sources contradict each other, the unsettled first; a fixed number of queries.

    What is unsettled, `AttendanceQuerySet.unsettled` says.
    """
    rows = Attendance.objects.filter(meeting=meeting).select_related("organisation", "session", "recorded_by")
    rows = rows.prefetch_related("sources", "delegates", "session__working_groups")
    unsettled = {
        (scope["organisation"], scope["session"]) for scope in Attendance.objects.filter(meeting=meeting).unsettled()
    }
    found = [_disagreement(said, key in unsettled) for key, said in _by_scope(rows).items() if _differ(said)]
    return sorted(found, key=lambda each: each.is_settled)


def settle(meeting: Meeting, key: Key, wanted: str, note: str, *, by: User) -> list[Refusal]:
    """Write the secretariat's own word where sources contradict each other, with how it knows.

    Gives a refusal when somebody settled it otherwise meanwhile.
    """
    return record_grid(meeting, [Edit(*key, UNKNOWN, wanted, basis=note.strip())], by=by)


def _by_scope(rows: Iterable[Attendance]) -> dict[Key, list[Attendance]]:
    scopes: dict[Key, list[Attendance]] = {}
    for row in rows:
        scopes.setdefault((row.organisation_id, row.session_id), []).append(row)
    return scopes


def _differ(rows: list[Attendance]) -> bool:
    return len({row.presence for row in rows}) > 1


def _disagreement(rows: list[Attendance], is_unsettled: bool) -> Disagreement:
    words = [Word(row) for row in sorted(rows, key=lambda row: row.recorded_at)]
    return Disagreement(rows[0].organisation, rows[0].session, words, not is_unsettled)
