"""Who attended: the one answer that pages, counts, feeds and exports use."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from meetings.models import Attendance, Capacity, Channel, Meeting, Presence
from members.models import Country, Organisation, Status

# As what an organisation took part, in words.
CAPACITY_LABELS = {**dict(Capacity.choices), **dict(Status.choices)}


@dataclass
class Attendee:
    """One organisation at a meeting with the ledger rows that speak of it."""

    organisation: Organisation
    status: str | None  # what it was to the network on the meeting's day
    rows: list[Attendance] = field(default_factory=list)

    @property
    def counted_rows(self) -> list[Attendance]:
        """The rows that make it one that attended, see `AttendanceQuerySet.with_counted`."""
        return [row for row in self.rows if row.is_counted]  # type: ignore[attr-defined]  # annotated

    @property
    def attended(self) -> bool:
        return bool(self.counted_rows)

    @property
    def _said(self) -> dict[int | None, set[str]]:
        """What is said of its presence, by session; None for the whole meeting."""
        said: dict[int | None, set[str]] = {}
        for row in self.rows:
            said.setdefault(row.session_id, set()).add(row.presence)
        return said

    @property
    def is_contradicted(self) -> bool:
        """Whether rows of one scope disagree about its presence."""
        return any(len(presences) > 1 for presences in self._said.values())

    @property
    def is_unsettled(self) -> bool:
        """Whether rows of one scope disagree, and the secretariat has not said there which is right."""
        settled = {row.session_id for row in self.rows if row.channel == Channel.SECRETARIAT}
        return any(len(presences) > 1 for scope, presences in self._said.items() if scope not in settled)

    @property
    def is_doubtful(self) -> bool:
        """Whether every row that counts it in is less than certain."""
        return self.attended and all(row.is_doubtful for row in self.counted_rows)

    @property
    def basis(self) -> str:
        """How we know, where a row says so."""
        return " ".join(dict.fromkeys(row.basis for row in self.rows if row.basis))

    @property
    def capacity(self) -> str:
        """As what it took part: what a source says, else what it was on the day ("member", "candidate", "observer", …, or "guest" when nothing is recorded)."""
        stated = next((row.capacity for row in self.rows if row.capacity), "")
        lapsed = self.status in (None, Status.ENDED)
        return stated or (Capacity.GUEST.value if lapsed else str(self.status))

    @property
    def capacity_label(self) -> str:
        """`capacity` in words."""
        return str(CAPACITY_LABELS[self.capacity])


@dataclass
class AttendanceList:
    """The ledger of one meeting, read."""

    attendees: list[Attendee]

    @property
    def present(self) -> list[Attendee]:
        return [attendee for attendee in self.attendees if attendee.attended]

    @property
    def cities(self) -> list[Attendee]:
        """Cities that attended, whatever they were to the network on the day. Its length is the published number."""
        return [attendee for attendee in self.present if attendee.organisation.is_city]

    @property
    def others(self) -> list[Attendee]:
        """Observers, partners and other bodies that attended."""
        return [attendee for attendee in self.present if not attendee.organisation.is_city]

    @property
    def observers(self) -> list[Attendee]:
        return [attendee for attendee in self.others if attendee.capacity == Capacity.OBSERVER]

    @property
    def excused(self) -> list[Attendee]:
        missing = [attendee for attendee in self.attendees if not attendee.attended]
        return [attendee for attendee in missing if any(row.presence == Presence.EXCUSED for row in attendee.rows)]

    @property
    def contradicted(self) -> list[Attendee]:
        return [attendee for attendee in self.attendees if attendee.is_contradicted]

    @property
    def unsettled(self) -> list[Attendee]:
        return [attendee for attendee in self.attendees if attendee.is_unsettled]

    @property
    def by_country(self) -> list[tuple[Country, list[Attendee]]]:
        """The cities under their countries, both in alphabetical order."""
        groups: dict[Country, list[Attendee]] = {}
        for attendee in self.cities:
            country = attendee.organisation.country
            if country:
                groups.setdefault(country, []).append(attendee)
        return sorted(groups.items(), key=lambda pair: pair[0].name)


def who_attended(meeting: Meeting) -> AttendanceList:
    """Read a meeting's ledger.

    Takes a meeting; gives its organisations in alphabetical order, each once, with all rows that speak of it. Asks four queries, whatever the size.
    Source of the rule: `AttendanceQuerySet.counted`.
    """
    rows = list(
        Attendance.objects.filter(meeting=meeting)
        .with_counted()
        .select_related("organisation__country", "session")
        .prefetch_related("sources", "organisation__names")
    )
    attending = Organisation.objects.filter(pk__in={row.organisation_id for row in rows}).with_status(meeting.known_by)
    statuses = {city.pk: city.status for city in attending}  # type: ignore[attr-defined] # annotated
    return AttendanceList(_attendees(rows, statuses))


def _attendees(rows: Iterable[Attendance], statuses: dict[int, str | None]) -> list[Attendee]:
    attendees: dict[int, Attendee] = {}
    for row in rows:
        attendee = attendees.setdefault(row.organisation_id, Attendee(row.organisation, statuses[row.organisation_id]))
        attendee.rows.append(row)
    return sorted(attendees.values(), key=lambda attendee: (attendee.organisation.key, attendee.organisation.pk))
