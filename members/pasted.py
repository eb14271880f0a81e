"""Lists of names as people paste them: from a mail, a table, a sentence; in any script, parted in any usual way."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from members.resolver import Resolution, resolve_all, suggest_all

# What parts names wherever it stands, and the region's words for "and", which do so only as a word of their own.
_MARKS = r"[,;:/|\t\r\n\v\f\x85\u2028\u2029•‣▪■●◦○∙·\u0387,;、&+*]+"
_DASHES = r"\s[-–—−]+\s"
_FULL_STOPS = r"(?<=\w{4})\.\s"  # no stop ends an abbreviation, as in "Sv. Nikole"
_ANDS = "and|ve|ile|και|κι|i|и|й|e|dhe|edhe|si|și|şi|in|ter|te|та|und|et"
_PARTED = re.compile(rf"\s*(?:{_MARKS}|{_DASHES}|{_FULL_STOPS}|(?<=\s)(?:{_ANDS})(?=\s))\s*", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\t\r\n\v\f\x85\u2028\u2029]+")
_BRACKETS = re.compile(r"\([^()\r\n]*\)")
_NUMBERED = re.compile(r"^(?:\(?\d{1,3}[.)]+|[-–—−]+)\s*")
_EDGES = " \t\u00a0\u200b\ufeff.…\"'“”„«»‘’"
# So many neighbours may be one name: "Dimitrovgrad, Serbia", "Towns, Cities and Municipalities of …".
LONGEST = 4


@dataclass(frozen=True)
class _Piece:
    """What stands between two separators, and where in the text."""

    text: str
    start: int
    end: int


def split_names(text: str) -> list[str]:
    """Part a pasted text into names, in their order; the same name may come up twice.

    Commas, semicolons, slashes, tabs, lines, bullets, numbers of a list, spaced dashes and the region's words for "and"
    part names; nothing does within brackets, so that "Dimitrovgrad (Serbia)" stays whole. What has no letter is no name.
    """
    return [piece.text for piece in _pieces(_SPACES.sub(" ", text))]


def read_names(text: str) -> list[Resolution]:
    """Part a pasted text into names and find what each means, unknown ones with suggestions.

    Neighbours that make one name on record only together ("Dimitrovgrad, Serbia", "Union of Towns and Cities") stay
    together. Asks a number of queries that does not depend on how many names there are.
    """
    text = _SPACES.sub(" ", text)
    pieces = list(_pieces(text))
    joined = {
        (first, length): text[pieces[first].start : pieces[first + length - 1].end]
        for first in range(len(pieces))
        for length in range(2, min(LONGEST, len(pieces) - first) + 1)
    }
    known = resolve_all([*(piece.text for piece in pieces), *joined.values()])
    return suggest_all(list(_read(pieces, joined, known)))


def _read(
    pieces: Sequence[_Piece], joined: dict[tuple[int, int], str], known: dict[str, Resolution]
) -> Iterator[Resolution]:
    """Give the meaning of each name: of the longest run of pieces that means something only together, else of one."""
    at = 0
    while at < len(pieces):
        runs = [length for length in range(LONGEST, 1, -1) if (at, length) in joined]
        for length in runs:
            whole = known[joined[at, length]]
            if whole.organisation and any(not known[each.text].organisation for each in pieces[at : at + length]):
                yield whole
                at += length
                break
        else:
            yield known[pieces[at].text]
            at += 1


def _pieces(text: str) -> Iterator[_Piece]:
    """Give the pieces between separators, with what is no part of a name cut off at both ends."""
    spaced = _hide_brackets(text)
    start = 0
    for match in [*_PARTED.finditer(spaced), None]:
        end = match.start() if match else len(text)
        piece = _trimmed(text, start, end)
        if any(letter.isalpha() for letter in piece.text):
            yield piece
        start = match.end() if match else end


def _hide_brackets(text: str) -> str:
    """Put letters in the place of what stands in brackets: it is no separator there."""
    return _BRACKETS.sub(lambda match: "x" * len(match[0]), text)


def _trimmed(text: str, start: int, end: int) -> _Piece:
    while start < end:
        part = text[start:end]
        number = _NUMBERED.match(part)
        step = number.end() if number else len(part) - len(part.lstrip(_EDGES))
        if not step:
            break
        start += step
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return _Piece(text[start:end], start, end)
