"""Finding an organisation at the desk, by whatever is typed."""

from members.models import Organisation
from members.resolver import resolve

MOST_FOUND = 12
# How umlauts are spelt out where the keyboard has none: "Ueskueb" for "Üsküb".
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def find_organisations(text: str) -> list[Organisation]:
    """Give the organisations that a text may mean, a dozen at most.

    By the beginnings of their names' words, in any spelling and script; where none begins so, the closest that the
    resolver knows.
    """
    for written in _ways(text):
        found = list(Organisation.objects.matching(written).select_related("country")[:MOST_FOUND])
        if found:
            return found
    closest = (list(resolve(written).candidates) for written in _ways(text))
    return next((found for found in closest if found), [])


def _ways(text: str) -> list[str]:
    """The text as typed, and as it is meant when its umlauts are spelt out."""
    meant = text.lower()
    for digraph, letter in _DIGRAPHS:
        meant = meant.replace(digraph, letter)
    return list(dict.fromkeys([text.lower(), meant]))
