"""Whether a text names an organisation, in any spelling on record."""

import re
from collections.abc import Iterable

from members.models import Organisation
from members.names import search_text
from members.resolver import Outcome, resolve_all

_WORD = re.compile(r"[^\W_]+")


class Mentions:
    """Finds an organisation in running texts.

    A name counts as words of their own, the first with a capital letter ("costs are split" does not name Split). One that
    other organisations bear too counts only where the text also names the country.
    """

    def __init__(self, organisation: Organisation) -> None:
        """Read the names; a fixed number of queries, none for the texts."""
        spelt = {organisation.name, *(name.text for name in organisation.names.all())}
        if len(organisation.abbreviation) > 2:
            spelt.add(organisation.abbreviation)
        found = resolve_all(sorted(spelt))
        self._sure = _keys(text for text, one in found.items() if one.organisation == organisation)
        self._shared = _keys(text for text, one in found.items() if one.outcome == Outcome.AMBIGUOUS)
        country = organisation.country
        self._country = _keys([country.name, *country.native_names]) if country else set()

    def stand_in(self, text: str) -> bool:
        """Whether the text names the organisation."""
        words = [(search_text(word), word[0].isupper()) for word in _WORD.findall(text)]
        if any(_stands(key, words) for key in self._sure):
            return True
        shared = any(_stands(key, words) for key in self._shared)
        return shared and any(_stands(key, words) for key in self._country)


def _keys(texts: Iterable[str]) -> set[tuple[str, ...]]:
    keys = {tuple(search_text(word) for word in _WORD.findall(text)) for text in texts}
    return keys - {()}


def _stands(key: tuple[str, ...], words: list[tuple[str, bool]]) -> bool:
    """Whether the words of a name follow each other in a text, the first of them with a capital letter."""
    folded = [word for word, _capital in words]
    return any(capital and tuple(folded[at : at + len(key)]) == key for at, (_word, capital) in enumerate(words))
