"""Days, times and durations as the programs write them in the region's languages."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from babel import Locale

from members.names import search_text

_LANGUAGES = ("en", "tr", "bg", "el", "sr", "sr_Latn", "hr", "bs", "ro", "sq", "mk", "sl", "de", "fr", "it")
_TIME = re.compile(r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:[.,]\d{1,6})?(?![\d:])")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?P<mark>[./-])\s?(?P<month>\d{1,2})(?P=mark)\s?(?P<day>\d{1,2})(?!\d)"
)
_YEAR_LAST = re.compile(
    r"(?<!\d)(?P<one>\d{1,2})(?P<mark>[./-])\s?(?P<two>\d{1,2})(?P=mark)\s?(?P<year>\d{4}|\d{2})(?!\d)"
)
_DAY_MONTH = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[\s-]+(?P<month>[^\W\d_]+)\.?,?[\s-]+(?P<year>\d{4})"
)
_MONTH_DAY = re.compile(r"(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})")
_OFFSET = re.compile(
    r"(?:UTC|GMT)?\s?(?P<sign>[+−-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?\s*\)?$|(?P<utc>Z|UTC|GMT)\)?$"
)
_UNIT = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)")
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?$")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d+)?$")

_HOURS = frozenset(
    [
        "h",
        "hr",
        "hrs",
        "hour",
        "hours",
        "sa",
        "saat",
        "ч",
        "час",
        "часа",
        "часове",
        "ώ",
        "ω",
        "ώρα",
        "ώρες",
        "sat",
        "sati",
        "sata",
        "ora",
        "ore",
        "oră",
        "orë",
        "с",
        "ура",
        "ur",
        "ure",
        "std",
        "stunde",
        "stunden",
        "t",
    ]
)
_MINUTES = frozenset(
    [
        "m",
        "min",
        "mins",
        "minute",
        "minutes",
        "dk",
        "dakika",
        "мин",
        "минута",
        "минути",
        "λ",
        "λεπτά",
        "λεπτό",
        "minut",
        "minuta",
        "minuti",
        "minutë",
        "м",
    ]
)
_SECONDS = frozenset(
    [
        "s",
        "sec",
        "secs",
        "second",
        "seconds",
        "sn",
        "saniye",
        "сек",
        "секунда",
        "секунди",
        "δ",
        "δευτ",
        "δευτερόλεπτα",
        "sek",
        "sekundi",
        "sekunda",
        "sekundë",
        "secunde",
        "sekunden",
    ]
)
LONGEST = 7 * 24 * 3600


def _bare(text: str) -> str:
    """Letters alone, in lower case: "π.μ." gives "πμ"; not folded, since that is "p.m." in Latin letters."""
    return "".join(letter for letter in text.casefold() if letter.isalpha())


def _day_periods(which: str) -> set[str]:
    widths = (
        (locale.day_periods, kind) for locale in map(Locale.parse, _LANGUAGES) for kind in ("format", "stand-alone")
    )
    words = (names.get(which) for periods, kind in widths for names in periods.get(kind, {}).values())
    return {_bare(word) for word in words if word and len(_bare(word)) > 1}


_BEFORE_NOON = _day_periods("am") | {
    "am",
    "öö",
    "πμ",
    "pd",
    "прпл",
    "пробед",
    "пропоб",
    "проб",
    "преподне",
    "prepodne",
    "dop",
    "eparadites",
}
_AFTER_NOON = (
    _day_periods("pm")
    | {"pm", "ös", "μμ", "md", "попл", "следобед", "слоб", "поподне", "popodne", "popol", "epasdites"}
) - _BEFORE_NOON
_MONTHS = {
    search_text(name).replace(" ", ""): month
    for locale in map(Locale.parse, _LANGUAGES)
    for kind in ("format", "stand-alone")
    for width in ("wide", "abbreviated")
    for month, name in locale.months.get(kind, {}).get(width, {}).items()
}


@dataclass(frozen=True)
class Stamp:
    """A time, with its day if it names one. `numbers` are a day and a month in an order that is not known yet."""

    time: dt.time
    day: dt.date | None = None
    numbers: tuple[int, int, int] | None = None
    is_dotted: bool = False
    offset: dt.timedelta | None = None

    def day_in(self, order: str) -> dt.date | None:
        """Give the day when numbers are read "dmy" or "mdy"; None where there is no such day."""
        if self.numbers is None:
            return self.day
        one, two, year = self.numbers
        return _date(year, *((two, one) if order == "dmy" else (one, two)))


@lru_cache(maxsize=8_192)
def read_stamp(text: str) -> Stamp | None:
    """Read a time, with or without its day; None when the text holds none."""
    text = " ".join(
        unicodedata.normalize("NFKC", text).replace("\u200e", "").replace("T", " ", text.count("T") == 1).split()
    )
    if len(text) > 60:
        return None
    found = _TIME.search(text)
    if found is None:
        return None
    day, numbers, is_dotted, rest = _day(text[: found.start()] + " " + text[found.end() :])
    hour = _hour(int(found["hour"]), rest)
    if hour > 23 or int(found["minute"]) > 59 or int(found["second"] or 0) > 59:
        return None
    time = dt.time(hour, int(found["minute"]), int(found["second"] or 0))
    return Stamp(time, day, numbers, is_dotted, _offset(text[found.end() :].strip()))


def order_of(stamps: Iterable[Stamp], near: dt.date) -> str:
    """Say whether a file writes the day or the month first.

    Numbers parted by points are day first. Else every day must exist, and those nearer to the meeting are meant.
    """
    open_ones = {stamp for stamp in stamps if stamp.numbers}
    if not open_ones or any(stamp.is_dotted for stamp in open_ones):
        return "dmy"
    distance = {}
    for order in ("dmy", "mdy"):
        days = [stamp.day_in(order) for stamp in open_ones]
        if None not in days:
            distance[order] = min(abs((day - near).days) for day in days if day)
    return min(distance, key=lambda order: distance[order], default="dmy")


def read_duration(text: str, *, in_seconds: bool = False) -> int | None:
    """Read a duration in seconds: "62" (minutes), "01:02:03", "1h 2m 3s", "1 sa 2 dk", "1 ч 2 мин"; None when it is none."""
    text = unicodedata.normalize("NFKC", text).strip().removeprefix("PT")
    clock = _CLOCK.match(text)
    if clock:
        total = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    elif _NUMBER.match(text):
        total = round(float(text.replace(",", ".")) * (1 if in_seconds else 60))
    else:
        parts = [_seconds(number, unit) for number, unit in _UNIT.findall(text)]
        if not parts or None in parts:
            return None
        total = round(sum(part for part in parts if part is not None))
    return total if 0 <= total <= LONGEST else None


def names_unit(text: str) -> bool:
    """Whether a duration is written with units or as a clock, so that it is no mere number."""
    return not _NUMBER.match(text.strip()) and read_duration(text) is not None


def _seconds(number: str, unit: str) -> float | None:
    value, unit = float(number.replace(",", ".")), unit.casefold()
    for units, factor in ((_HOURS, 3600), (_MINUTES, 60), (_SECONDS, 1)):
        if unit in units:
            return value * factor
    return None


def _day(text: str) -> tuple[dt.date | None, tuple[int, int, int] | None, bool, str]:
    """Give the day, or its numbers, whether points part them, and what is left of the text."""
    if found := _YEAR_FIRST.search(text):
        return _date(int(found["year"]), int(found["month"]), int(found["day"])), None, False, _without(text, found)
    if found := _YEAR_LAST.search(text):
        numbers = int(found["one"]), int(found["two"]), _full_year(found["year"])
        return None, numbers, found["mark"] == ".", _without(text, found)
    for found in chain(_DAY_MONTH.finditer(text), _MONTH_DAY.finditer(text)):
        month = _MONTHS.get(search_text(found["month"]))
        if month:
            return _date(int(found["year"]), month, int(found["day"])), None, False, _without(text, found)
    return None, None, False, text


def _without(text: str, found: re.Match[str]) -> str:
    return text[: found.start()] + " " + text[found.end() :]


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _hour(hour: int, rest: str) -> int:
    words = {_bare(rest), *map(_bare, rest.split())}
    if words & _AFTER_NOON:
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 and words & _BEFORE_NOON else hour


def _offset(text: str) -> dt.timedelta | None:
    found = _OFFSET.search(text)
    if not found:
        return None
    if found["utc"]:
        return dt.timedelta()
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    if hours > 14 or minutes > 59:
        return None
    return dt.timedelta(hours=hours, minutes=minutes) * (1 if found["sign"] == "+" else -1)
