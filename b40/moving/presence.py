"""Who a text says was there. A name counts only where the text speaks of taking part."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from b40.moving.mentions import Mention, Register, is_namesake
from b40.moving.passages import ELSEWHEN, LABEL, Passage
from b40.moving.sentences import vocabulary
from members.models import Organisation
from members.names import search_text

ATTEND = re.compile(
    r"\b(?:participat\w+|participants?|took part|takes? part|taking part|attend(?:ed|ing|ance|ees?|s)?|katıl\w+|(?:was|were|is|are) (?:also )?(?:present|represented)|presence of|"
    r"gather(?:ed|s|ing)|brought together|brings together|bringing together|came together|coming together|convened|(?:joined|joining)(?! the (?:B40|Balkan|network))|"
    r"delegat(?:es?|ions?)|representatives?|representing|represented|welcomed|hosted delegations|guests?|hosting)\b",
    re.I,
)
# A heading, a lead-in or a label under which a list is a list of those who came.
_LIST_OF_THOSE_PRESENT = re.compile(
    r"\b(?:participat\w+|participants?|attend\w*|present|delegations?|delegates|represented|took part|guests?|observers?|partners)\b|^\W*(?:the )?(?:member )?"
    r"(?:cities|municipalities|towns|city|municipality)\W*(?:$|\|)|\| (?:city|municipality)\b",
    re.I,
)
_FUTURE = re.compile(
    r"\b(?:will|shall|(?:is|are) (?:invited|expected|set|going)|to be (?:held|attended)|would|plans? to|planned to|expected to)\b",
    re.I,
)
_SPEAKS_OF_ABSENCE = re.compile(r"\b(?:apolog\w+|excused|absent|unable to (?:attend|join|come|participate))\b", re.I)
_MISSING_BEFORE = re.compile(r"\b(?:apolog\w+|absent|absence|excused|except|without|unable)\b[^.;]{0,60}$", re.I)
_MISSING_BEHIND = re.compile(
    r"^[^.;]{0,40}\b(?:(?:did|could|was|were|had|have) not|didn['’]t|couldn['’]t|unable|absent|apolog\w+|excused|cancelled)\b",
    re.I,
)
_INVITED_BEFORE = re.compile(r"\binvit\w+(?: \w+){0,3} $", re.I)
_INVITED_BEHIND = re.compile(r"^[^.;,]{0,20}\b(?:(?:was|were|has been|have been|are|is) invited|declined)\b", re.I)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|to|near|between|towards|via|against|than|after|before|since|like|visit(?:ed|ing)?|called|named|about|on|for|outside|around|into|hosted by|host|"
    r"hosted in|such as|within|across)(?: (?:the|both|historic|beautiful|downtown|central))*"
    r"(?: (?:(?:metropolitan )?municipality|(?:capital )?city|town|capital) of(?: the)?| capital)? $",
    re.I,
)
_OF_BEFORE = re.compile(
    r"([^\W\d_]+)(?:s['’]|['’]s)? of(?: the)? (?:(?:metropolitan )?municipality of |city of |town of )?$", re.I
)
_OF_WHOM = re.compile(
    r"^(?:mayors?|municipalit\w+|cit(?:y|ies)|towns?|representatives?|delegations?|delegates?|participation|participants?|attendance|presence|officials?|"
    r"capitals?|councils?|councill?ors?|teams?|experts?|staff|members?|heads?|governments?|administrations?|leaders?|presidents?|directors?|departments?|"
    r"consisting|composed|people|total)$",
    re.I,
)
_NOT_PRESENT_BEHIND = re.compile(
    r"^(?:['’]s?)?\s*(?:(?:term )?presidency|term\b|was (?:chosen|elected|named)|has been (?:chosen|elected)|hosted|hosts|is the host|as (?:the )?(?:next )?host|, (?:which|the) (?:host|next))",
    re.I,
)
_DATELINE_BEHIND = re.compile(r"^\s*[,(/]?\s*(?:\d{1,2}(?:\.|st|nd|rd|th)?[ /.][^\W_]|[^\W\d_]{3,10} \d{1,2}\b)")
_PARTS = re.compile(
    r"\s*(?:[,;/•·|\n\t:()+]|\s[-–—]\s|[–—]|&|\b(?:and|ve|und|και|и|și|as well as|along with|together with|including|namely|such as)\b)\s*"
)
_AROUND_NAME = re.compile(
    r"^(?:while |whereas |but |the |cities of |city of |municipality of |municipalities of |town of |metropolitan municipality of |capital city of |mayors? of )+|"
    r"(?: (?:metropolitan )?municipality| city| council| \d+)+$",
    re.I,
)
_UNKNOWN = re.compile(r"^(?:[^\W\d_a-zα-ωа-я][\w.'’-]*(?: (?:de|di|i|pri|na|nad|e|la|of))?(?: |$)){1,4}$")
_VERB_BEHIND = re.compile(
    r"\s+(?:(?:also|all|both) )?(?:took part|attended|participated|joined|were|was|came|gathered|met|sent|connected)\b.*$",
    re.I,
)
_NO_NAME = vocabulary(
    "b40 network secretariat working group groups mayor mayors deputy president secretary director january february march april may june july "
    "august september october november december monday tuesday wednesday thursday friday saturday sunday smart digital local economic cultural "
    "climate action democracy migration cooperation transformation cities city member members observer observers balkan balkans europe european "
    "union eu participants participant country total minutes agenda the this these those during following additionally delegations delegation "
    "online hybrid partners partner guests yes no bih they everyone everybody we he she who many several some others which it all both"
)


@dataclass
class Presence:
    """Those whom a text names as present, each with the sentence, and names that are not understood."""

    present: dict[int, tuple[Organisation, str]] = field(default_factory=dict)
    observing: set[int] = field(default_factory=set)
    partnering: set[int] = field(default_factory=set)
    missing: dict[int, tuple[Organisation, str]] = field(default_factory=dict)
    unresolved: dict[str, str] = field(default_factory=dict)

    def cities(self) -> list[Organisation]:
        """The cities that took part as such, in the order of the text."""
        return [each for each, _sentence in self.present.values() if each.is_city and each.pk not in self.observing]

    def others(self) -> list[Organisation]:
        """The bodies that are no cities, and the cities that merely observed."""
        return [each for each, _sentence in self.present.values() if not each.is_city or each.pk in self.observing]


@dataclass(frozen=True)
class Part:
    """A piece of a sentence between two separators, with the names in it."""

    text: str
    start: int
    end: int
    mentions: tuple[Mention, ...]

    @property
    def is_name(self) -> bool:
        """Whether it is nothing but a name."""
        bare = _AROUND_NAME.sub("", self.text.strip(" .\"“”'*"))
        return len(self.mentions) == 1 and bare in {self.mentions[0].text, ""}

    @property
    def begins_with_name(self) -> bool:
        return bool(self.mentions) and not self.text[: self.mentions[0].start - self.start].strip()

    @property
    def ends_with_name(self) -> bool:
        return bool(self.mentions) and not self.text[self.mentions[-1].end - self.start :].strip(" .\"”’'")


def find_presence(passages: list[Passage], register: Register, people: set[str]) -> Presence:
    """Find who was there.

    Takes the passages of a post and the names of persons in it, who are no cities. Nobody is counted whom no sentence
    says was there: a place, a host, a presidency or a building of that name makes no attendance.
    """
    presence = Presence()
    for passage in passages:
        is_list = _lists_those_present(passage)
        if is_list or _tells_who_came(passage):
            for run in runs_of(passage.text, register, people, is_list=is_list):
                _judge(run, passage, presence, is_listed=is_list)
    return presence


def _lists_those_present(passage: Passage) -> bool:
    """Whether a passage stands under a heading, lead-in or label that makes it a list of those who came."""
    if passage.is_lead_in and passage.block.kind == "heading":
        return False
    under = bool(_LIST_OF_THOSE_PRESENT.search(passage.under)) and not _FUTURE.search(passage.under)
    return (under and _is_list(passage)) or bool(LABEL.match(passage.text) and not _FUTURE.search(passage.text))


def _tells_who_came(passage: Passage) -> bool:
    if passage.block.kind == "heading" or ELSEWHEN.search(passage.text) or _FUTURE.search(passage.text):
        return False
    return bool(ATTEND.search(passage.text) or _SPEAKS_OF_ABSENCE.search(passage.text))


def _is_list(passage: Passage) -> bool:
    """Items and rows are lists; so is a line of names under its heading, but not a sentence about something."""
    return (
        passage.block.kind in {"item", "row"}
        or not re.search(r"[.!?]$", passage.text)
        or bool(ATTEND.search(passage.text))
    )


# --- Runs of names ---------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """Names that are listed one after the other, with the text before and behind, and unknown names among them."""

    before: str
    parts: list[Part] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    behind: str = ""

    @property
    def mentions(self) -> list[Mention]:
        return [mention for part in self.parts for mention in part.mentions]


def runs_of(text: str, register: Register, people: set[str], *, is_list: bool) -> Iterator[Run]:
    """Group the names of a sentence into lists. Unknown names are taken for names only within one."""
    run: Run | None = None
    for part in parts_of(text, register):
        if part.mentions:
            if run is None or not part.begins_with_name and not part.is_name:
                yield from _closed(run, text)
                run = Run(text[: part.mentions[0].start])
            run.parts.append(part)
            if not part.ends_with_name and not part.is_name:
                yield from _closed(run, text)
                run = None
        elif register.country(part.text.strip(" .")):
            continue
        elif (name := _unknown_name(part.text, people)) and (is_list or (run and run.parts) or _says_presence(part)):
            run = run or Run(text[: part.start])
            run.unknown.append(name)
        elif part.text.strip(" ."):
            yield from _closed(run, text)
            run = None
    yield from _closed(run, text)


def _says_presence(part: Part) -> bool:
    """Whether a piece within a sentence says itself that somebody was there: "…, while Prijedor joined online"."""
    return part.start > 0 and bool(_VERB_BEHIND.search(part.text))


def _closed(run: Run | None, text: str) -> Iterator[Run]:
    if run is not None and (run.parts or run.unknown):
        run.behind = text[run.mentions[-1].end :] if run.parts else ""
        yield run


def parts_of(text: str, register: Register) -> list[Part]:
    """Part a sentence at its separators, but never within a name."""
    mentions = register.mentions(text)
    whole = [(each.start, each.end) for each in mentions] + register.country_places(text)
    parts: list[Part] = []
    begin = 0
    for match in _PARTS.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in whole):
            continue
        parts += _pieces(text, begin, match.start(), mentions)
        begin = match.end()
    parts += _pieces(text, begin, len(text), mentions)
    return [part for part in parts if part.text.strip()]


def _pieces(text: str, begin: int, end: int, mentions: list[Mention]) -> Iterator[Part]:
    """Give a piece of a sentence; where it holds several names, one piece up to each ("in Varna with Burgas")."""
    inside = [each for each in mentions if begin <= each.start and each.end <= end]
    for each in inside[:-1]:
        yield Part(text[begin : each.end], begin, each.end, (each,))
        begin = each.end
    yield Part(text[begin:end], begin, end, tuple(inside[-1:]))


def _unknown_name(text: str, people: set[str]) -> str:
    """Give what may be a city's name that nobody knows, without the verb behind it, else ""."""
    bare = _AROUND_NAME.sub("", _VERB_BEHIND.sub("", text.strip(" .\"“”'*")))
    words = search_text(bare).split()
    is_name = _UNKNOWN.match(bare) and bare not in people and not _NO_NAME & set(words) and len(bare) > 2
    return bare if is_name else ""


