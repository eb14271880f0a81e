"""Two texts, word by word."""

import difflib
import re
from dataclasses import dataclass

_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Piece:
    """Some words that stand in both texts, in the first alone, or in the second alone."""

    text: str
    in_first: bool
    in_second: bool

    @property
    def is_common(self) -> bool:
        return self.in_first and self.in_second


@dataclass(frozen=True)
class Comparison:
    """Two texts, each in pieces that say what the other has not."""

    first: list[Piece]
    second: list[Piece]

    @property
    def is_same(self) -> bool:
        return all(piece.is_common for piece in (*self.first, *self.second))


def compare(first: str, second: str) -> Comparison:
    """Compare two texts word by word."""
    ours, theirs = _WORDS.findall(first), _WORDS.findall(second)
    matcher = difflib.SequenceMatcher(None, [word.strip() for word in ours], [word.strip() for word in theirs])
    found = Comparison([], [])
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        common = kind == "equal"
        if end > start:
            found.first.append(Piece("".join(ours[start:end]), True, common))
        if other_end > other_start:
            found.second.append(Piece("".join(theirs[other_start:other_end]), common, True))
    return found
