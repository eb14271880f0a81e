"""What state the record is in, so that an answer may be kept for as long as it is true."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches

from members.models import Change

T = TypeVar("T")

# Transactions may commit in another order than their changes were numbered in: so many of the newest are looked at.
NEWEST = 40
# Should more than that overtake a change, what was kept before it is forgotten after a while all the same.
KEPT_SECONDS = 300


def record_version() -> str:
    """Name the present state of the record; another name after every change that was committed.

    Asks one query of its own, of the same cost whatever the size of the record. Rests on `members.history`, which
    writes a `Change` in the transaction of every write.
    """
    newest = Change.objects.order_by("-pk").values_list("pk", "batch")[:NEWEST]
    return hashlib.sha256(repr(list(newest)).encode()).hexdigest()[:32]


def remembered(question: object, count: Callable[[], T]) -> T:
    """Give what `count` gives, counted once for each state of the record.

    Takes what the answer depends on beside the record, told apart by its `repr`: for numbers that cost as much to count
    as there are rows.
    """
    key = f"remembered:{record_version()}:{hashlib.sha256(repr(question).encode()).hexdigest()}"
    kept: tuple[T] | None = caches["answers"].get(key)
    if kept is None:
        kept = (count(),)
        caches["answers"].set(key, kept, KEPT_SECONDS)
    return kept[0]