# --- The verdict -----------------------------------------------------------------------------------------------------


def _judge(run: Run, passage: Passage, presence: Presence, *, is_listed: bool) -> None:
    if not run.mentions:
        _unknown(run, passage, presence)
        return
    if not is_listed and (_is_dateline(run) or not _speaks_of_presence(run)):
        return
    if _INVITED_BEFORE.search(run.before) or _INVITED_BEHIND.match(run.behind):
        return
    missing = bool(_MISSING_BEFORE.search(run.before) or _MISSING_BEHIND.match(run.behind))
    role = _role(run, passage)
    for mention in run.mentions:
        if _stands_beside_another(mention, run, passage.text) or not is_namesake(passage.text, mention):
            _enter(mention, passage.text, presence, role=role, missing=missing)
    _unknown(run, passage, presence)


def _is_dateline(run: Run) -> bool:
    """Whether a report begins with where it was written: "Tirana, 30 January 2024 – Mayors gathered …"."""
    return not run.before.strip(" (") and bool(_DATELINE_BEHIND.match(run.behind))


def _stands_beside_another(mention: Mention, run: Run, text: str) -> bool:
    """Whether nothing but a blank parts it from another name of the list: "Sofia Athens" are two cities."""
    others = [each for each in run.mentions if each is not mention]
    behind = any(mention.end <= each.start and not text[mention.end : each.start].strip() for each in others)
    return behind or any(each.end <= mention.start and not text[each.end : mention.start].strip() for each in others)


