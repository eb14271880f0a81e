"""The text of a post, block by block, out of any page-builder's markup."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

from django.utils.html import escape
from selectolax.lexbor import LexborHTMLParser, LexborNode

DEEPEST = 400
_SKIPPED = ["script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object", "form", "nav", "button",
            "select", "textarea", "audio", "video", "canvas"]  # fmt: skip
_BLOCKS = {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
           "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p",
           "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}  # fmt: skip
# Elements that nest only because nobody closes them; a browser closes them itself.
_VOID_OR_CLOSED = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
                   "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot"}  # fmt: skip
_BOLD = {"b", "strong"}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)")
_SHORTCODE = re.compile(
    r"\[/?(?:[A-Za-z]+[_-][\w-]*|gallery|caption|embed|playlist|video|audio)(?:\s[^\[\]]*)?/?\]"
    r"|\[/?[A-Za-z]\w*(?:\s+[\w-]+=[^\[\]]*)\]"
)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
_WRITTEN_OUT = re.compile(r"<(?=[/!?A-Za-z])[^<>]*>?")
_BULLET = re.compile(r"^\s*(?:[•●▪◦‣·*]|[-–—](?=\s)|\d{1,2}[.)](?=\s+\D))\s*")


class TooDeep(Exception):
    """The markup is nested deeper than any page is."""


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list item or row of a table. `strong` are its bold phrases, `cells` those of a row."""

    kind: str
    text: str
    level: int = 0
    strong: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass
class _Gathering:
    kind: str
    level: int
    row: int
    pieces: list[str] = field(default_factory=list)
    strong: list[tuple[int, str]] = field(default_factory=list)


def plain(html: str) -> str:
    """Give the words of a short text such as a title, without markup, on one line."""
    return " ".join(block.text for block in blocks_of(html))


def blocks_of(html: str) -> list[Block]:
    """Give the text of an HTML document or fragment, block by block, scripts and styles left out.

    Never gives markup: tags that the text itself writes out (“&lt;b&gt;”) fall away too. Raises TooDeep.
    """
    tree = _parse(_SHORTCODE.sub(" ", html))
    gathered = _gather(tree)
    blocks = [block for each in gathered for block in _lines(each)]
    return [_as_heading(block) for block in _rows(blocks, gathered) if block.text]


def media_of(html: str, base: str) -> list[str]:
    """Give the addresses of pictures and of uploaded files that an HTML text names, each once."""
    tree = _parse(html)
    found = [node.attributes.get("src") or node.attributes.get("data-src") for node in tree.css("img")]
    found += [
        node.attributes.get("href") for node in tree.css("a") if "/uploads/" in (node.attributes.get("href") or "")
    ]
    addresses = (_joined(base, address) for address in found if address and not address.startswith("data:"))
    return list(dict.fromkeys(address for address in addresses if address.startswith(("http://", "https://"))))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())[:600]
    except ValueError:
        return ""


