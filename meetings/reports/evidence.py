"""Of which organisation somebody in a report is, and how we know; or that a person has to say."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from meetings.models import Delegate, Meeting, RememberedMatch
from meetings.reports.domains import domain_of, owners_of
from meetings.reports.mentions import Mention, mentions_in
from meetings.reports.people import Participant, parts_of
from members.models import Mandate, Organisation, User
from members.names import search_text
from members.resolver import Outcome

NOBODY = "nobody"


@dataclass(frozen=True)
class Clue:
    """One thing that speaks for an organisation; only a sure one is taken without asking."""

    organisation: Organisation
    reason: str
    is_sure: bool = True
    person: int | None = None  # the contact on record that it names


@dataclass(frozen=True)
class Finding:
    """What all clues about a person come to. `proposal` is "take-12", "nobody", or "" when a person has to decide."""

    proposal: str
    reason: str
    candidates: tuple[Organisation, ...] = ()
    people: tuple[tuple[int, int], ...] = ()  # contacts on record: organisation and person

    @property
    def organisation(self) -> Organisation | None:
        return self.candidates[0] if self.proposal.startswith("take-") else None


def weigh(participants: Sequence[Participant], meeting: Meeting) -> list[Finding]:
    """Weigh the clues about everybody.

    An earlier decision goes before all; else clues that are sure and agree are taken; whatever contradicts itself, is a mere
    suggestion, or is not known at all is left to a person. Asks a number of queries that does not depend on how many there are.
    """
    evidence = _Evidence(participants, meeting)
    return [evidence.finding(participant) for participant in participants]


class _Evidence:
    """Everything on record about the people of one report, read at once."""

    def __init__(self, participants: Sequence[Participant], meeting: Meeting) -> None:
        self.day = meeting.known_by
        self.mails = {each.email for each in participants if each.email}
        self.keys = {each.key for each in participants if each.key}
        self.domains = {mail: domain_of(mail) for mail in self.mails}
        self.owners = owners_of(self.domains.values())
        self.mandates = self._mandates()
        self.remembered = self._remembered()
        self.delegates = self._delegates(meeting)
        self.staff_mails, self.staff_names = self._staff()
        self.mentions = mentions_in(dict.fromkeys(name for each in participants for name in _texts(each)))

    # --- What is on record ---

    def _mandates(self) -> list[Mandate]:
        full = {key for key in self.keys if " " in key}
        told = Mandate.objects.annotate(address=Lower("email")).select_related("organisation", "person")
        return list(told.filter(Q(address__in=self.mails) | Q(person__search__in=full)).order_by("pk"))

    def _remembered(self) -> list[RememberedMatch]:
        found = RememberedMatch.objects.select_related("organisation", "decided_by")
        return list(found.filter(Q(email__in=self.mails) | Q(key__in=self.keys)))

    def _delegates(self, meeting: Meeting) -> dict[str, set[Organisation]]:
        """Give for whom an address was there at other meetings."""
        rows = Delegate.objects.exclude(attendance__meeting=meeting).filter(email__in=self.mails).order_by("pk")
        came: dict[str, set[Organisation]] = defaultdict(set)
        for row in rows.select_related("attendance__organisation"):
            came[row.email].add(row.attendance.organisation)
        return came

    def _staff(self) -> tuple[set[str], set[str]]:
        users = User.objects.filter(is_staff=True).values_list("email", "first_name", "last_name")
        rows = list(users)
        names = {search_text(f"{first} {last}") for _email, first, last in rows if first and last}
        return {email.lower() for email, _first, _last in rows if email}, names

    # --- What it comes to ---

    def finding(self, participant: Participant) -> Finding:
        earlier = self._earlier(participant)
        if earlier:
            return earlier
        if participant.is_bot:
            return Finding(NOBODY, _("A recorder or assistant, not a person."))
        if participant.only_waited:
            return self._to_decide(participant, _("Was never let in from the waiting room."))
        clues = list(self._clues(participant))
        sure = list(dict.fromkeys(clue.organisation for clue in clues if clue.is_sure))
        if self._is_of_the_secretariat(participant):
            return Finding(NOBODY, _("Of the secretariat."), tuple(sure))
        if len(sure) == 1:
            return _taken(sure[0], clues)
        if sure:
            names = ", ".join(one.name for one in sure)
            return self._to_decide(
                participant, _("The clues contradict each other: %(names)s.") % {"names": names}, clues
            )
        return self._to_decide(participant, "", clues)

    def _to_decide(self, participant: Participant, reason: str, clues: Sequence[Clue] | None = None) -> Finding:
        clues = list(self._clues(participant)) if clues is None else clues
        reasons = (
            [reason, *(clue.reason for clue in clues)]
            if clues
            else [reason or _("Nothing tells of which organisation.")]
        )
        return Finding("", _sentences(reasons), _candidates(clues), _people(clues))

    def _earlier(self, participant: Participant) -> Finding | None:
        """What somebody decided about this name and address; a name alone only where the other has no address of its own."""
        mail, key = participant.email, participant.key
        rules: list[Callable[[RememberedMatch], bool]] = [
            lambda one: one.key == key and one.email == mail,
            lambda one: bool(mail) and one.email == mail,
            lambda one: bool(key) and one.key == key and not (one.email and mail),
        ]
        for rule in rules:
            fitting = [one for one in self.remembered if rule(one)]
            if fitting:
                return _remembered(fitting)
        return None

    def _is_of_the_secretariat(self, participant: Participant) -> bool:
        is_address = participant.email.endswith(f"@{settings.MAIL_DOMAIN}")
        return is_address or participant.email in self.staff_mails or participant.key in self.staff_names

    def _clues(self, participant: Participant) -> Iterable[Clue]:
        yield from self._of_contacts(participant)
        domain = self.domains.get(participant.email, "")
        words = {
            "website": _("The mail address %(mail)s is of its website's domain."),
            "contacts": _("Its contacts have addresses @%(domain)s."),
        }
        owners = self.owners.get(domain, {}) if domain else {}
        for organisation, how in owners.items():
            yield Clue(organisation, words[how] % {"mail": participant.email, "domain": domain}, len(owners) == 1)
        for organisation in sorted(self.delegates.get(participant.email, ()), key=lambda one: one.pk):
            yield Clue(
                organisation, _("Was there for %(name)s at an earlier meeting.") % {"name": organisation}, is_sure=False
            )
        for text in _texts(participant):
            for mention in self.mentions[text]:
                yield from _of_mention(mention)

    def _of_contacts(self, participant: Participant) -> Iterable[Clue]:
        for mandate in self.mandates:
            by_mail = bool(participant.email) and mandate.email.lower() == participant.email
            by_name = bool(participant.key) and mandate.person.search == participant.key and " " in participant.key
            if not (by_mail or by_name):
                continue
            told = {"name": mandate.organisation, "mail": participant.email, "person": mandate.person}
            said = (
                _("%(mail)s is the address of a contact of %(name)s.")
                if by_mail
                else _("%(person)s is a contact of %(name)s.")
            )
            holds = _holds(mandate, self.day)
            ended = "" if holds else " " + _("Not on the meeting's day, though.")
            yield Clue(mandate.organisation, said % told + ended, holds, mandate.person_id)


def _texts(participant: Participant) -> list[str]:
    """Give every name of a person, and apart what stands in brackets behind it."""
    parts = [part for name in participant.names for part in (name, parts_of(name)[1])]
    originals = [visit.original for visit in participant.visits]
    return list(dict.fromkeys(filter(None, [*parts, *originals])))


def _of_mention(mention: Mention) -> Iterable[Clue]:
    resolution = mention.resolution
    for organisation in resolution.candidates:
        told = {"text": resolution.text, "name": organisation}
        if resolution.outcome == Outcome.AMBIGUOUS:
            said = _("Several bear the name “%(text)s”.")
        elif resolution.outcome == Outcome.UNKNOWN:
            said = _("“%(text)s” is nearly %(name)s.")
        elif not mention.is_sure:
            said = _("“%(text)s” may mean %(name)s, or be part of a person's name.")
        elif resolution.outcome == Outcome.SPELLING:
            said = _("The name says “%(text)s”, which sounds like %(name)s.")
        else:
            said = _("The name says “%(text)s”: %(name)s.")
        yield Clue(organisation, said % told, mention.is_sure)


def _taken(organisation: Organisation, clues: Sequence[Clue]) -> Finding:
    """Take an organisation; clues that lead elsewhere without being sure are still offered."""
    speaking = [clue for clue in clues if clue.organisation == organisation and clue.is_sure]
    others = tuple(one for one in _candidates(clues) if one != organisation)
    return Finding(
        f"take-{organisation.pk}", _sentences(clue.reason for clue in speaking), (organisation, *others), _people(clues)
    )


def _remembered(fitting: Sequence[RememberedMatch]) -> Finding:
    organisations = list(dict.fromkeys(one.organisation for one in fitting))
    if len(organisations) > 1:
        bodies = tuple(one for one in organisations if one)
        return Finding(
            "", _("Decided differently before: %(names)s.") % {"names": ", ".join(map(str, fitting))}, bodies
        )
    (organisation,) = organisations
    one = fitting[0]
    told = {"day": one.decided_at.date().isoformat(), "who": one.decided_by or _("the secretariat")}
    reason = _("Decided before, by %(who)s on %(day)s.") % told
    return Finding(f"take-{organisation.pk}", reason, (organisation,)) if organisation else Finding(NOBODY, reason)


def _holds(mandate: Mandate, day: dt.date) -> bool:
    """Whether a mandate holds on a day: the rule of `MandateQuerySet.on`, for one in hand."""
    begun = mandate.starts_on is None or mandate.starts_on <= day
    return begun and (mandate.ends_on is None or mandate.ends_on >= day)


def _candidates(clues: Iterable[Clue]) -> tuple[Organisation, ...]:
    return tuple(dict.fromkeys(clue.organisation for clue in sorted(clues, key=lambda clue: not clue.is_sure)))


def _people(clues: Iterable[Clue]) -> tuple[tuple[int, int], ...]:
    return tuple(dict.fromkeys((clue.organisation.pk, clue.person) for clue in clues if clue.person))


def _sentences(reasons: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, reasons)))
