"""Numbers that cost as much to count as there are rows: counted anew while that is little, else once a minute."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import QuerySet

T = TypeVar("T")

COUNTED_ANEW = 2_000
KEPT_SECONDS = 60


def remembered(question: object, count: Callable[[], T], *, over: QuerySet[Any]) -> T:
    """Give what `count` gives, perhaps as it was up to a minute ago.

    Takes what the answer depends on, told apart by its `repr`, and the rows that are counted: beyond `COUNTED_ANEW` of
    them the answer is kept. Asks one query of its own, of the same cost whatever the size.
    """
    if not over.order_by()[COUNTED_ANEW : COUNTED_ANEW + 1].exists():
        return count()
    key = f"remembered:{hashlib.sha256(repr(question).encode()).hexdigest()}"
    kept: tuple[T] | None = cache.get(key)
    if kept is None:
        kept = (count(),)
        cache.set(key, kept, KEPT_SECONDS)
    return kept[0]
