"""Sentences of a post, each with the heading or the lead-in line that it stands under."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from b40.moving.markup import Block
from b40.moving.sentences import sentences_of

# Something took place, or people were there.
HELD = re.compile(
    r"\b(?:held|hold|holds|took place|takes? place|taking place|convened?|conven(?:es|ing)|organi[sz]ed|hosted|hosts|gather(?:ed|s|ing)?|met|meets|"
    r"came together|comes? together|brought together|brings together|conducted|opened|started|began|kicked off|concluded|completed|carried out|"
    r"will be (?:held|hosted|organi[sz]ed)|assembled|inaugurated|signed|attended|participated|joined|toplan\w+|düzenlen\w+|gerçekleş\w+)\b",
    re.I,
)
# Another occasion than the one that the post tells of.
ELSEWHEN = re.compile(
    r"\b(?:next|upcoming|forthcoming|following|previous|earlier|past|last) (?:\w+ ){0,2}(?:year|month|meetings?|summit|round|session|edition|event|term|presidency)\b"
    r"|\b(?:was|were|been) (?:founded|established|launched|created)\b|\bfounding\b|\bsince (?:its|the|\d{4})\b|\bdeadline\b|\buntil \d"
    r"|\bwill (?:host|hand over|take over|be the host)\b",
    re.I,
)

# What stands before a list of those who came, as in "Participating cities:".
LABEL = re.compile(
    r"^\W*(?:(?:list of|the|our|all|other|member|participating|attending|participant|present) )*(?:cities|municipalities|towns|participants|attendees|delegations|observers?|partners|guests)"
    r"(?: (?:present|attending|participating|in attendance))?(?: \(\d+\))?\s*[:–—|]",
    re.I,
)
_TABLE_HEAD = re.compile(
    r"^(?:no|#|city|cities|municipality|municipalities|participants?|participating cit(?:y|ies)|organi[sz]ations?|delegations?|country|countries|observers?|working groups?|groups?|topics?|institution|name)$",
    re.I,
)


@dataclass(frozen=True)
class Passage:
    """One sentence. `under` is the heading or lead-in that governs it, `block` what it is a part of."""

    text: str
    under: str
    block: Block
    is_title: bool = False
    is_lead_in: bool = False
    number: int = 0


def passages_of(title: str, blocks: list[Block]) -> list[Passage]:
    """Part a post into passages, its title first."""
    first = [Passage(title, "", Block("title", title), is_title=True)] if title else []
    body = (passage for passage in _body(blocks) if passage.text != title or passage.under)
    return [*first, *body]


def _body(blocks: list[Block]) -> Iterator[Passage]:
    above = _Above()
    for number, block in enumerate(blocks, 1):
        under = above.governing(block)
        is_lead_in = block.kind == "heading" or block.text.rstrip().endswith(":")
        yield from _sentences(block, under, number, is_lead_in=is_lead_in)
        above.pass_by(block)


class _Above:
    """What stands above a block: the last heading, the line that leads in to a list, the head of a table."""

    def __init__(self) -> None:
        self.heading = self.lead_in = self.table = ""
        self.is_fresh = False  # whether the lead-in stands right above

    def governing(self, block: Block) -> str:
        """Give the heading or lead-in that a block stands under."""
        if block.kind == "heading":
            return ""
        if block.kind == "row":
            return f"{self.lead_in or self.heading} {self.table}".strip()
        if block.kind == "item" or self.is_fresh:
            return self.lead_in or self.heading
        return self.heading

    def pass_by(self, block: Block) -> None:
        """Remember what a block means for those below it."""
        if block.kind != "row":
            self.table = ""
        elif any(_TABLE_HEAD.match(cell) for cell in block.cells) and not self.table:
            self.table = block.text
        if block.kind == "heading":
            self.heading, self.lead_in, self.is_fresh = block.text, "", False
        elif block.kind == "paragraph":
            label = LABEL.match(block.text)
            if block.text.rstrip().endswith(":"):
                self.lead_in, self.is_fresh = block.text, True
            elif label:
                self.lead_in, self.is_fresh = label[0], True
            elif not self.is_fresh or block.text.rstrip().endswith((".", "!", "?")):
                self.lead_in, self.is_fresh = "", False
        else:
            self.is_fresh = False


def _sentences(block: Block, under: str, number: int, *, is_lead_in: bool = False) -> Iterator[Passage]:
    for text in [block.text] if block.kind == "row" else sentences_of(block.text):
        yield Passage(text, under, block, is_lead_in=is_lead_in, number=number)
