"""A small language for the shape of a JSON file: each function makes a reader that checks a value.

A reader takes a value and its place and gives the value as Python. It notes problems at the place and then gives
`WRONG`, so that one run finds all of them.
"""

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from b40.loading.problems import Place, did_you_mean
from members.dates import parse_window

WRONG: Any = object()
Reader = Callable[[object, Place], Any]

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SLUG = re.compile(r"[-a-z0-9_]+")
_NAMES = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def record(fields: Mapping[str, Reader], *required: str) -> Reader:
    """An object with these keys and no others. Gives a dict of those that are there, with its place under ``@``."""

    def read(value: object, place: Place) -> Any:
        if not isinstance(value, dict):
            return _expected("an object", value, place)
        for name in value.keys() - fields.keys():
            place.key(name).problem(f'there is no key "{name}" here{did_you_mean(name, fields)}')
        for name in required:
            if name not in value:
                place.problem(f'the key "{name}" is missing')
        found = {name: fields[name](value[name], place.key(name)) for name in fields if name in value}
        return {"@": place} | {name: given for name, given in found.items() if given is not WRONG}

    return read


def list_of(reader: Reader) -> Reader:
    """A list. Gives the items that could be read."""

    def read(value: object, place: Place) -> Any:
        if not isinstance(value, list):
            return _expected("a list", value, place)
        found = [reader(item, place.item(index)) for index, item in enumerate(value)]
        return [item for item in found if item is not WRONG]

    return read


def either(short: Reader, full: Reader) -> Reader:
    """A text, read by the first, or an object, read by the second."""
    return lambda value, place: full(value, place) if isinstance(value, dict) else short(value, place)


def nullable(reader: Reader) -> Reader:
    """What the reader takes, or null for "none"."""
    return lambda value, place: None if value is None else reader(value, place)


def text(longest: int, *, blank: bool = False, lines: bool = False) -> Reader:
    """A text of at most so many characters; with `lines`, it may have several."""

    def read(value: object, place: Place) -> Any:
        if not isinstance(value, str):
            return _expected("a text", value, place)
        found = value.strip()
        if _UNPRINTABLE.search(found) or (not lines and "\n" in found):
            place.problem("the text holds a character that cannot be printed; take it out")
        elif not found and not blank:
            place.problem("the text is empty; write it or leave the key out")
        elif len(found) > longest:
            place.problem(f"the text has {len(found)} characters; {longest} is the most")
        else:
            return found
        return WRONG

    return read


def slug(longest: int = 80) -> Reader:
    """The last part of an address, as in "novo-mesto"."""
    read_text = text(longest)

    def read(value: object, place: Place) -> Any:
        found = read_text(value, place)
        if found is WRONG or _SLUG.fullmatch(found):
            return found
        place.problem(f'"{found}" is no slug; use small letters a to z, digits and hyphens')
        return WRONG

    return read


def choice(options: list[str]) -> Reader:
    """One of these words."""

    def read(value: object, place: Place) -> Any:
        if not isinstance(value, str):
            return _expected("a text", value, place)
        if value in options:
            return value
        place.problem(f'"{value}" is none of {", ".join(filter(None, options))}{did_you_mean(value, options)}')
        return WRONG

    return read


def flag(value: object, place: Place) -> Any:
    """true or false."""
    return value if isinstance(value, bool) else _expected("true or false", value, place)


def whole(lowest: int, highest: int) -> Reader:
    """A whole number within bounds."""

    def read(value: object, place: Place) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            return _expected("a whole number", value, place)
        if lowest <= value <= highest:
            return value
        place.problem(f"{value} does not lie between {lowest} and {highest}")
        return WRONG

    return read


def degrees(limit: int) -> Reader:
    """A coordinate in decimal degrees, kept to four places (about ten metres)."""

    def read(value: object, place: Place) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return _expected("a number", value, place)
        if abs(value) <= limit:
            return Decimal(str(value)).quantize(Decimal("0.0001"))
        place.problem(f"{value} does not lie between -{limit} and {limit}")
        return WRONG

    return read


def day(value: object, place: Place) -> Any:
    """A day such as 2025-04-09."""
    found = window(value, place)
    if found is WRONG or found[0] == found[1]:
        return found if found is WRONG else found[1]
    place.problem(f'"{value}" is no single day; write one such as 2025-04-09')
    return WRONG


def window(value: object, place: Place) -> Any:
    """A window after ISO 8601-2, see `members.dates.parse_window`. Gives earliest (or None) and latest day."""
    if not isinstance(value, str):
        return _expected("a text such as 2021-11-30", value, place)
    try:
        return parse_window(value)
    except ValueError as error:
        place.problem(str(error))
        return WRONG


def moment(value: object, place: Place) -> Any:
    """A time with its offset, such as 2025-04-09T10:00+03:00."""
    if not isinstance(value, str):
        return _expected("a text such as 2025-04-09T10:00+03:00", value, place)
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        place.problem(f'"{value}" is no time with its offset; write one such as 2025-04-09T10:00+03:00')
        return WRONG
    return found.astimezone(dt.UTC)


def zone(value: object, place: Place) -> Any:
    """An IANA time zone."""
    if not isinstance(value, str):
        return _expected("a text such as Europe/Sofia", value, place)
    zones = zoneinfo.available_timezones()
    if value in zones:
        return value
    place.problem(f'"{value}" is no IANA time zone{did_you_mean(value, zones)}')
    return WRONG


def _expected(wanted: str, value: object, place: Place) -> Any:
    place.problem(f"expected {wanted}, found {_NAMES.get(type(value), 'something else')}")
    return WRONG
