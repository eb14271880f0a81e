"""What a report would write into the ledger, person by person and organisation by organisation. Writes nothing."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from meetings.models import ParticipantReport
from meetings.reports.evidence import NOBODY, Finding, weigh
from meetings.reports.ledger import Ledger, Presented, Row
from meetings.reports.oddities import near_of, warnings_about
from meetings.reports.people import Participant, people_of
from meetings.reports.refusals import UnreadableReport
from meetings.reports.visits import Report, read_report
from members.models import Organisation
from members.resolver import resolve_all, suggest

IGNORE = "ignore"
MOST_PEOPLE = 1_000


@dataclass(frozen=True)
class Choice:
    """One way to decide a person: an organisation ("take-12"), none ("nobody"), or to leave out this time ("ignore")."""

    value: str
    label: str


@dataclass(frozen=True)
class Entry:
    """One person with what is proposed and what is chosen; `chosen` is "" as long as a person has to decide."""

    participant: Participant
    finding: Finding
    chosen: str
    organisation: Organisation | None = None
    typed: str = ""  # a name that nothing was found for
    is_typed: bool = False
    problem: str = ""

    @property
    def field(self) -> str:
        return f"person-{self.participant.number}"

    @property
    def other_field(self) -> str:
        return f"other-{self.participant.number}"

    @property
    def state(self) -> str:
        """In a word: "decide", "take", "nobody" or "ignore"."""
        return self.chosen.partition("-")[0] or "decide"

    @property
    def is_decided_by_hand(self) -> bool:
        return bool(self.chosen) and self.chosen != self.finding.proposal

    @property
    def choices(self) -> list[Choice]:
        offered = dict.fromkeys([*self.finding.candidates, *([self.organisation] if self.organisation else [])])
        bodies = [Choice(f"take-{one.pk}", label_of(one)) for one in offered]
        return [
            *bodies,
            Choice(NOBODY, _("Guest, or of no organisation on record")),
            Choice(IGNORE, _("Leave out this time")),
        ]


@dataclass
class Plan:
    """A report with every person decided or not, and the rows that follow."""

    record: ParticipantReport
    report: Report
    entries: list[Entry]
    ledger: Ledger
    warnings: list[str] = field(default_factory=list)

    @property
    def undecided(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.chosen]

    @property
    def of_organisations(self) -> list[Entry]:
        taken = [entry for entry in self.entries if entry.organisation]
        return sorted(
            taken, key=lambda entry: (entry.organisation.key if entry.organisation else "", entry.participant.number)
        )

    @property
    def left_out(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state in (NOBODY, IGNORE)]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of organisations, in alphabetical order."""
        people: dict[Organisation, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.organisation:
                people[entry.organisation].append(entry)
        rows = [self.ledger.row(one, [_presented(entry) for entry in each]) for one, each in people.items()]
        return sorted(rows, key=lambda row: (row.organisation.key, row.organisation.pk))

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def to_remember(self) -> list[Entry]:
        """The decisions of a person that will be asked for again: not those about a device without an address."""
        decided = [entry for entry in self.entries if entry.is_decided_by_hand and entry.chosen != IGNORE]
        return [entry for entry in decided if entry.participant.key or entry.participant.email]

    @property
    def has_typed(self) -> bool:
        """Whether a name was typed whose meaning is to be seen before it is recorded."""
        return any(entry.is_typed for entry in self.entries)

    @property
    def does_something(self) -> bool:
        return any(row.state != "unchanged" for row in self.rows)

    @property
    def contradicted(self) -> list[int]:
        return [row.organisation.pk for row in self.rows if row.contradiction]

    @property
    def digest(self) -> str:
        """Tell what was proposed, and what the ledger holds, from the same at another time. Decisions are no part of it."""
        told = [
            [
                each.participant.number,
                each.participant.name,
                each.participant.minutes,
                each.finding.proposal,
                each.finding.reason,
            ]
            for each in self.entries
        ]
        state = [self.record.pk, self.record.channel, self.record.timezone, told, self.ledger.state]
        return hashlib.sha256(json.dumps(state, default=str).encode()).hexdigest()


def plan_of(record: ParticipantReport, sent: Mapping[str, str] | None = None) -> Plan:
    """Say what a report would write.

    Takes what a form sent about its people, if it was sent: who is not named there gets what is proposed. Asks a number of
    queries that does not depend on how many people and organisations there are. Raises UnreadableReport.
    """
    report, people = read_people(record)
    entries = _Decisions(sent or {}).of(people, weigh(people, record.meeting))
    return Plan(record, report, entries, Ledger(record), warnings_about(record, report))


def read_people(record: ParticipantReport) -> tuple[Report, list[Participant]]:
    """Read a report's file, and join the visits of each person. Raises UnreadableReport."""
    report = read_report(bytes(record.raw), zone=record.timezone, near=near_of(record))
    people = people_of(report)
    if len(people) > MOST_PEOPLE:
        raise UnreadableReport(
            _("The file names %(number)d people; at most %(most)d are read: is it the right file?")
            % {"number": len(people), "most": MOST_PEOPLE}
        )
    return report, people


def label_of(organisation: Organisation) -> str:
    """Name an organisation so that the resolver finds it again: with its country, since cities share names."""
    return f"{organisation.name} ({organisation.country_id})" if organisation.country_id else organisation.name


class _Decisions:
    """What was chosen or typed for each person."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self.chosen = {name: value for name, value in sent.items() if name.startswith("person-")}
        self.typed = {
            name: typed for name, value in sent.items() if name.startswith("other-") and (typed := value.strip()[:200])
        }
        self.resolutions = resolve_all(self.typed.values()) if self.typed else {}
        self.organisations = Organisation.objects.in_bulk(
            {key for value in self.chosen.values() if (key := _key(value))}
        )

    def of(self, people: Sequence[Participant], findings: Sequence[Finding]) -> list[Entry]:
        return [self._entry(*each) for each in zip(people, findings, strict=True)]

    def _entry(self, participant: Participant, finding: Finding) -> Entry:
        typed = self.typed.get(f"other-{participant.number}", "")
        if typed:
            return self._typed(participant, finding, typed)
        value = self.chosen.get(f"person-{participant.number}", finding.proposal)
        organisation = self.organisations.get(_key(value)) or finding.organisation if _key(value) else None
        if _key(value) and (organisation is None or value != f"take-{organisation.pk}"):
            return Entry(participant, finding, "", problem=_("The organisation chosen is no more: choose again."))
        return Entry(participant, finding, value if organisation or value in (NOBODY, IGNORE) else "", organisation)

    def _typed(self, participant: Participant, finding: Finding, typed: str) -> Entry:
        resolution = self.resolutions[typed]
        found = resolution.organisation
        if found is None:
            return Entry(participant, finding, "", typed=typed, is_typed=True, problem=suggest(resolution).message)
        return Entry(participant, finding, f"take-{found.pk}", found, is_typed=True)


def _key(value: str) -> int:
    """Give the key of the organisation that a choice takes; 0 for another choice."""
    word, _dash, key = value.partition("-")
    return int(key) if word == "take" and key.isascii() and key.isdigit() and len(key) < 19 else 0


def _presented(entry: Entry) -> Presented:
    one = entry.participant
    people = dict(entry.finding.people)
    person = people.get(entry.organisation.pk) if entry.organisation else None
    return Presented(one.name, one.email, one.joined, one.left, one.minutes, person)
