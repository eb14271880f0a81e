"""What kind of occasion a text tells of, whether online, where, and under whose presidency."""

import re
from collections import defaultdict
from dataclasses import dataclass

from b40.moving.days import month_numbers
from b40.moving.mentions import Mention, Register, is_namesake
from b40.moving.passages import ELSEWHEN, HELD, Passage
from meetings.models import MeetingKind, Mode
from members.models import Organisation
from members.names import search_text

NEWS = "news"
FIRST_SENTENCES = 5


@dataclass(frozen=True)
class Told:
    """A fact with the sentence that tells it."""

    value: str
    sentence: str


# --- Kind ------------------------------------------------------------------------------------------------------------

# The more particular first: of two with one score, the first wins.
_KINDS = [
    (MeetingKind.PREPARATORY, r"preparat(?:ory|ion)s? (?:\w+ ){0,2}(?:meeting|visit)s?|meeting (?:\w+ ){0,3}prepar\w+"),
    (MeetingKind.BOARD, r"executive (?:board|committee)|board meeting|meeting of the board|managing board"),
    (MeetingKind.WORKSHOP, r"workshops?(?! by)|trainings?\b|seminars?|capacity[- ]building"),
    (MeetingKind.WORKING_GROUPS, r"çalışma grup\w*|working[- ]groups? (?:\w+ ){0,4}(?:meetings?|sessions?|rounds?|workshops?)|(?:meetings?|rounds?|sessions?|workshops?) of the (?:[\w-]+ ){0,12}working groups?|working groups?(?:['’]s?)? (?:\w+ ){0,2}(?:met|convened?|gathered|came together|held|hosted|meet)|(?:the|four|three|two|all|b40) (?:\w+ ){0,2}working groups"),
    (MeetingKind.CEREMONY, r"(?:signing|accession|signature|membership|handover|award) ceremony|ceremony"),
    (MeetingKind.SUMMIT, r"summit|general assembly"),
    (MeetingKind.REGIONAL, r"regional (?:\w+ )?meeting|meeting of (?:[A-Z]\w+ )?(?:member|candidate) cities"),
    (MeetingKind.VISIT, r"(?:working|study|technical|official) visit"),
    (MeetingKind.PARTNER_EVENT, r"conference|forum|panel|info(?:rmation)? day|side event|programme? meeting|webinar|meeting with"),
]  # fmt: skip
_COMPILED_KINDS = [(kind, re.compile(rf"\b(?:{pattern})\b", re.I)) for kind, pattern in _KINDS]
_WEIGHTS = {
    MeetingKind.CEREMONY: 0.9,
    MeetingKind.WORKSHOP: 0.95,
    MeetingKind.PARTNER_EVENT: 0.6,
    MeetingKind.VISIT: 0.8,
    MeetingKind.SUMMIT: 0.97,
}
_NO_MEETING = re.compile(
    r"\b(?:statements?|declares?|declaration on|condemn\w*|solidarity|condolences?|call(?:s|ed|ing)? (?:for|on|to)|(?:open )?call\b|congratulat\w+|message|appeal\w*|mourn\w*|protests?|"
    r"applications?|appoint\w+|elected|joins?|joined the network|new members?|newsletter|published|releases?|visit(?:s|ed|ing)?|receiv(?:es|ed)|welcom(?:es|ed)|support for|stands? with|award(?:s|ed)?|announces?|competition)\b",
    re.I,
)
_OCCASION = re.compile(
    r"\b(?:meetings?|summit|workshops?|session|assembly|conference|ceremony|round|forum|gather\w*|convene\w*|webinar|seminar|training|working groups?|toplant\w+|çalışma grup\w+)\b",
    re.I,
)


