"""What merging two records would do, and what stands in its way; reads only."""

import copy
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from b40.merging.choices import Choice, choices_between
from b40.merging.joining import Joined, join
from b40.merging.relations import Relation, Row, paired, relations
from meetings.contradictions import contradictions
from meetings.models import Attendance, Meeting
from members.history import version_of
from members.models import Kind, Organisation, OrganisationName
from workinggroups.models import ParticipationChange

SAMPLE = 8


@dataclass(frozen=True)
class Obstacle:
    """One reason for which the two cannot be merged yet, and the records on which it can be mended."""

    text: str
    records: tuple[Row, ...] = ()


@dataclass
class Pair:
    """Two rows that would say one thing of one organisation: the first stays, the second is joined to it."""

    stays: Row
    goes: Row
    joined: Joined


@dataclass
class Moving:
    """The rows of one relation that go over to the record that stays."""

    relation: Relation
    rows: list[Row] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    staying: list[Row] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.pairs)

    @property
    def samples(self) -> list[str]:
        """Some of the rows in words; those that are joined come last."""
        labels = [label_of(row) for row in self.rows]
        labels += [_("%(row)s (both have it)") % {"row": label_of(pair.goes)} for pair in self.pairs]
        return labels[:SAMPLE]

    @property
    def left_out(self) -> int:
        """How many rows the samples leave out."""
        return max(0, self.count - SAMPLE)


@dataclass(frozen=True)
class Seen:
    """What somebody saw before deciding: the version of each record, and which rows would move."""

    winner_version: int
    loser_version: int
    fingerprint: str


@dataclass
class Plan:
    """A merge before it is done."""

    winner: Organisation
    loser: Organisation
    seen: Seen
    moving: list[Moving]
    choices: list[Choice]
    new_names: list[str]
    obstacles: list[Obstacle]


def plan_merge(winner: Organisation, loser: Organisation) -> Plan:
    """Work out what moves when one record is merged into another, and what stands in the way.

    Takes the record that stays and the one that goes. Asks a number of queries that depends on how many kinds of rows
    there are and on the presidencies held, not on how many rows move.
    """
    versions = version_of(Organisation, winner.pk), version_of(Organisation, loser.pk)  # before the rows: see there
    moving = [_moving(relation, winner, loser) for relation in relations()]
    return Plan(
        winner=winner,
        loser=loser,
        seen=Seen(*versions, _fingerprint(moving)),
        moving=moving,
        choices=choices_between(winner, loser),
        new_names=_new_names(winner, loser, moving),
        obstacles=list(_obstacles(winner, loser, moving)),
    )


def names_of_loser(loser: Organisation) -> list[str]:
    """What the record that goes is known by, beside the names listed with it."""
    return [name for name in (loser.name, loser.abbreviation) if name]


def label_of(row: Row) -> str:
    """Name a row of an organisation by what else it names."""
    return _LABELS.get(type(row), str)(row)


def scope_of(row: Attendance) -> str:
    """Name the meeting, or the session of it, that a row of the ledger speaks of."""
    return f"{row.meeting} · {row.session}" if row.session else str(row.meeting)


_LABELS: dict[type[Any], Callable[[Any], str]] = {
    Attendance: lambda row: f"{scope_of(row)}: {row.get_presence_display()} ({row.get_channel_display()})",
    ParticipationChange: lambda row: f"{row.group}: {row.get_role_display()}, {row.when}",
    Meeting: lambda row: f"{row}, {row.days}",
}


def _moving(relation: Relation, winner: Organisation, loser: Organisation) -> Moving:
    rows = relation.rows([winner, loser])
    theirs = [row for row in rows if relation.names(row, loser)]
    if relation.is_list:
        return Moving(relation, theirs)
    mine = [row for row in rows if relation.names(row, winner)]
    pairs = paired(relation, mine, theirs)
    return Moving(
        relation,
        rows=[row for row in theirs if row.pk not in pairs],
        pairs=[Pair(stays, goes, join(relation, stays, goes)) for stays, goes in pairs.values()],
        staying=mine,
    )


def _fingerprint(moving: Iterable[Moving]) -> str:
    keys = [
        (each.relation.name, [row.pk for row in each.rows], [(pair.stays.pk, pair.goes.pk) for pair in each.pairs])
        for each in moving
    ]
    return hashlib.sha256(repr(keys).encode()).hexdigest()[:32]


def _new_names(winner: Organisation, loser: Organisation, moving: Iterable[Moving]) -> list[str]:
    listed = {winner.name, winner.abbreviation}
    for each in moving:
        if each.relation.model is OrganisationName:
            listed |= {row.text for row in (*each.rows, *each.staying)}
    return [name for name in dict.fromkeys(names_of_loser(loser)) if name not in listed]


# --- What stands in the way ---


def _obstacles(winner: Organisation, loser: Organisation, moving: list[Moving]) -> Iterator[Obstacle]:
    together = copy.copy(winner)
    together.kind = Kind.CITY if Kind.CITY in (winner.kind, loser.kind) else winner.kind
    for each in moving:
        if each.relation.model is Attendance:
            yield from _contradictions(each)
        for pair in each.pairs:
            yield from _collision(each.relation, pair)
        if not each.relation.is_list:
            yield from _broken_rules(each, together)


def _contradictions(moving: Moving) -> Iterator[Obstacle]:
    goes = [*moving.rows, *(pair.goes for pair in moving.pairs)]
    for found in contradictions(moving.staying, goes):
        one, other = found.first, found.second
        words = {"one": _said(one), "other": _said(other), "meeting": one.meeting}
        text = _("“%(meeting)s” cannot have been both: %(one)s; %(other)s.") % words
        yield Obstacle(text, (one.meeting, *filter(None, (one.session or other.session,))))


def _said(row: Attendance) -> str:
    words = {"name": row.organisation, "presence": row.get_presence_display(), "channel": row.get_channel_display()}
    if row.session:
        return _("%(name)s %(presence)s at “%(session)s” (%(channel)s)") % {**words, "session": row.session}
    return _("%(name)s %(presence)s (%(channel)s)") % words


def _collision(relation: Relation, pair: Pair) -> Iterator[Obstacle]:
    # Who says "present" and who "absent" is told with the meeting, see above.
    told = {"presence"} if relation.model is Attendance else set()
    names = [name for name in pair.joined.conflicts if name not in told]
    if not names:
        return
    fields = ", ".join(str(relation.model._meta.get_field(name).verbose_name) for name in names)  # type: ignore[union-attr]
    words = {"kind": relation.title, "one": label_of(pair.stays), "other": label_of(pair.goes), "fields": fields}
    text = _(
        "%(kind)s: “%(one)s” and “%(other)s” stand in one place and differ in: %(fields)s. Correct one of them first."
    )
    yield Obstacle(text % words, (pair.stays, pair.goes))


def _broken_rules(moving: Moving, together: Organisation) -> Iterator[Obstacle]:
    """Ask each row's own model whether it may belong to the record that stays."""
    for row in moving.rows:
        for text in broken_rules(moving.relation, copy.copy(row), together):
            yield Obstacle(f"{label_of(row)}: {text}", (row,))


def broken_rules(relation: Relation, row: Row, organisation: Organisation) -> list[str]:
    """Give a row to an organisation, unsaved, and say which of the model's rules that breaks."""
    setattr(row, relation.field.name, organisation)
    if hasattr(row, "parts_follow"):
        row.parts_follow = True  # the row's own parts stay as they are
    try:
        row.clean()
    except ValidationError as error:
        return list(error.messages)
    return []
