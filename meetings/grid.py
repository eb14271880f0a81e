"""The attendance grid: one source's word on every organisation, at the whole meeting and at each session."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import Attendance, Channel, Meeting, Presence, Session
from members.models import Organisation, Status

UNKNOWN = ""
# The network has some eighty cities. A larger one is not drawn whole: its names are pasted.
MOST_ROWS = 250
# Where one may be in the room or online, "present" says which.
IN_THE_ROOM, ONLINE = "present:room", "present:online"
STATES = (UNKNOWN, *Presence.values, IN_THE_ROOM, ONLINE)
STATE_LABELS = {
    UNKNOWN: gettext_lazy("not known"),
    **dict(Presence.choices),
    IN_THE_ROOM: gettext_lazy("present in the room"),
    ONLINE: gettext_lazy("present online"),
}
# What was shown in a cell is not known: whatever stands there now counts as somebody else's.
NOT_TOLD = "?"

Key = tuple[int, int | None]  # an organisation, and a session or None for the whole meeting


@dataclass(frozen=True)
class Edit:
    """What somebody typed into a cell, and what the cell had shown."""

    organisation: int
    session: int | None
    shown: str
    wanted: str
    basis: str = ""  # why, when it settles what sources contradict

    @property
    def key(self) -> Key:
        return (self.organisation, self.session)


@dataclass(frozen=True)
class Refusal:
    """A cell that was not written, since something else stands there now than was shown."""

    edit: Edit
    stored: str
    row: Attendance | None = None  # says by whom; None where the cell was cleared
    is_gone: bool = False  # the organisation or the session is no more


@dataclass(frozen=True)
class Column:
    """The whole meeting, or one session."""

    session: int | None
    label: str

    @property
    def name(self) -> str:
        return str(self.session or 0)


@dataclass(frozen=True)
class Cell:
    """One organisation in one column: the word that is entered there, beside it what others say, and whether it counts."""

    name: str
    column: Column
    state: str
    chosen: str
    others: list[str]
    refusal: Refusal | None = None
    is_here: bool = False

    @property
    def label(self) -> str:
        """What was chosen, in words."""
        return state_label(self.chosen)


@dataclass(frozen=True)
class Row:
    organisation: Organisation
    status: str
    cells: list[Cell]

    @property
    def spellings(self) -> str:
        """All that it is found by, in every spelling and script, one a line. Rests on prefetched names."""
        names = [self.organisation, *self.organisation.names.all()]
        keys = [key for name in names for key in (name.key, name.loose_key)]
        written = [name.text.lower() for name in self.organisation.names.all()]
        return "\n".join(dict.fromkeys([self.organisation.abbreviation.lower(), *keys, *written]))


@dataclass(frozen=True)
class Grid:
    """A meeting's grid; `shown` says what every filled cell shows, for the form to carry."""

    columns: list[Column]
    rows: list[Row]
    is_cut: bool = False  # whether the network is too large to be listed whole

    @property
    def shown(self) -> str:
        states = {cell.name: cell.state for row in self.rows for cell in row.cells if cell.state}
        return json.dumps(states, separators=(",", ":"))


def read_grid(
    meeting: Meeting,
    sessions: Sequence[Session],
    rows: Iterable[Attendance],
    refusals: Sequence[Refusal] = (),
    channel: str = Channel.SECRETARIAT,
    also: Collection[int] = (),
) -> Grid:
    """Read the grid of a meeting for one source; two queries, three where the network is larger than a grid.

    Takes its sessions and the rows of its ledger, with whether they count. Lists whoever the network has on the meeting's
    day, whoever the ledger names, and those named in `also`, cities first; of a network larger than `MOST_ROWS`, only
    the latter two. Refused cells keep what was typed.
    """
    columns = [Column(None, _("Whole meeting")), *(Column(session.pk, str(session)) for session in sessions)]
    ledger = list(rows)
    own, others = own_rows(ledger, channel), others_of(ledger, channel)
    here = {(row.organisation_id, row.session_id) for row in ledger if row.is_counted}  # type: ignore[attr-defined]  # annotated
    refused = {refusal.edit.key: refusal for refusal in refusals}
    named = {organisation for organisation, _session in [*own, *others, *refused]} | set(also)

    def cell(organisation: int, column: Column) -> Cell:
        key = (organisation, column.session)
        state, refusal = state_of(own.get(key)), refused.get(key)
        chosen = refusal.edit.wanted if refusal else state
        return Cell(cell_name(key), column, state, chosen, others.get(key, []), refusal, key in here)

    organisations, is_cut = _organisations(meeting, named)
    listed = [Row(each, _status_label(each), [cell(each.pk, column) for column in columns]) for each in organisations]
    return Grid(columns, listed, is_cut)


