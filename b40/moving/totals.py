"""Numbers that a text gives of a meeting: cities, countries, participants."""

import re
from dataclasses import dataclass

from b40.moving.passages import ELSEWHEN, Passage
from b40.moving.presence import ATTEND
from meetings.models import StatedTotal

_ONES = re.findall(
    r"\w+",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = (
    {word: number for number, word in enumerate(_ONES, 1)}
    | {word: 10 * number for number, word in enumerate(_TENS, 2)}
    | {
        f"{ten}{gap}{one}": 10 * high + low
        for high, ten in enumerate(_TENS, 2)
        for low, one in enumerate(_ONES[:9], 1)
        for gap in "- "
    }
    | {"a dozen": 12, "dozen": 12, "a hundred": 100, "hundred": 100}
)
_BOUNDS = {
    StatedTotal.Bound.OVER: "over|more than|above|at least|upwards of",
    StatedTotal.Bound.NEARLY: "nearly|almost|close to|up to",
    StatedTotal.Bound.ABOUT: "about|around|approximately|some|roughly|circa",
}
_WORD = r"(?!(?:from|of|in|and|with|to|at|by)\b)[^\W\d_][\w-]*"
_WHAT = {
    StatedTotal.What.CITIES: r"(?:{word} ){{0,3}}?(?:cities|municipalities|towns|local governments)",
    StatedTotal.What.COUNTRIES: r"(?:{word} ){{0,2}}?countries",
    StatedTotal.What.CITY_REPRESENTATIVES: r"(?:city|municipal|local) (?:representatives|officials|delegates)",
    StatedTotal.What.PARTICIPANTS: r"(?:{word} ){{0,2}}?(?:participants|people|persons|attendees|delegates|representatives|guests|officials|experts)",
}
_NUMBER = r"(?P<number>\d{1,3}(?:[.,]\d{3})+|\d{1,6}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")\+?"
_BOUND = "|".join(f"(?P<{bound}>{words})" for bound, words in _BOUNDS.items())
_PATTERNS = {
    what: re.compile(
        rf"(?:\b(?:{_BOUND})\s+)?(?<![\w.,-])(?:a total of\s+)?{_NUMBER} (?:of the )?(?:{noun.format(word=_WORD)})\b",
        re.I,
    )
    for what, noun in _WHAT.items()
}
# What the network is, not who came.
_NETWORK = re.compile(
    r"\b(?:network|platform|B40|organi[sz]ation|union|association|membership|members)\b(?:(?!\b(?:meeting|summit|workshop|participat\w+|attend\w*|took part|hosted)\b)[^.;]){0,60}"
    r"(?:\bof\b|\bunites\b|\buniting\b|\bcompris\w+|\binclud\w+|\bbrings together\b|\bbringing together\b|\bconsist\w+|\bhas\b|\bhave\b|\bwith\b|\bits\b|\brepresent\w+|\breach\w+|\bgrew\b|\bgrown\b|\bconnect\w+)"
    r"[^.;,]{0,25}$|\b(?:its|all|our) $",
    re.I,
)
_BEHIND_NETWORK = re.compile(
    r"^[^.;]{0,30}\b(?:of (?:the|our) (?:B40|network)|in the network|are members|as members|join(?:ed|ing|s)? (?:the |our )?(?:B40|network|Balkan))\b",
    re.I,
)
_AUDIENCE = re.compile(
    r"^\s*(?:participat|attend|took part|from\b|were (?:present|represented)|joined|came|gather|met\b|convened|and\b|,|\()",
    re.I,
)


@dataclass(frozen=True)
class Total:
    """A number that a sentence gives, of what, and how exactly."""

    what: str
    number: int
    bound: str
    sentence: str
    text: str


def totals_of(passages: list[Passage]) -> list[Total]:
    """Find the totals that a text states of its meeting, the first of each kind first; the network's own size is none."""
    found: dict[tuple[str, int], Total] = {}
    for passage in passages:
        if ELSEWHEN.search(passage.text):
            continue
        for what, pattern in _PATTERNS.items():
            for match in pattern.finditer(passage.text):
                total = _total(what, match, passage)
                if total:
                    found.setdefault((total.what, total.number), total)
    return list(found.values())


def _total(what: str, match: re.Match[str], passage: Passage) -> Total | None:
    before, behind = passage.text[: match.start()], passage.text[match.end() :]
    if not (ATTEND.search(passage.text) or ATTEND.search(passage.under) or _AUDIENCE.match(behind)):
        return None
    if (
        _NETWORK.search(before)
        or _BEHIND_NETWORK.match(behind)
        or re.search(r"\b(?:their|between|each|per|in) $", before, re.I)
    ):
        return None
    number = _value(match["number"])
    if what == StatedTotal.What.PARTICIPANTS and re.search(
        r"\b(?:city|municipal|local|observer|working|mayor)\w*\s\w+$", match[0], re.I
    ):
        return None
    bound = next(
        (name for name in _BOUNDS if match[name]),
        StatedTotal.Bound.OVER if "+" in match[0] else StatedTotal.Bound.EXACTLY,
    )
    return (
        Total(what, number, bound, passage.text, re.sub(r"^a total of ", "", match[0].strip(), flags=re.I))
        if number
        else None
    )


def _value(text: str) -> int:
    lowered = re.sub(r"\s+", " ", text.lower())
    return _NUMBERS.get(lowered) or int(re.sub(r"[.,]", "", text) if text[0].isdigit() else 0)
