"""Persons whom a text names with their office."""

import re
from dataclasses import dataclass

from b40.moving.mentions import Register
from b40.moving.passages import Passage
from b40.moving.sentences import vocabulary

_CAP = r"[^\W\d_a-zα-ωа-яčćđšžğışöüçțșăâî][\w’'-]*"
_NAME = rf"(?P<name>(?:(?:Dr|Prof|Assoc|Mr|Mrs|Ms)\.? )?{_CAP}(?: (?:{_CAP}|[A-ZČĆŠŽĐ]\.)){{1,3}})"
_OFFICES = (
    "Founding President|Vice[- ]President|Term President|President|(?:Acting |First )?(?:Deputy|Vice)[- ]Mayors?|Acting Mayor|Lord Mayor|Mayor|Permanent Secretary|Deputy Secretary[- ]General|"
    "Secretary[- ]General|Executive Director|Director[- ]General|Director|Deputy Head|Head|Chair(?:man|woman|person)?|Coordinator|Councill?or|"
    "Ambassador|Consul General|Consul|Deputy Minister|Minister|Rector|Governor|Prefect|Chief Architect|Manager|Moderator"
)
_TAIL = rf"(?: (?:of|for|at) (?:the )?{_CAP}(?:(?: (?:and|of|for|the|&)){{0,2}} {_CAP}){{0,6}})"
_BEFORE = rf"(?P<lead>(?:{_CAP} ){{0,3}}?)"
_NETWORK = re.compile(r"^(?:the )?(?:B40 )?(?:Balkan Cities )?(?:Network )?(?=\S)", re.I)
_NAME_RIGHT_BEFORE = re.compile(rf"{_CAP} {_CAP},\s*(?:the )?$")
_PATTERNS = [
    re.compile(
        rf"\b(?P<role>(?:{_OFFICES})(?: (?:of|for) (?:the )?{_CAP}(?:(?: (?:and|of|for)){{0,1}} {_CAP}){{0,4}}?)),? {_NAME}"
    ),
    re.compile(rf"(?P<role>(?:{_CAP} ){{0,3}}(?:{_OFFICES})),? {_NAME}"),
    re.compile(rf"{_NAME},\s*(?:the )?(?P<role>(?:{_CAP} ){{0,3}}?(?:{_OFFICES}){_TAIL}?)"),
    re.compile(rf"{_NAME}\s*\(\s*(?P<role>(?:{_CAP} ){{0,3}}?(?:{_OFFICES}){_TAIL}?)[^)]*\)"),
]
_NOT_IN_NAMES = vocabulary(
    "mayor mayors municipality metropolitan city cities president secretary general network b40 balkan working group summit presidency department "
    "foreign relations european union commission council the in on at and local union republic ministry deputy director head university office "
    "board committee executive permanent secretariat minister ambassador institute meeting climate democracy smart digital economic cultural "
    "during who said"
)


@dataclass(frozen=True)
class Official:
    """A person and the office the text gives, as it is written there."""

    name: str
    role: str
    sentence: str


def officials_of(passages: list[Passage], register: Register) -> list[Official]:
    """Find persons with their office, each once, with the fullest form of it. Names of places are none of persons."""
    found: dict[str, Official] = {}
    for passage in passages:
        for official in _in_passage(passage, register):
            kept = found.get(official.name)
            if kept is None or len(kept.role) < len(official.role):
                found[official.name] = official
    return list(found.values())


def _in_passage(passage: Passage, register: Register) -> list[Official]:
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Official]] = []
    places = [(each.start, each.end) for each in register.mentions(passage.text)]
    for pattern in _PATTERNS:
        for match in pattern.finditer(passage.text):
            start, end = match.span("name")
            # "Mayor of Stara Zagora Zhivko Todorov": the place ends where the register says.
            inside = next((stop for begin, stop in places if begin < end and start < stop), None)
            if inside is not None and inside < end:
                start = inside + 1
            official = _official(passage, passage.text[start:end], match, start)
            spans = [
                (start, end),
                (
                    match.start("role"),
                    min(match.end("role"), start) if match.start("role") < start else match.end("role"),
                ),
            ]
            if official and not _overlap(spans[:1], taken + places) and not _overlap(spans[1:], taken):
                taken += spans
                found.append((start, official))
    return [official for _start, official in sorted(found, key=lambda each: each[0])]


def _overlap(spans: list[tuple[int, int]], taken: list[tuple[int, int]]) -> bool:
    return any(begin < end and start < stop for start, end in spans for begin, stop in taken)


def _official(passage: Passage, written: str, match: re.Match[str], start: int) -> Official | None:
    name = re.sub(r"['’]s?$", "", re.sub(r"^(?:Mr|Mrs|Ms)\.? ", "", written).strip())
    words = [word.strip(".,'’").lower() for word in name.split()]
    if len(words) < 2 or _NOT_IN_NAMES & set(words):
        return None
    begin, end = match.span("role")
    if begin < start and passage.text[end:start].startswith(",") and _NAME_RIGHT_BEFORE.search(passage.text[:begin]):
        return None  # "Vasil Terziev, Mayor of Sofia, Haris Doukas …": the office is that of the name before it
    role = passage.text[
        begin : start if begin < start and end <= start and end > begin and match.start("name") < start else end
    ]
    role = re.sub(r"^(?:The|And|With|By|While|When|In|At|Also|Then) ", "", role.strip(" ,"))
    role = _NETWORK.sub("", role)
    return Official(name, role, passage.text)
