"""Sentences and words of a text."""

import re
from dataclasses import dataclass

from members.names import search_text

_WORD = re.compile(r"[^\W\d_]+|\d+")
_END = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+(?=[\"“‘«(]*[^\W\d_a-zα-ωа-я]|\d)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|Nos|Jr|Sr|Av|Assoc|Gen|Sen|Hon|Inc|Ltd|Dept|vs|approx|ca|e\.g|i\.e|resp|incl|etc)|\b[^\W\d_]|\b\d{1,2})\.$"
)
APOSTROPHES = "'’ʼ`´"


@dataclass(frozen=True)
class Word:
    """A word of a text, with its place and its folded form. `is_suffix` is what stands behind an apostrophe."""

    text: str
    start: int
    end: int
    key: str
    is_suffix: bool = False

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


def vocabulary(text: str) -> frozenset[str]:
    """Give the words of a text as a set: lists of words are easier to read so."""
    return frozenset(text.split())


def sentences_of(text: str) -> list[str]:
    """Part a text into sentences; initials, titles and numbers with a full stop end none."""
    parts: list[str] = []
    begin = 0
    for match in _END.finditer(text):
        if not _ABBREVIATION.search(text[max(0, match.start() - 12) : match.start()]):
            parts.append(text[begin : match.end()].strip())
            begin = match.end()
    return [part for part in [*parts, text[begin:].strip()] if part]


def words_of(text: str) -> list[Word]:
    """Part a text into words and numbers."""
    return [
        Word(
            match[0],
            match.start(),
            match.end(),
            search_text(match[0]).replace(" ", ""),
            is_suffix=match.start() > 1
            and text[match.start() - 1] in APOSTROPHES
            and text[match.start() - 2].isalpha(),
        )
        for match in _WORD.finditer(text)
    ]
