"""Whom the secretariat may write to: sets of organisations, single ones, and the people who act for each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from meetings.models import Meeting, MeetingKind, PersonalLink, Session
from members.models import DeadAddress, Mandate, Organisation, Status
from members.offices import board_on
from workinggroups.models import ParticipationChange, WorkingGroup

if TYPE_CHECKING:
    from members.models.organisations import OrganisationQuerySet

MOST_FOUND = 20


@dataclass(frozen=True)
class Set:
    """Organisations that are chosen by one tick, by their keys."""

    key: str
    label: str
    organisations: frozenset[int]


@dataclass
class Contact:
    """Somebody who acts for an organisation. `state` is "": can be written to; else "none", "dead", "done" or "revoked"."""

    mandate: Mandate
    state: str = ""

    @property
    def can_be_asked(self) -> bool:
        return not self.state


@dataclass
class Candidate:
    """An organisation that was chosen, with its people."""

    organisation: Organisation
    contacts: list[Contact] = field(default_factory=list)
    is_asked: bool = False

    @property
    def reachable(self) -> list[Contact]:
        return [contact for contact in self.contacts if contact.can_be_asked]

    @property
    def is_unreachable(self) -> bool:
        """Whether nobody of it can be, or was, written to."""
        return not self.reachable and not self.is_asked


@dataclass(frozen=True)
class Choice:
    """What was chosen so far: sets by their keys, single organisations by theirs."""

    sets: frozenset[str]
    single: frozenset[int]


def read_sets(meeting: Meeting) -> list[Set]:
    """Give the sets to choose from, as they are on the meeting's first day; a fixed number of queries."""
    day = meeting.start_on
    by_status: dict[str, set[int]] = defaultdict(set)
    for organisation in Organisation.objects.registered_by(day).with_status(day).only("kind"):
        status = str(organisation.status)  # type: ignore[attr-defined]  # annotated
        if status != Status.MEMBER or organisation.is_city:
            by_status[status].add(organisation.pk)
    found = [
        Set("members", _("Member cities"), frozenset(by_status[Status.MEMBER])),
        Set("board", _("Executive Board"), frozenset(seat.change.city_id for seat in board_on(day))),
        *_groups(day),
        Set("observers", _("Observers"), frozenset(by_status[Status.OBSERVER])),
        Set("partners", _("Partners"), frozenset(by_status[Status.PARTNER])),
        Set("candidates", _("Candidates"), frozenset(by_status[Status.CANDIDATE])),
    ]
    return [one for one in found if one.organisations]


def _groups(day: dt.date) -> list[Set]:
    taking_part: dict[int, set[int]] = defaultdict(set)
    for group, organisation in ParticipationChange.objects.on(day).values_list("group", "organisation"):
        taking_part[group].add(organisation)
    return [
        Set(f"group-{group.pk}", group.name, frozenset(taking_part[group.pk])) for group in WorkingGroup.objects.all()
    ]


def usual_sets(meeting: Meeting, sets: Iterable[Set]) -> frozenset[str]:
    """Give the sets that a meeting of its kind is called with; one query.

    The groups that meet, if for each of them it is on record who takes part; else the member cities.
    """
    if meeting.kind == MeetingKind.BOARD:
        return frozenset({"board"})
    meeting_groups = Session.objects.filter(meeting=meeting, working_groups__isnull=False)
    wanted = frozenset(f"group-{pk}" for pk in meeting_groups.values_list("working_groups", flat=True))
    known = frozenset(one.key for one in sets)
    return wanted if wanted and wanted <= known else frozenset({"members"})


def chosen_organisations(sets: Iterable[Set], choice: Choice) -> set[int]:
    """Give the keys of all organisations that were chosen, by sets or one by one."""
    return set().union(choice.single, *(one.organisations for one in sets if one.key in choice.sets))


def found_organisations(text: str, known: Collection[int]) -> "OrganisationQuerySet":
    """Find organisations by any of their names, without those chosen already."""
    found = Organisation.objects.matching(text) if text.strip() else Organisation.objects.none()
    return found.exclude(pk__in=known).select_related("country")[:MOST_FOUND]


def read_candidates(
    organisations: Collection[int], asked: Iterable[tuple[int, PersonalLink]], day: dt.date
) -> list[Candidate]:
    """Give some organisations with the people who act for them on a day; four queries.

    Takes by their keys who was asked already: pairs of an organisation's key and a personal link.
    """
    rows = Organisation.objects.filter(pk__in=organisations).select_related("country").order_by("key", "pk")
    candidates = {one.pk: Candidate(one) for one in rows}
    mandates = Mandate.objects.on(day).filter(organisation__in=organisations).select_related("person", "organisation")
    links = {(pk, link.address.lower()): link for pk, link in asked}
    dead = set(DeadAddress.objects.values_list("address", flat=True))
    for mandate in mandates.order_by("organisation__key", "person__name", "pk"):
        address = mandate.email.strip().lower()
        link = links.get((mandate.organisation_id, address))
        candidates[mandate.organisation_id].contacts.append(Contact(mandate, _state(address, link, dead)))
    for (pk, _address), link in links.items():
        if pk in candidates and link.letter_id:
            candidates[pk].is_asked = True
    return list(candidates.values())


def _state(address: str, link: PersonalLink | None, dead: set[str]) -> str:
    if not address:
        return "none"
    if address in dead:
        return "dead"
    if link is None or (link.stands and not link.letter_id):
        return ""
    return "done" if link.stands else "revoked"


def chosen_mandates(keys: Collection[int], day: dt.date) -> list[Mandate]:
    """Read the mandates that were ticked and hold on a day, with what letters need."""
    held = Mandate.objects.on(day).filter(Q(pk__in=keys))
    return list(held.select_related("person", "organisation").order_by("organisation__key", "person__name", "pk"))
