"""Organisations named inside what a person is called: "Ivan – Sofia Munic.", "Skopje_Ana", "[Selanik] Maria", "Град София - Иван Петров"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from members.names import fold_loosely, search_text
from members.resolver import Outcome, Resolution, resolve_all, suggest_all

MOST_PIECES = 8
MOST_WORDS = 10
LONGEST_RUN = 3
CHUNK = 1_500
# A sound is believed from so many letters on: shorter ones are heard in names of people too.
_SURE_SOUND = 6

_PARTED = re.compile(r"\s*(?:[|/\\;:•·_\[\](){}<>\"“”„«»@~=*#+]+|[–—−]+|\s-+|-+\s|,|\s{2,})\s*")

# What surrounds a city's name and shows that the city is meant, not somebody called Sofia.
_GENERIC = frozenset(
    search_text(word)
    for word in ["municipality", "munic", "municipal", "muni", "mun", "city", "town", "council", "hall", "cityhall", "mayor", "mayors", "deputy", "vice", "office", "department", "delegation", "team", "government", "administration", "belediye", "belediyesi", "büyükşehir", "buyuksehir", "bld", "bşb", "büyükşehir belediyesi", "başkanlığı", "şehir", "община", "общината", "общ", "град", "гр", "столична", "кмет", "кмета", "зам кмет", "дирекция", "opština", "opstina", "opć", "općina", "opčina", "občina", "grad", "gradska", "gradski", "uprava", "gradonačelnik", "načelnik", "kabinet", "општина", "опш", "градоначалник", "градска", "управа", "стручна", "δήμος", "δήμου", "δημος", "δήμαρχος", "δημαρχείο", "αντιδήμαρχος", "περιφέρεια", "bashkia", "bashkisë", "bashki", "kryetar", "komuna", "primăria", "primaria", "municipiul", "municipiului", "primar", "oraș", "orașul", "občine", "župan", "mestna", "stadt", "gemeinde"]
)  # fmt: skip
_LINKS = frozenset(
    search_text(word) for word in ["of", "the", "na", "на", "në", "e", "i", "de", "din", "a", "für", "von", "für"]
)
# Cities whose name is also given to people: a word by itself is not enough.
_GIVEN = frozenset(
    [
        "sofia",
        "larissa",
        "larisa",
        "florina",
        "arta",
        "zara",
        "roman",
        "elena",
        "irina",
        "vera",
        "alba",
        "adana",
        "valona",
        "petra",
        "lana",
        "milas",
    ]
)


@dataclass(frozen=True)
class Mention:
    """What a part of a name was resolved to, and whether it can mean nothing else."""

    resolution: Resolution
    is_sure: bool


@dataclass(frozen=True)
class _Spot:
    """A part of a name that may be an organisation's; a piece of its own is also compared with names that are nearly so."""

    text: str
    is_sure: bool
    is_piece: bool = False


def mentions_in(names: Iterable[str]) -> dict[str, list[Mention]]:
    """Find the organisations that names mention; a number of queries that grows only with thousands of names.

    Sure is what stands by itself between separators or beside a word such as "Municipality"; an organisation within running
    words is a suggestion, since people are called Sofia too. Where nothing is found, what is nearly a name is suggested.
    """
    spots = {name: list(_spots(name)) for name in names}
    known = _resolved(dict.fromkeys(spot.text for each in spots.values() for spot in each))
    found = {name: list(_found(each, known)) for name, each in spots.items()}
    nearly = _nearly([spot for name, each in spots.items() if not found[name] for spot in each if spot.is_piece], known)
    return {name: mentions or _suggested(spots[name], nearly) for name, mentions in found.items()}


def _suggested(spots: Iterable[_Spot], nearly: dict[str, Mention]) -> list[Mention]:
    """Give what the pieces of one name nearly are, each meaning once."""
    meant = {nearly[spot.text].resolution.candidates: nearly[spot.text] for spot in spots if spot.text in nearly}
    return list(meant.values())