def kind_of(passages: list[Passage], *, has_day: bool, has_people: bool) -> Told:
    """Tell the kind of meeting, or that it is none and so news.

    It is a meeting when the title or the first sentences name such an occasion and something of it is told: its day, or
    who came. What a title calls a statement, a call or a mere visit is news, unless the title names the meeting too.
    """
    scores: dict[str, float] = defaultdict(float)
    because: dict[str, str] = {}
    for number, passage in enumerate(passages[: FIRST_SENTENCES + 1]):
        weight = 3.0 if passage.is_title else 1.0 if number <= 2 else 0.5
        if ELSEWHEN.search(passage.text) and not passage.is_title:
            weight /= 4
        for kind, pattern in _COMPILED_KINDS:
            if pattern.search(passage.text):
                scores[kind] += weight * _WEIGHTS.get(kind, 1.0)
                because.setdefault(kind, passage.text)
    title = passages[0].text if passages and passages[0].is_title else ""
    is_other = bool(_NO_MEETING.search(title)) and not any(pattern.search(title) for _kind, pattern in _COMPILED_KINDS)
    if is_other or not (has_day or has_people):
        return Told(NEWS, title)
    if not scores:
        return _some_meeting(passages, title) if has_day and has_people else Told(NEWS, title)
    order = [kind for kind, _pattern in _COMPILED_KINDS]
    best = max(scores, key=lambda kind: (scores[kind], -order.index(MeetingKind(kind))))
    took_place = any(_OCCASION.search(p.text) and HELD.search(p.text) for p in passages)
    in_title = any(kind == best and pattern.search(title) for kind, pattern in _COMPILED_KINDS)
    return Told(best, because[best]) if took_place or in_title else Told(NEWS, title)


def _some_meeting(passages: list[Passage], title: str) -> Told:
    """A meeting of no particular kind: the text says of such an occasion that it was held."""
    for passage in passages[: FIRST_SENTENCES + 1]:
        if re.search(r"\b(?:meetings?|session|assembly|gathering)\b", f"{passage.text} {title}", re.I) and (
            HELD.search(passage.text) or passage.is_title
        ):
            return Told(MeetingKind.MEETING, passage.text)
    return Told(NEWS, title)


# --- Mode ------------------------------------------------------------------------------------------------------------

_ONLINE = r"(?:online|çevrim ?içi|on-line|virtual(?:ly)?|remote(?:ly)?|(?:via|by|through|on|over) (?:zoom|microsoft teams|ms teams|teams|webex|skype|google meet|video ?-?conferenc\w*)|video ?-?conferenc\w*|teleconferenc\w*|webinar)"
_GATHERING = r"(?:meetings?|workshops?|sessions?|rounds?|events?|summit|gatherings?|conference|trainings?|seminars?|format|participants?|platform)"
_IS_ONLINE = re.compile(
    rf"\b{_ONLINE}\s+(?:[\w-]+\s+){{0,4}}{_GATHERING}\b|\b(?:held|conducted|convened|met|gathered|took place|takes? place|organi[sz]ed|connected|participated|attended|joined|carried out|came together|meet|hosted|join|gather|convene|discussed)\s+(?:[\w’'-]+\s+){{0,5}}{_ONLINE}\b|\bonline\b.{{0,40}}\b(?:meetings?|held|conducted)\b|{_GATHERING} (?:\w+ ){{0,3}}{_ONLINE}\b",
    re.I,
)
_SOME_ONLINE = re.compile(
    rf"\b(?:hybrid|both (?:in[- ]person|physically|online) and|in[- ]person and {_ONLINE}|{_ONLINE} and in[- ]person|(?:some|others|several|remaining|other|two|three|four|five|six) [^.;]{{0,60}}\b{_ONLINE})\b",
    re.I,
)
_IN_PERSON = re.compile(r"\b(?:face[- ]to[- ]face|in[- ]person|physical(?:ly)?|on-?site)\b", re.I)


def mode_of(passages: list[Passage], *, has_place: bool) -> Told | None:
    """Tell whether they met online, in person, or both; None when the text does not say and names no place."""
    told = [p for p in passages if not ELSEWHEN.search(p.text)]
    some = next((p for p in told if _SOME_ONLINE.search(p.text)), None)
    online = next(
        (p for p in told if _IS_ONLINE.search(p.text) or (p.is_title and re.search(rf"\b{_ONLINE}\b", p.text, re.I))),
        None,
    )
    person = next((p for p in told if _IN_PERSON.search(p.text)), None)
    if some and (has_place or re.search(r"\bhybrid\b|both|in[- ]person", some.text, re.I)):
        return Told(Mode.HYBRID, some.text)
    if online and person and not online.is_title:
        return Told(Mode.HYBRID, online.text)
    if online and not (has_place and not online.is_title and passages.index(online) > FIRST_SENTENCES + 2):
        return Told(Mode.ONLINE, online.text)
    return Told(Mode.IN_PERSON, person.text) if person else None


# --- Place -----------------------------------------------------------------------------------------------------------

