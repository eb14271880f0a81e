"""Texts with markup: what of it is kept, and the text without it."""

import html
import re

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
