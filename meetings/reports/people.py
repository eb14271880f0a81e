"""The people of a report: the visits of each joined, minutes counted once, and what is odd about them said."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.models.reports import key_of
from meetings.reports.visits import Report, Visit
from members.names import search_text

# Shorter presence is marked; nobody is left out for it unless a person says so.
MINIMAL_MINUTES = 5

_FLAGS = frozenset(
    search_text(word)
    for word in [
        "guest",
        "unverified",
        "external",
        "host",
        "co-host",
        "cohost",
        "me",
        "organizer",
        "presenter",
        "konuk",
        "misafir",
        "dış",
        "doğrulanmamış",
        "toplantı sahibi",
        "ben",
        "gast",
        "extern",
        "nicht überprüft",
        "гост",
        "външен",
        "непроверен",
        "домакин",
        "аз",
        "επισκέπτης",
        "εξωτερικός",
        "μη επαληθευμένος",
        "οικοδεσπότης",
        "gost",
        "vanjski",
        "spoljni",
        "eksterni",
        "neprovjeren",
        "domaćin",
        "invitat",
        "extern",
        "neverificat",
        "gazdă",
        "mysafir",
        "i jashtëm",
        "i paverifikuar",
        "надворешен",
        "непотврден",
        "zunanji",
        "nepreverjeno",
    ]
)
_FLAG = re.compile(r"\s*[(\[]([^()\[\]]{1,30})[)\]]\s*$")
_ORIGINAL = re.compile(r"^(?P<name>.+?)\s*\((?P<original>[^()]{2,})\)$")
# A device or a placeholder says nothing of who sat before it; two of one name may be two people.
_NOBODY = re.compile(
    r"(?:iphone|ipad|ipod|galaxy|samsung|huawei|honor|xiaomi|redmi|oppo|pixel|android|macbook(?: pro| air)?|laptop|desktop|pc|tablet|mobile|phone|user|zoom user|zoom|guest|"
    r"guest user|anonymous|participant|attendee|caller|call in user|konuk|misafir|katilimci|gost|gast|invitat|mysafir|episkeptis|uchastnik|ucesnik|unknown|admin|host|sm [a-z]\d+\w*|"
    r"desktop [a-z0-9]+|laptop [a-z0-9]+)(?: \d+)*$"
)
_BOT = re.compile(
    r"\b(?:otter ?(?:ai|pilot)|otterpilot|fireflies|read ai|notetaker|note taker|ai notes|meeting notes|fathom|tldv|tl dv|avoma|gong io|ai companion|copilot|recall ai|sembly|"
    r"zoom recorder|cloud recording|recorder|recording bot|transcri(?:ber|ption)|live stream(?:ing)?|kayit botu)\b"
)
_TELEPHONE = re.compile(r"^\+?[\d\s().*xX-]{5,}$")
_SEVERAL = re.compile(r"\s(?:&|\+|and|ve|и|και|i|und|dhe|și|in)\s|\s?&\s?", re.IGNORECASE)
_ORGANISERS = frozenset(
    search_text(word) for word in ["organizer", "organiser", "host", "düzenleyici", "organizatör", "toplantı sahibi", "организатор", "διοργανωτής", "οργανωτής", "organizator", "organizatori", "organisator"]
)  # fmt: skip


@dataclass(frozen=True)
class Participant:
    """One person of a report, as far as the report tells one from another."""

    number: int
    visits: tuple[Visit, ...]
    closed_at: dt.datetime | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name that was used, the last one first, without marks such as “(Guest)”."""
        return tuple(dict.fromkeys(unflagged(visit.name) for visit in reversed(self.visits)))

    @property
    def name(self) -> str:
        return next((name for name in self.names if not is_nobody(name)), self.names[0])

    @cached_property
    def email(self) -> str:
        return next((visit.email for visit in self.visits if visit.email), "")

    @property
    def key(self) -> str:
        """What the name is remembered by; "" for a device."""
        return "" if is_nobody(self.name) else key_of(self.name)

    @property
    def is_bot(self) -> bool:
        return bool(_BOT.search(search_text(self.name)))

    @property
    def only_waited(self) -> bool:
        return all(visit.waited for visit in self.visits)

    @cached_property
    def stays(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """The times in the call, overlapping ones joined. Lines that sum up count only where nothing finer is told."""
        visits = [visit for visit in self._counted if visit.joined]
        return joined_spans([span for visit in visits if (span := self._span(visit))])

    @property
    def _counted(self) -> list[Visit]:
        inside = [visit for visit in self.visits if not visit.waited]
        finer = [visit for visit in inside if not visit.is_total and (visit.joined or visit.seconds is not None)]
        return finer or inside

    def _span(self, visit: Visit) -> tuple[dt.datetime, dt.datetime] | None:
        if visit.joined is None:
            return None
        until = visit.joined + dt.timedelta(seconds=visit.seconds) if visit.seconds is not None else self.closed_at
        left = visit.left or until or visit.joined
        return visit.joined, max(left, visit.joined)

    @property
    def joined(self) -> dt.datetime | None:
        return self.stays[0][0] if self.stays else None

    @property
    def left(self) -> dt.datetime | None:
        """When the person left for good; None when the report ends before that, or does not say."""
        return None if self.is_still_there or not self.stays else self.stays[-1][1]

    @property
    def is_still_there(self) -> bool:
        return any(visit.joined and not visit.left and visit.seconds is None for visit in self._counted)

    @cached_property
    def minutes(self) -> int | None:
        """Minutes present, two devices at once counted once; None when the report does not say."""
        if self.only_waited:
            return 0
        totals = [visit.seconds for visit in self._counted if visit.is_total and visit.seconds is not None]
        if totals:
            return _minutes(sum(totals))
        timeless = [visit.seconds for visit in self._counted if not visit.joined and visit.seconds is not None]
        if not self.stays and not timeless:
            return None
        return _minutes(sum((end - start).total_seconds() for start, end in self.stays) + sum(timeless))

    @property
    def is_brief(self) -> bool:
        return self.minutes is not None and self.minutes < MINIMAL_MINUTES

    @property
    def marks(self) -> list[str]:
        """What a person should know before deciding, in words."""
        told = [
            (self._number_of_visits > 1, _visits(self._number_of_visits)),
            (self._overlaps, _("on two devices at once, counted once; or two people of one name")),
            (
                len(self.names) > 1,
                _("also as %(names)s") % {"names": ", ".join(f"“{n}”" for n in self.names if n != self.name)},
            ),
            (self.only_waited, _("only in the waiting room")),
            (self.is_brief and not self.only_waited, _("less than %(number)d minutes") % {"number": MINIMAL_MINUTES}),
            (self.is_still_there, _("still there when the list was taken")),
            (self._is_organiser, _("organiser of the call")),
            (is_nobody(self.name), _("a device or a placeholder, not a name")),
            (bool(_TELEPHONE.match(self.name)), _("by telephone")),
            (bool(_SEVERAL.search(self.name)) and not self.is_bot, _("perhaps several people under one name")),
        ]
        return [words for is_so, words in told if is_so]

    @property
    def _number_of_visits(self) -> int:
        return sum(1 for visit in self._counted if not visit.is_total)

    @property
    def _overlaps(self) -> bool:
        spans = sorted(span for visit in self._counted if (span := self._span(visit)))
        return any(one[1] > two[0] for one, two in zip(spans, spans[1:], strict=False))

    @property
    def _is_organiser(self) -> bool:
        return any(search_text(visit.role) in _ORGANISERS for visit in self.visits if visit.role)


def people_of(report: Report) -> list[Participant]:
    """Join the visits of each person: by mail address, else by name; lines of devices stay apart."""
    groups: dict[int, list[Visit]] = defaultdict(list)
    for visit, group in zip(report.visits, _groups(report.visits), strict=True):
        groups[group].append(visit)
    return [Participant(number, tuple(visits), report.closed_at) for number, visits in enumerate(groups.values(), 1)]


def unflagged(name: str) -> str:
    """Take off what the program put behind a name, as in “(Guest)”."""
    found = _FLAG.search(name)
    if found and search_text(found[1]) in _FLAGS and name[: found.start()].strip():
        return unflagged(name[: found.start()].strip())
    return name


def parts_of(name: str) -> tuple[str, str]:
    """Give a name and what stands in brackets behind it: with Zoom, the name before it was changed."""
    found = _ORIGINAL.match(name)
    return (found["name"], found["original"]) if found else (name, "")


def is_nobody(name: str) -> bool:
    """Whether a name is that of a device, or stands for anybody."""
    folded = search_text(name)
    return not folded or bool(_NOBODY.match(folded))


def joined_spans(spans: Iterable[tuple[dt.datetime, dt.datetime]]) -> list[tuple[dt.datetime, dt.datetime]]:
    """Join spans that touch or overlap."""
    joined: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _groups(visits: Sequence[Visit]) -> list[int]:
    """Give for each visit the number of the first visit of the same person."""
    known = {_identity(visit) for visit in visits}
    keys = [_original(visit, known) or _identity(visit) for visit in visits]
    mails: dict[str, set[str]] = defaultdict(set)
    for visit, key in zip(visits, keys, strict=True):
        mails[key] |= {visit.email} - {""}
    first: dict[tuple[str, str], int] = {}
    return [first.setdefault(_group_key(at, visit, keys[at], mails), at) for at, visit in enumerate(visits)]


def _group_key(at: int, visit: Visit, key: str, mails: dict[str, set[str]]) -> tuple[str, str]:
    if visit.email:
        return "mail", visit.email
    if not key:
        return "line", str(at)
    # A second device of somebody who is named with one address elsewhere is theirs.
    return ("mail", next(iter(mails[key]))) if len(mails[key]) == 1 else ("name", key)


def _identity(visit: Visit) -> str:
    """Give what a name is told apart by; "" for that of a device."""
    name = unflagged(visit.name)
    return "" if is_nobody(name) else key_of(name)


def _original(visit: Visit, known: set[str]) -> str:
    """Give the full name that a person had before changing it, where the report knows it from another line."""
    original = visit.original or parts_of(unflagged(visit.name))[1]
    key = key_of(original)
    return key if len(key.split()) > 1 and key in known else ""


def _minutes(seconds: float) -> int:
    return round(seconds / 60)


def _visits(number: int) -> str:
    return ngettext("%(number)d visit", "%(number)d visits", number) % {"number": number}