_AHEAD = re.compile(r"\b(?:next|upcoming|forthcoming|following|will|future|plan\w*)\b", re.I)
_WHERE_VERB = r"(?:held|took place|takes? place|taking place|hosted|organi[sz]ed|convened|gathered|met|meets?|came together|meetings?|summit|workshops?|round|ceremony|session|conference|assembly|visit(?:ed)?|hosts?|begins?|began|started|conducted|signed|opened|event|welcomed|forum|completed|concluded|place)"
_IN_BEFORE = re.compile(
    rf"\b{_WHERE_VERB}\b(?:(?!\b(?:from|next|presidency)\b)[^.;:]){{0,110}}\bin (?:the )?(?:(?:capital|city|town|municipality) (?:city )?of (?:the )?|beautiful |historic |downtown |central )?$",
    re.I,
)
_HOSTED_BY = re.compile(
    r"\b(?:hosted|organi[sz]ed|welcomed) (?:\w+ ){0,2}by (?:the )?(?:(?:(?:metropolitan )?municipality|city|mayor) of (?:the )?)?$|\bhost(?:ed)? (?:city|municipality)[:,]? (?:of )?$|\bhospitality of (?:the )?(?:\w+ of )?$",
    re.I,
)
_HOSTS = re.compile(
    r"^(?:['’]s)?(?: (?:metropolitan )?(?:municipality|city))? (?:hosted|hosts|is hosting|was hosting|was the host|is the host|welcomed (?:the )?(?:participants|delegations|delegates|cities))\b",
    re.I,
)
_SUMMIT_BEHIND = re.compile(r"^ (?:B40 )?Summit\b(?! (?:preparat|decision|declaration))", re.I)
_LOCATION_LABEL = re.compile(
    r"^\W*(?:location|place|venue|where|host(?: city)?|city|yer|място|τόπος)\W*[:|]\s*(.+)$", re.I
)
_CAPITAL = r"[^\W\d_a-zα-ωа-я][\w’'-]*"
_VENUE = re.compile(
    rf"\b(?:at|in) (?:the )?(?P<venue>(?:{_CAPITAL})(?:(?: (?:of|and|for|de|the|&)){{0,2}} {_CAPITAL}){{0,7}})"
)
_BUILDING = re.compile(
    r"\b(?:hotel|palace|hall|cent(?:re|er)|museum|university|theat(?:re|er)|library|technopolis|academy|institute|park|arena|campus|house|gallery|castle|room|building|opera|school|pavilion|"
    r"congress|convention|hub|lab|tower|stadium|fortress|mansion|club|station|chamber|office|headquarters|forum|villa|complex|resort|metrohan|agora|rotunda|citadel)\b",
    re.I,
)
_IN_CITY = re.compile(rf"\bin (?:the city of )?(?P<place>{_CAPITAL}(?: {_CAPITAL}){{0,2}})")


@dataclass(frozen=True)
class Place:
    """Where they met: the city on record that hosts, the town as written, the building."""

    host: Organisation | None
    town: str
    venue: str
    sentence: str

    @property
    def label(self) -> str:
        return ", ".join(dict.fromkeys(filter(None, (self.venue, self.town))))


def place_of(passages: list[Passage], register: Register) -> Place | None:
    """Tell where they met: where the text says that it was held, or who hosted. None when it does not."""
    scores: dict[str, float] = defaultdict(float)
    told: dict[str, tuple[Organisation | None, Passage]] = {}
    told_now = [each for each in passages if not ELSEWHEN.search(each.text)]
    if not any(_places_in(each, register) for each in told_now):  # then a sentence that looks back may tell it
        told_now = [each for each in passages if not _AHEAD.search(each.text)]
    for number, passage in enumerate(told_now):
        weight = 2.5 if passage.is_title else 2.0 if number <= 3 else 1.0
        for name, organisation, strength in _places_in(passage, register):
            scores[name] += weight * strength
            told.setdefault(name, (organisation, passage))
    venue = _venue(passages, register)
    if not scores:
        return Place(None, "", venue.value, venue.sentence) if venue else None
    best = max(scores, key=lambda name: scores[name])
    organisation, passage = told[best]
    return Place(organisation, organisation.name if organisation else best, venue.value if venue else "", passage.text)


