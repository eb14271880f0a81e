"""Days in a text, in the languages of the region, and which of them is the day of the meeting."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from b40.moving.passages import ELSEWHEN, HELD, Passage
from members.dates import month_window

LANGUAGES = ("en", "tr", "el", "bg", "mk", "sr", "sr_Latn", "bs", "bs_Cyrl", "hr", "sl", "ro", "sq", "de", "fr", "it")
_BEFORE_OTHER = re.compile(
    r"\b(?:until|till|by|since|before|after|deadline|founded|established|published|posted|updated|dated|approved|adopted|elected)\b[^.;]{0,20}$",
    re.I,
)
_ABOUT = re.compile(r"\b(?:on|from|between|dates?|when|held|tarih\w*|στις|на)\b[^.;]{0,14}$", re.I)


@dataclass(frozen=True)
class Days:
    """Days that a text names. `start` and `end` are None as long as the year is not known; `month_only` when no day is."""

    text: str
    sentence: str
    start: dt.date | None
    end: dt.date | None
    month_only: bool = False
    partial: tuple[int, int, int, int] | None = None

    def in_year(self, year: int) -> "Days":
        """Give the same days in a year; unchanged when they are not in its calendar."""
        if self.partial is None:
            return self
        month, day, last_month, last_day = self.partial
        try:
            return Days(self.text, self.sentence, dt.date(year, month, day), dt.date(year, last_month, last_day))
        except ValueError:
            return self


@lru_cache(maxsize=1)
def month_numbers() -> dict[str, int]:
    """Map the names of months in all those languages, lower-cased, to their numbers; those of two meanings fall out."""
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    key = name.lower().strip(". ")
                    if len(key) >= 3 and not key.isdigit():
                        found.setdefault(key, set()).add(int(number))
    found["sept"] = {9}
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


@lru_cache(maxsize=1)
def _weekdays() -> list[str]:
    """Give the names of the days of the week in all those languages."""
    names = (Locale.parse(language).days["format"]["wide"].values() for language in LANGUAGES)
    return sorted({name.lower() for each in names for name in each}, key=len, reverse=True)


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    month = "|".join(sorted(map(re.escape, month_numbers()), key=len, reverse=True))
    day = r"(?<![\d.,:/-])(?P<{0}>[0-3]?\d)(?:st|nd|rd|th|\.|-?[а-яα-ω]{{1,2}}|η|ης)?(?![\d:])"
    weekday = r"(?:(?:" + "|".join(map(re.escape, _weekdays())) + r"),?\s+)?"
    last = weekday + r"(?P<d2>[0-3]?\d)(?:st|nd|rd|th|\.|-?[а-яα-ω]{1,2}|η|ης)?(?![\d:])"
    sep = r"\s*(?:[-–—/&]|\bto\b|\band\b|\bve\b|\buntil\b|\bthrough\b|\bi\b|\bи\b|\bκαι\b|\bdo\b|\bдо\b|\bέως\b)\s*(?:the\s+)?"
    of = r"(?:\s+of)?\s*"
    year = r"(?:\s*,?\s*(?P<year>(?:19|20)\d\d)(?:(?![\d])))"
    named = r"(?P<{0}>(?:" + month + r"))\b\.?"
    texts = [
        (
            "days",
            day.format("d1")
            + of
            + r"\s*"
            + named.format("m1")
            + r"(?:\s*,?\s*(?P<year1>(?:19|20)\d\d))?"
            + sep
            + last
            + of
            + named.format("m2")
            + year
            + "?",
        ),
        (
            "days",
            named.format("m1")
            + r"\s*"
            + day.format("d1")
            + r"(?:\s*,\s*(?P<year1>(?:19|20)\d\d))?"
            + sep
            + named.format("m2")
            + r"\s*"
            + last
            + year
            + "?",
        ),
        (
            "days",
            day.format("d1")
            + r"(?:"
            + r"\s*(?:,|[-–—/&]|\bto\b|\band\b|\bve\b|\bi\b|\bи\b|\bκαι\b|\bdo\b|\bдо\b)\s*(?:the\s+)?"
            + r"(?:\d{1,2}(?:st|nd|rd|th)?\s*(?:,|\band\b)\s*(?:and\s+)?)?"
            + last
            + ")?"
            + of
            + named.format("m1")
            + year
            + "?",
        ),
        (
            "days",
            named.format("m1")
            + r"\s*(?:the\s+)?"
            + day.format("d1")
            + "(?:"
            + r"\s*(?:,(?!\s*(?:19|20)\d\d)|[-–—/&]|\bto\b|\band\b|\bve\b)\s*(?:the\s+)?"
            + r"(?:\d{1,2}(?:st|nd|rd|th)?\s*(?:,|\band\b)\s*(?:and\s+)?)?"
            + last
            + ")?"
            + year
            + "?",
        ),
        ("iso", r"\b(?P<year>(?:19|20)\d\d)-(?P<n1>[01]\d)-(?P<d1>[0-3]\d)\b"),
        (
            "dotted",
            r"(?<![\d.])(?P<d1>[0-3]?\d)(?:\s*[-–—]\s*(?P<d2>[0-3]?\d))?\.\s?(?P<n1>[01]?\d)\.\s?(?P<year>(?:19|20)\d\d)\b",
        ),
        ("slashed", r"(?<![\d/])(?P<d1>[0-3]?\d)/(?P<n1>[0-3]?\d)/(?P<year>(?:19|20)\d\d)\b"),
        ("month", named.format("m1") + r"\s*,?\s*(?:of\s+)?(?P<year>(?:19|20)\d\d)\b"),
    ]
    return [(kind, re.compile(text, re.I)) for kind, text in texts]


def days_in(text: str) -> list[Days]:
    """Find the days that a sentence names, in its order; each piece of text counts once, for the fullest reading."""
    taken: list[tuple[int, Days, int]] = []
    if not any(letter.isdigit() for letter in text):
        return []
    for kind, pattern in _patterns():
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, _days, end in taken):
                continue
            days = _read(kind, match, text)
            if days:
                taken.append((match.start(), days, match.end()))
    return [days for _start, days, _end in sorted(taken, key=lambda each: each[0])]


def _read(kind: str, match: re.Match[str], sentence: str) -> Days | None:
    found = {name: value for name, value in match.groupdict().items() if value}
    text = match[0].strip(" ,")
    try:
        if kind == "month":
            start, _last = month_window(int(found["year"]), month_numbers()[found["m1"].lower()])
            return Days(text, sentence, start, None, month_only=True)
        return _read_days(kind, found, text, sentence)
    except (ValueError, KeyError):
        return Days(text, sentence, None, None)  # the 31st of April: seen, and not understood


def _read_days(kind: str, found: dict[str, str], text: str, sentence: str) -> Days | None:
    if kind == "slashed" and int(found["n1"]) <= 12 and int(found["d1"]) <= 12 and found["n1"] != found["d1"]:
        return Days(text, sentence, None, None)  # 4/9/2025: April or September, who knows
    if kind == "slashed" and int(found["n1"]) > 12:
        found["n1"], found["d1"] = found["d1"], found["n1"]
    month = int(found["n1"]) if "n1" in found else month_numbers()[found["m1"].lower()]
    last_month = month_numbers()[found["m2"].lower()] if "m2" in found else month
    day = int(found["d1"])
    last_day = int(found.get("d2", found["d1"]))
    dt.date(2024, month, day), dt.date(2024, last_month, last_day)  # a leap year: the 29th of February may be meant
    if "year" not in found:
        return Days(text, sentence, None, None, partial=(month, day, last_month, last_day))
    year = int(found["year"])
    first_year = int(found.get("year1", year - 1 if (month, day) > (last_month, last_day) else year))
    start, end = dt.date(first_year, month, day), dt.date(year, last_month, last_day)
    return Days(text, sentence, start, end) if (end - start).days <= 60 else None


# --- Which of them -----------------------------------------------------------------------------------------------


def day_of_occasion(passages: list[Passage]) -> tuple[Days | None, list[Days]]:
    """Choose the days on which the meeting was.

    Gives them, or None, and those that nearly were chosen but lack their year or order ("21–22 May", "4/9/2025"). The
    year may stand elsewhere: in the same sentence's paragraph or in the title. The day of the post plays no part.
    """
    scored: list[tuple[float, int, Days]] = []
    for number, passage in enumerate(passages):
        for days in days_in(passage.text):
            scored.append((_score(days, passage, number), -number, _with_year(days, passage, passages)))
    scored = sorted((each for each in scored if each[0] >= 1), key=lambda each: each[:2], reverse=True)
    certain = [days for _score, _number, days in scored if days.start]
    vague = [days for _score, _number, days in scored if not days.start]
    best = certain[0] if certain else None
    if best and best.month_only:  # "in May 2024 … on 21–22 May": the days within that month
        within = (
            [d.in_year(best.start.year) for d in vague if d.partial and d.partial[0] == best.start.month]
            if best.start
            else []
        )
        finer = [
            d
            for d in certain
            if d.start
            and best.start
            and not d.month_only
            and (d.start.year, d.start.month) == (best.start.year, best.start.month)
        ]
        best = (finer or [d for d in within if d.start] or [best])[0]
    return best, [] if best else vague


def _score(days: Days, passage: Passage, number: int) -> float:
    before = passage.text[: passage.text.find(days.text)]
    score = 1.0 if number <= 6 else 0.5
    score += 2 if passage.is_title else 0
    score += 2 if HELD.search(passage.text) else 0
    score += 1 if _ABOUT.search(before) or _ABOUT.search(f"{passage.under} ") else 0
    score -= 3 if ELSEWHEN.search(passage.text) or _BEFORE_OTHER.search(before) else 0
    return score - (0.75 if days.month_only else 0)


def _with_year(days: Days, passage: Passage, passages: list[Passage]) -> Days:
    """Take the year from the paragraph, else from the title, where exactly one is named there."""
    if days.partial is None:
        return days
    same = " ".join(each.text for each in passages if each.number == passage.number and not each.is_title)
    for text in (same, *(each.text for each in passages if each.is_title)):
        years = set(re.findall(r"(?<![\d/.-])(20\d\d)(?![\d/.-])", text))
        if len(years) == 1:
            return days.in_year(int(years.pop()))
    return days