def _parse(html: str) -> LexborHTMLParser:
    """Parse as a browser does. Raises TooDeep: the parser's time grows with the square of the depth."""
    depth = deepest = 0
    for match in _TAG.finditer(html):
        if match[2].lower() in _VOID_OR_CLOSED:
            continue
        depth = max(depth - 1, 0) if match[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise TooDeep(f"tags are nested {deepest:,} deep; {DEEPEST} is the most that is read")
    return LexborHTMLParser(html.replace("\0", ""))


def _gather(tree: LexborHTMLParser) -> list[_Gathering]:
    """Collect the pieces of text by the block that they stand in."""
    tree.strip_tags(_SKIPPED, recursive=True)
    gathered: list[_Gathering] = []
    last: tuple[int, int] | None = None
    rows: dict[int, int] = {}
    for node in tree.root.traverse(include_text=True) if tree.root else ():
        if node.tag == "br" and gathered:
            gathered[-1].pieces.append("\n")
        if node.tag != "-text":
            if node.tag in _BLOCKS:
                last = None
            continue
        holder, kind, level, bold, row = _place(node)
        key = (holder, rows.setdefault(row, len(rows)) if row else 0)
        if key != last:
            gathered.append(_Gathering(kind, level, row))
            last = key
        text = _clean(node.text_content or "")
        if bold and text.strip():
            gathered[-1].strong.append((len(gathered[-1].pieces), text))
        gathered[-1].pieces.append(text)
    return gathered


def _place(node: LexborNode) -> tuple[int, str, int, bool, int]:
    """Tell of a text: its block, that block's kind and level, whether it is bold, and the row of a table it is in."""
    holder, kind, level, bold, row = 0, "", 0, False, 0
    up = node.parent
    while up is not None:
        tag = up.tag or ""
        bold = bold or (not holder and tag in _BOLD)
        if tag in _BLOCKS and not holder:
            holder, kind = up.mem_id, "paragraph"
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() and kind in {"", "paragraph"}:
            kind, level = "heading", int(tag[1])
        elif tag in {"li", "dd"} and kind == "paragraph":
            kind = "item"
        elif tag in {"dt", "summary"} and kind == "paragraph":
            kind, level = "heading", 6
        elif tag in {"td", "th"} and kind in {"paragraph", "item", "heading"}:
            kind, holder = "cell", up.mem_id
        elif tag == "tr" and not row:
            row = up.mem_id
        up = up.parent
    return holder, kind or "paragraph", level, bold, row if kind == "cell" else 0


def _clean(text: str) -> str:
    return _SPACES.sub(" ", _INVISIBLE.sub("", text).replace("\n", " "))


# --- From pieces to blocks -------------------------------------------------------------------------------------------


def _lines(gathered: _Gathering) -> Iterator[Block]:
    """Give a block for each line that stands for itself: a list typed with line breaks is a list."""
    text = _without_written_tags("".join(gathered.pieces))
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    strong = tuple(
        phrase for phrase in (_SPACES.sub(" ", each).strip(" ,;:.") for _index, each in gathered.strong) if phrase
    )
    whole = Block(gathered.kind, "", gathered.level, strong)
    for line in _joined_lines([line for line in lines if line]):
        bare = _BULLET.sub("", line)
        kind = "item" if bare != line and whole.kind == "paragraph" else whole.kind
        yield replace(whole, kind=kind, text=bare, strong=tuple(each for each in strong if each in bare))


def _without_written_tags(text: str) -> str:
    """Take out tags that the text writes out, and scripts and styles with what they hold."""
    for name in ("script", "style"):
        begin = text.lower().find(f"<{name}")
        while begin >= 0:
            end = text.lower().find(f"</{name}", begin)
            text = f"{text[:begin]} {text[end:] if end >= 0 else ''}"
            begin = text.lower().find(f"<{name}", begin) if end >= 0 else -1
    return _WRITTEN_OUT.sub(" ", text)


def _joined_lines(lines: list[str]) -> list[str]:
    """Join lines that a sentence runs across; keep apart those that are a list."""
    is_list = len(lines) > 2 and all(len(line) <= 80 for line in lines)
    joined: list[str] = []
    for line in lines:
        if joined and not is_list and joined[-1][-1] not in ".:;!?…" and not _BULLET.match(line):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _rows(blocks: list[Block], gathered: list[_Gathering]) -> Iterator[Block]:
    """Join the cells of each row of a table."""
    row_of = iter([each.row for each in gathered for _line in _lines(each)])
    open_row = 0
    cells: list[Block] = []
    for block, row in zip(blocks, row_of, strict=True):
        if open_row and row != open_row:
            yield _row(cells)
            cells = []
        open_row = row
        if row:
            cells.append(block)
        else:
            yield block
    if cells:
        yield _row(cells)


def _row(cells: list[Block]) -> Block:
    texts = tuple(cell.text for cell in cells if cell.text)
    return Block("row", " | ".join(texts), strong=tuple(each for cell in cells for each in cell.strong), cells=texts)


def _as_heading(block: Block) -> Block:
    """A short paragraph that is bold all through is a heading to its reader."""
    is_bold = (
        block.kind == "paragraph" and block.strong and len(" ".join(block.strong)) >= len(block.text.strip(" :.")) - 2
    )
    if is_bold and len(block.text.split()) <= 14 and not block.text.endswith("."):
        return replace(block, kind="heading", level=5)
    return block


def as_html(blocks: list[Block]) -> str:
    """Write blocks as plain paragraphs, headings and lists, escaped."""
    parts: list[str] = []
    for block in blocks:
        text: Any = escape(block.text)
        if block.kind in {"item", "row"}:
            if parts and parts[-1].endswith("</ul>"):
                parts[-1] = f"{parts[-1][:-5]}<li>{text}</li></ul>"
            else:
                parts.append(f"<ul><li>{text}</li></ul>")
        else:
            tag = "h3" if block.kind == "heading" else "p"
            parts.append(f"<{tag}>{text}</{tag}>")
    return "".join(parts)
