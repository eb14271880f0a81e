"""The sheet that is signed in the room: who is expected, and a line for each signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meetings.desk.expected import day_of, expected_at, expected_delegates, expected_organisations, parted
from meetings.models import Meeting, Session
from members.models import Mandate, Organisation

if TYPE_CHECKING:
    from members.models import User

# The network has some eighty cities; a sheet that nobody could print is cut.
MOST_LISTED = 500
GUEST_LINES = 8


@dataclass(frozen=True)
class SheetRow:
    """One organisation with those who may sign for it."""

    organisation: Organisation
    delegates: list[Mandate]

    @property
    def lines(self) -> int:
        """How many lines it takes: those named and one that is blank."""
        return len(self.delegates) + 1


@dataclass(frozen=True)
class SignSheet:
    """The sheet of a session, or of the whole meeting."""

    meeting: Meeting
    session: Session | None
    parts: list[tuple[str, list[SheetRow]]]

    @property
    def guest_lines(self) -> range:
        return range(GUEST_LINES)


def read_sheet(user: "User", meeting: Meeting, session: Session | None) -> SignSheet:
    """Read the sheet of a session, or of the whole meeting; a fixed number of queries."""
    expected = expected_organisations(session) if session else expected_at(meeting)
    listed = list(expected.prefetch_related("names")[:MOST_LISTED])
    delegates = expected_delegates(user, listed, day_of(session) if session else meeting.known_by)
    parts = [(label, _rows(part, delegates)) for label, part in parted(listed)]
    return SignSheet(meeting, session, parts)


def _rows(organisations: Sequence[Organisation], delegates: dict[int, list[Mandate]]) -> list[SheetRow]:
    return [SheetRow(each, delegates.get(each.pk, [])) for each in organisations]
