"""Search by words, at a cost that does not depend on how much is on record.

A searchable model has a `search` column with its folded text; each word of it stands in `SearchWord`. `make_searchable`
keeps the two in step at every save and deletion, `index_all` after rows were made in bulk.
"""

import itertools
from typing import Any, TypeVar

from django.db import models
from django.db.models.signals import post_delete, post_save

from members.models.words import GREATEST_WORD, SearchWord
from members.names import search_text

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")

BATCH = 2_000
# Model → the relation to the record that its words find, None for its own.
_OWNERS: dict[type[models.Model], str | None] = {}


def make_searchable(model: type[models.Model], *, owner: str | None = None) -> None:
    """Index the words of a model's `search` column from now on.

    Takes the relation to the record that the words are to find, where that is not the row itself: an organisation's names
    find the organisation.
    """
    _OWNERS[model] = owner
    post_save.connect(_after_save, sender=model)
    post_delete.connect(_after_delete, sender=model)


def searchable_models() -> tuple[type[models.Model], ...]:
    """The models whose words are indexed."""
    return tuple(_OWNERS)


def with_every_word(rows: Rows, text: str) -> Rows:
    """Keep the rows that have, for every word of a text, a word that begins so; none for a text without words."""
    words = search_text(text).split()
    found = rows if words else rows.none()
    for word in words:
        found = found.filter(pk__in=bearers(rows.model, word))
    return found


def bearers(model: type[models.Model], word: str) -> "models.QuerySet[SearchWord, Any]":
    """The keys of the records with a word that begins so, or a part with one."""
    return SearchWord.objects.filter(kind=model._meta.label_lower).beginning(word).values("object_id")


def words_of(text: str) -> set[str]:
    """Part a folded text into the words that are kept."""
    return {word[:GREATEST_WORD] for word in text.split()}


def index_all(model: type[models.Model]) -> None:
    """Index every row of a model anew: after a bulk load."""
    rows = model._default_manager.order_by("pk").only("pk", "search", *filter(None, [_OWNERS[model]]))
    SearchWord.objects.filter(**_scope(model)).delete()
    fresh = (word for row in rows.iterator(BATCH) for word in _fresh(row, words_of(row.search)))  # type: ignore[attr-defined]
    while batch := list(itertools.islice(fresh, BATCH)):
        SearchWord.objects.bulk_create(batch)


def _scope(model: type[models.Model]) -> dict[str, str]:
    owner = _OWNERS[model]
    if owner is None:
        return {"kind": model._meta.label_lower, "part": ""}
    return {"part__startswith": f"{model._meta.label_lower}:"}


def _address(row: models.Model) -> dict[str, Any]:
    """Where the words of a row stand in the index."""
    owner = _OWNERS[type(row)]
    if owner is None:
        return {"kind": row._meta.label_lower, "object_id": row.pk, "part": ""}
    field = row._meta.get_field(owner)
    kind = field.related_model._meta.label_lower  # type: ignore[union-attr]
    return {"kind": kind, "object_id": getattr(row, f"{owner}_id"), "part": f"{row._meta.label_lower}:{row.pk}"}


def _fresh(row: models.Model, words: set[str]) -> list[SearchWord]:
    return [SearchWord(word=word, **_address(row)) for word in sorted(words)]


def _after_save(sender: type[models.Model], instance: models.Model, raw: bool, **kwargs: Any) -> None:
    address = _address(instance)
    # A name that moved to another organisation leaves its words with neither.
    elsewhere = SearchWord.objects.filter(part=address["part"]) if address["part"] else SearchWord.objects.none()
    elsewhere.exclude(object_id=address["object_id"]).delete()
    kept = dict(SearchWord.objects.filter(**address).values_list("word", "pk"))
    wanted = words_of(instance.search)  # type: ignore[attr-defined]
    if gone := [key for word, key in kept.items() if word not in wanted]:
        SearchWord.objects.filter(pk__in=gone).delete()
    SearchWord.objects.bulk_create(_fresh(instance, wanted - kept.keys()))


def _after_delete(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    SearchWord.objects.filter(**_address(instance)).delete()