def _resolved(texts: Iterable[str]) -> dict[str, Resolution]:
    wanted = list(texts)
    known: dict[str, Resolution] = {}
    for start in range(0, len(wanted), CHUNK):
        known |= resolve_all(wanted[start : start + CHUNK])
    return known


def _nearly(spots: Sequence[_Spot], known: dict[str, Resolution]) -> dict[str, Mention]:
    """Suggest for pieces that are nearly an organisation's name."""
    unknown = list({known[spot.text] for spot in spots if known[spot.text].outcome == Outcome.UNKNOWN})
    return {each.text: Mention(each, False) for each in suggest_all(unknown) if each.candidates}


def _found(spots: Iterable[_Spot], known: dict[str, Resolution]) -> Iterator[Mention]:
    """Give what the parts of one name mean, the longest first; what lies within a longer one that means something is not asked."""
    accepted: list[str] = []
    for spot in sorted(spots, key=lambda spot: -len(spot.text.split())):
        resolution = known[spot.text]
        padded = f" {search_text(spot.text)} "
        if resolution.outcome == Outcome.UNKNOWN or any(padded in other for other in accepted):
            continue
        is_heard = resolution.outcome == Outcome.SPELLING
        if is_heard and not spot.is_sure:
            continue
        accepted.append(padded)
        is_sure = spot.is_sure and resolution.organisation is not None
        yield Mention(resolution, is_sure and not (is_heard and len(fold_loosely(spot.text)) < _SURE_SOUND))


def _spots(name: str) -> Iterator[_Spot]:
    pieces = [piece for piece in _PARTED.split(name) if any(letter.isalpha() for letter in piece)][:MOST_PIECES]
    is_reversed = "," in name and len(pieces) == 2 and all(len(piece.split()) == 1 for piece in pieces)
    for piece in pieces:
        yield from _of_piece(piece, is_alone=len(pieces) == 1, is_listed="," in name, is_reversed=is_reversed)
    for one, two in zip(pieces, pieces[1:], strict=False):
        yield _Spot(f"{one}, {two}", not is_reversed)


def _of_piece(piece: str, *, is_alone: bool, is_listed: bool, is_reversed: bool) -> Iterator[_Spot]:
    words = piece.split()
    core = _core(words)
    if not core:
        return
    is_marked = len(core) < len(words)
    is_given = len(core) == 1 and search_text(core[0]) in _GIVEN and (is_alone or is_listed)
    is_sure = is_marked or not (is_given or is_reversed)
    yield _Spot(piece, is_sure, is_piece=not is_alone or is_marked)
    if is_marked:
        yield _Spot(" ".join(core), is_sure, is_piece=True)
    yield from _runs([word for part in words[:MOST_WORDS] for word in re.split(r"[.-]+", part) if word])


def _core(words: Sequence[str]) -> list[str]:
    """Take words such as "Municipality of" off both ends."""
    kept = list(words)
    while kept and _is_beside(kept[0]):
        kept.pop(0)
    while kept and _is_beside(kept[-1]):
        kept.pop()
    return kept


def _is_beside(word: str) -> bool:
    folded = search_text(word)
    return not folded or folded in _GENERIC or folded in _LINKS


def _runs(words: Sequence[str]) -> Iterator[_Spot]:
    """Give the runs of a few words within a piece: sure beside a word such as "Municipality", else a suggestion."""
    folded = [search_text(word) for word in words]
    for start in range(len(words)):
        for length in range(1, min(LONGEST_RUN, len(words) - start) + 1):
            run = range(start, start + length)
            if len(run) == len(words) or any(folded[at] in _GENERIC for at in run) or folded[start] in _LINKS:
                continue
            yield _Spot(" ".join(words[start : start + length]), _has_sign(folded, start, start + length))


def _has_sign(folded: Sequence[str], start: int, end: int) -> bool:
    before = [word for word in folded[:start] if word not in _LINKS]
    return bool(before and before[-1] in _GENERIC) or (end < len(folded) and folded[end] in _GENERIC)