def state_of(row: Attendance | None) -> str:
    """What a cell shows of a row: its presence, and where it was if the row says so."""
    if row is None:
        return UNKNOWN
    return f"{row.presence}:{row.mode}" if row.presence == Presence.PRESENT and row.mode else row.presence


def state_label(state: str) -> str:
    """Say a cell's state in words."""
    return str(STATE_LABELS.get(state, state))


def read_edits(sent: Mapping[str, str]) -> list[Edit]:
    """Give the cells in which something else was chosen than they had shown. Takes what a form sent."""
    shown = _shown(sent.get("shown", ""))
    edits = []
    for name, wanted in sent.items():
        key = cell_key(name)
        before = shown.get(name, UNKNOWN) if shown is not None else NOT_TOLD
        if key is not None and wanted in STATES and wanted != before:
            edits.append(Edit(*key, before, wanted))
    return edits


def own_rows(rows: Iterable[Attendance], channel: str = Channel.SECRETARIAT) -> dict[Key, Attendance]:
    """Give the row of each cell that one source wrote, the secretariat unless another is named."""
    return {(row.organisation_id, row.session_id): row for row in rows if row.channel == channel}


def others_of(rows: Iterable[Attendance], channel: str = Channel.SECRETARIAT) -> dict[Key, list[str]]:
    """Say what other sources tell of each cell, as in "press: present"."""
    told: dict[Key, list[str]] = {}
    for row in rows:
        if row.channel != channel:
            words = {"source": row.get_channel_display(), "presence": row.get_presence_display()}
            told.setdefault((row.organisation_id, row.session_id), []).append(_("%(source)s: %(presence)s") % words)
    return told


def cell_name(key: Key) -> str:
    """Name the field of a cell."""
    return f"cell-{key[0]}-{key[1] or 0}"


def cell_key(name: str) -> Key | None:
    """Read the name of a field; None for one that is no cell."""
    prefix, _dash, rest = name.partition("-")
    organisation, _dash, session = rest.partition("-")
    is_number = all(part.isascii() and part.isdigit() and len(part) < 19 for part in (organisation, session))
    return (int(organisation), int(session) or None) if prefix == "cell" and is_number else None


def _shown(text: str) -> dict[str, str] | None:
    """Read what the cells of a form had shown; None when it does not say."""
    try:
        states = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return states if isinstance(states, dict) else None


def _organisations(meeting: Meeting, named: set[int]) -> tuple[list[Organisation], bool]:
    """Give the organisations of a grid, and whether only those are among them that the ledger names."""
    in_force = [status for status in Status.values if status != Status.ENDED]
    found = Organisation.objects.with_status(meeting.known_by).select_related("country").order_by("key", "pk")
    lean = found.defer("description", "search", "note").prefetch_related("names")
    listed = list(lean.filter(Q(status__in=in_force) | Q(pk__in=named))[: MOST_ROWS + 1])
    is_cut = len(listed) > MOST_ROWS
    if is_cut:
        listed = list(lean.filter(pk__in=named))
    return sorted(listed, key=lambda organisation: not organisation.is_city), is_cut


def _status_label(organisation: Organisation) -> str:
    status = getattr(organisation, "status", None)
    return "" if status in (None, Status.MEMBER) else str(Status(status).label)
