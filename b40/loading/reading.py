"""From bytes to JSON, strictly."""

import json
import re
from typing import Any, NoReturn

from b40.loading.problems import LoadError, Problem

MAX_BYTES = 50 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def read_json(raw: bytes) -> object:
    """Read a file's bytes as JSON.

    Takes UTF-8, with or without a byte order mark. Raises LoadError for another encoding, text that is no JSON, a key
    that stands twice in one object, NaN and infinities, and for a file that is too large or nested too deeply.
    """
    if len(raw) > MAX_BYTES:
        _refuse("", f"the file has {len(raw):,} bytes; {MAX_BYTES:,} is the most that is read")
    text = _decode(raw)
    if not text.strip():
        _refuse("", "the file is empty; docs/network-record.md shows how one begins")
    return _parse(text)


def _decode(raw: bytes) -> str:
    for mark, encoding in _OTHER_BOMS.items():
        if raw.startswith(mark):
            _refuse("", f"the file is {encoding}; save it as UTF-8")
    body = raw.removeprefix(_BOM)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        _refuse(f"line {line}, column {column}", f"byte 0x{body[error.start]:02x} is not UTF-8; save the file as UTF-8")


def _parse(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        _refuse(f"line {error.lineno}, column {error.colno}", f"this is not JSON: {error.msg.lower()}")
    except RecursionError:
        _refuse("", "lists and objects are nested too deeply")
    except ValueError as error:  # a number with more digits than Python reads
        _refuse("", f"a number is too long: {error}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            name = found.get("slug") or found.get("name") or found.get("title")
            inside = f' of "{name}"' if isinstance(name, str) else ""
            _refuse("", f'the key "{key}" stands twice in one object{inside}; keep one of the two')
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    _refuse("", f"{name} is no number in JSON; write null or leave the key out")


def _refuse(place: str, message: str) -> NoReturn:
    raise LoadError([Problem(place, re.sub(r"\s+", " ", message))])