def _speaks_of_presence(run: Run) -> bool:
    if _PLACE_BEFORE.search(run.before) or (len(run.mentions) == 1 and _NOT_PRESENT_BEHIND.match(run.behind)):
        return False
    of = _OF_BEFORE.search(run.before)
    return of is None or bool(_OF_WHOM.match(of[1]))


def _role(run: Run, passage: Passage) -> str:
    near = f"{passage.under if _is_list(passage) else ''} {run.before[-90:]}"
    if re.search(r"\bobserv", near, re.I) or re.match(r"^[^.;]{0,60}\bas (?:an )?observers?\b", run.behind, re.I):
        return "observer"
    return "partner" if re.search(r"\bpartners?\b", near, re.I) else ""


def _enter(mention: Mention, sentence: str, presence: Presence, *, role: str, missing: bool) -> None:
    organisation = mention.organisation
    if organisation is None:
        presence.unresolved.setdefault(mention.text, sentence)
        return
    (presence.missing if missing else presence.present).setdefault(organisation.pk, (organisation, sentence))
    if role == "observer" and not missing:
        presence.observing.add(organisation.pk)
    elif role == "partner" and not missing:
        presence.partnering.add(organisation.pk)


def _unknown(run: Run, passage: Passage, presence: Presence) -> None:
    for text in run.unknown:
        presence.unresolved.setdefault(text, passage.text)