def _places_in(passage: Passage, register: Register) -> list[tuple[str, Organisation | None, float]]:
    found: list[tuple[str, Organisation | None, float]] = []
    text = passage.text
    mentions = register.mentions(text)
    label = _LOCATION_LABEL.match(text)
    for mention in mentions:
        city = mention.organisation
        if city is None or not city.is_city:
            continue
        strength = _strength(text, mention, is_title=passage.is_title, is_labelled=bool(label))
        if strength:
            found.append((city.name, city, strength))
    for match in _IN_CITY.finditer(text):
        if any(each.start < match.end("place") and match.start("place") < each.end for each in mentions):
            continue
        if _IN_BEFORE.search(text[: match.start("place")]) and _may_be_town(match["place"], register):
            found.append((match["place"], None, 0.9))
    return found


def _strength(text: str, mention: Mention, *, is_title: bool, is_labelled: bool) -> float:
    before, behind = text[: mention.start], text[mention.end :]
    if is_labelled:
        return 2.0
    if _HOSTED_BY.search(before) or _HOSTS.match(behind):
        return 1.6
    if _SUMMIT_BEHIND.match(behind):
        return 0.8
    if is_namesake(text, mention):
        return 0.0
    if _IN_BEFORE.search(before):
        return 1.5
    return 1.0 if is_title and re.search(r"\b(?:in|at) (?:the )?$", before) else 0.0


def _may_be_town(text: str, register: Register) -> bool:
    words = search_text(text).split()
    is_other = bool(
        {
            "b40",
            "network",
            "balkans",
            "balkan",
            "europe",
            "european",
            "eu",
            "working",
            "group",
            "local",
            "smart",
            "zoom",
            "teams",
            "person",
            "order",
            "addition",
            "line",
        }
        & set(words)
    )
    return (
        not is_other
        and register.country(text) is None
        and text.split()[0].lower() not in month_numbers()
        and not _BUILDING.search(text)
    )


def _venue(passages: list[Passage], register: Register) -> Told | None:
    for passage in passages:
        if ELSEWHEN.search(passage.text) or not HELD.search(passage.text):
            continue
        for match in _VENUE.finditer(passage.text):
            name = match["venue"].strip()
            if _BUILDING.search(name) and not re.search(
                r"\b(?:Summit|Meeting|Working Group|Network|Conference on)\b", name
            ):
                return Told(_without_town(name, register), passage.text)
    return None


def _without_town(name: str, register: Register) -> str:
    return re.sub(r" (?:on|in|and|of|the)$", "", name).strip()


# --- Presidency ------------------------------------------------------------------------------------------------------

_ITS = re.compile(r"^(?:['’]s?)?(?: B40| \w+)?(?: term)? presidency\b", re.I)
_OF = re.compile(
    r"\b(?:term )?presidency(?: term)?(?: of(?: the)?| held by(?: the)?|:)(?: (?:B40|network|by|city|municipality|of|the|metropolitan))* $",
    re.I,
)
_TAKES = re.compile(
    r"^(?:['’]s)?(?: (?:metropolitan )?(?:municipality|city))?,? (?:has |have )?(?:officially )?(?:took|takes?|taken|assum\w+|holds?|held|is holding|holding) (?:over )?(?:the )?(?:\w+ ){0,4}presidency\b",
    re.I,
)
_PASSED = re.compile(r"\bpresidency\b[^.;]{0,60}\b(?:to|by) (?:the )?(?:(?:city|municipality|mayor) of )?$", re.I)
_NOT_NOW = re.compile(r"\b(?:next|future|elected|upcoming|previous|former|following|candidacy)\b", re.I)


def presidency_of(passages: list[Passage], register: Register) -> tuple[Organisation, str] | None:
    """Tell the presiding city that the text names, with its sentence; where a presidency passes on, the incoming one."""
    weaker: tuple[Organisation, str] | None = None
    for passage in passages:
        if _NOT_NOW.search(passage.text) and not passage.is_title:
            continue
        for mention in register.mentions(passage.text):
            city = mention.organisation
            if city is None or not city.is_city:
                continue
            before, behind = passage.text[: mention.start], passage.text[mention.end :]
            if _TAKES.match(behind) or (
                _PASSED.search(before) and re.search(r"\b(?:hand|pass|transfer|taken|move)\w*", before, re.I)
            ):
                return city, passage.text
            if (_ITS.match(behind) or _OF.search(before)) and weaker is None:
                weaker = (city, passage.text)
    return weaker
