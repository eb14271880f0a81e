"""Posts out of a file, one after the other, so that memory does not grow with the file."""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import ijson
from ijson.common import ObjectBuilder

from b40.loading.problems import Problem

GREATEST_POST = 2 * 1024 * 1024
DEEPEST = 60
_OTHER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x1f\x8b": "compressed (gzip)", b"PK": "a ZIP archive"}
_BOM = b"\xef\xbb\xbf"
_HEAD = 4096


@dataclass(frozen=True)
class Post:
    """One post as the REST interface of WordPress gives it; its texts are HTML."""

    post_id: int
    title: str
    content: str
    link: str
    guid: str
    posted_on: dt.date | None
    featured_media: tuple[str, ...] = ()

    @property
    def site(self) -> str:
        """Host and folder of the site that it stood on, as in "b40network.org/v2"; "" when it gives no address."""
        if not self.link:
            return ""
        parts = urlsplit(self.link)
        return f"{parts.hostname or ''}{parts.path.rstrip('/').rpartition('/')[0]}"


class UnreadableFile(Exception):
    """The file holds no posts that could be read from here on; says where and why."""


def read_posts(path: Path) -> Iterator[Post | Problem]:
    """Read a file with one post or a list of them, as ``/wp-json/wp/v2/posts`` answers.

    Gives each post, or what is wrong with it and where. Raises UnreadableFile when the file is no such file, or breaks
    off: what stood before the break was given already.
    """
    try:
        with path.open("rb") as file:
            yield from posts_of(file)
    except OSError as error:
        raise UnreadableFile(f"the file cannot be read: {error.strerror}") from error


def posts_of(file: BinaryIO) -> Iterator[Post | Problem]:
    """Read posts from an open binary file, see `read_posts`."""
    is_list = _begin(file) == b"["
    index = -1
    try:
        for index, value in enumerate(_values(file, is_list=is_list)):
            yield _post(value, f"post {index + 1}")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{_after(index)}this is not UTF-8; save the file as UTF-8") from error
    except (ijson.JSONError, ValueError, RecursionError) as error:
        raise UnreadableFile(f"{_after(index)}{_place(file, error)}") from error
    if index < 0:
        raise UnreadableFile("the list is empty: there is no post in it")


def _values(file: BinaryIO, *, is_list: bool) -> Iterator[Any]:
    """Build one value after the other. Raises UnreadableFile for what is nested deeper than any post."""
    events = ijson.basic_parse(file, use_float=True)
    if is_list:
        next(events)
    depth, builder = 0, ObjectBuilder()
    for event, value in events:
        depth += event in {"start_map", "start_array"}
        depth -= event in {"end_map", "end_array"}
        if depth > DEEPEST:
            raise UnreadableFile("lists and objects are nested too deeply for a post")
        if depth < 0:
            return
        builder.event(event, value)
        if depth == 0:
            yield builder.value
            builder = ObjectBuilder()


def _begin(file: BinaryIO) -> bytes:
    """Give the first character that says something, and stand at the beginning again, behind a byte order mark."""
    head = file.read(_HEAD)
    for mark, what in _OTHER_MARKS.items():
        if head.startswith(mark):
            raise UnreadableFile(f"the file is {what}; save it as plain JSON in UTF-8")
    file.seek(len(_BOM) if head.startswith(_BOM) else 0)
    if b"\0" in head:
        raise UnreadableFile("the file is not UTF-8 (it may be UTF-16); save it as UTF-8")
    first = head.removeprefix(_BOM).lstrip()[:1]
    if not first:
        raise UnreadableFile("the file is empty")
    if first == b"<":
        raise UnreadableFile("this is a web page and no JSON: save the answer of /wp-json/wp/v2/posts, not the page")
    if first not in {b"[", b"{"}:
        raise UnreadableFile("line 1, column 1: this is not JSON: a post begins with { and a list of posts with [")
    return first


def _after(index: int) -> str:
    return f"after post {index + 1}: " if index >= 0 else ""


def _place(file: BinaryIO, error: Exception) -> str:
    """Say what is wrong; ijson names no line, so the position up to which it read is given."""
    reason = re.sub(r"\s+", " ", str(error).partition("\n")[0]).strip(" .") or "it breaks off"
    if "utf" in reason.lower():
        return "this is not UTF-8; save the file as UTF-8"
    line = _line(file)
    return f"{line}this is not JSON, or it breaks off: {reason}"


def _line(file: BinaryIO) -> str:
    """Find the line and column of the mistake by a second, strict reading, for files that are not too large."""
    file.seek(0)
    raw = file.read(GREATEST_POST * 16 + 1)
    if len(raw) > GREATEST_POST * 16:
        return ""
    try:
        json.loads(raw.removeprefix(_BOM).decode("utf-8"))
    except json.JSONDecodeError as error:
        return f"line {error.lineno}, column {error.colno}: "
    except (UnicodeDecodeError, ValueError, RecursionError):
        return ""
    return ""


# --- One post --------------------------------------------------------------------------------------------------------


def _post(value: Any, place: str) -> Post | Problem:
    if not isinstance(value, dict):
        return Problem(place, "this is no post: expected an object with id, title and content")
    number = value.get("id")
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        if "code" in value and "message" in value:
            return Problem(place, f"the site answered with an error instead of a post: {_text(value['message'])[:200]}")
        return Problem(place, 'this is no post: its "id" must be a number')
    place = f"{place} (id {number})"
    title, content = _rendered(value.get("title")), _rendered(value.get("content"))
    if not content.strip():
        return Problem(place, 'the post has no content: "content.rendered" is empty or missing')
    if len(content) > GREATEST_POST or len(title) > GREATEST_POST:
        size = max(len(content), len(title)) / 1024 / 1024
        return Problem(
            place, f"the post has {size:.1f} MB of markup; {GREATEST_POST // 1024 // 1024} MB is the most that is read"
        )
    link, guid = _text(value.get("link")).strip(), html.unescape(_rendered(value.get("guid"))).strip()
    return Post(
        post_id=number,
        title=title,
        content=content,
        link=link if urlsplit_safely(link) else "",
        guid=guid if urlsplit_safely(guid) else "",
        posted_on=_day(value.get("date")),
        featured_media=_media(value.get("featured_media")),
    )


def urlsplit_safely(address: str) -> bool:
    """Whether a text is an address of the web."""
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and len(address) <= 600 and address.isprintable()
        )
    except ValueError:
        return False


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _rendered(value: Any) -> str:
    """Give the text of a field that is {"rendered": …}, or, in some exports, the text itself."""
    return _text(value.get("rendered", value.get("raw"))) if isinstance(value, dict) else _text(value)


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(_text(value)[:10])
    except ValueError:
        return None


def _media(value: Any) -> tuple[str, ...]:
    """Give the address of the post's picture where the post tells it (by default WordPress gives a mere number)."""
    address = _text(value.get("url") or value.get("source_url")) if isinstance(value, dict) else ""
    return (address,) if urlsplit_safely(address) else ()
