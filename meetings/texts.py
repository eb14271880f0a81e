"""Texts with markup: what of it is kept, and the text without it."""

import html
import re
from dataclasses import dataclass

import nh3

TAGS = {
    "p",
    "br",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "blockquote",
}
_BULLET = re.compile(r"^\s*[-*•–]\s+(?=\S)")
_BLOCK_ENDS = re.compile(r"</(?:p|h[2-4]|li|blockquote)>|<br\s*/?>")


def sanitise(text: str) -> str:
    """Keep headings, paragraphs, lists, emphasis and links of an HTML text; take out everything else, scripts with their content."""
    return nh3.clean(
        text,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


def plain_text(text: str) -> str:
    """Give the words of an HTML text without its markup, blocks parted by a space."""
    return html.unescape(nh3.clean(_BLOCK_ENDS.sub(" ", text), tags=set())).strip()


@dataclass(frozen=True)
class Block:
    """A paragraph, line by line, or a list, point by point."""

    lines: list[str]
    is_list: bool


def note_blocks(text: str) -> list[Block]:
    """Part a plain text into paragraphs, at empty lines, and lists, where lines begin with a dash or a bullet."""
    blocks: list[Block] = []
    is_parted = True
    for line in text.splitlines():
        is_point = bool(_BULLET.match(line))
        if line.strip():
            if is_parted or blocks[-1].is_list != is_point:
                blocks.append(Block([], is_point))
            blocks[-1].lines.append(_BULLET.sub("", line).strip())
        is_parted = not line.strip() and not (blocks and blocks[-1].is_list)
    return blocks
