"""A record's version: the number of the last change of the record or of its parts."""

from typing import Any

from django.db import models

from members.history.recorder import read_below_whole
from members.models.changes import Change, place_of


def version_of(model: type[models.Model], key: Any) -> int:
    """Give the version that a form page of a record has to carry. Read it before the record, never after."""
    return Change.objects.on_page(place_of(model, key)).version()


def lock(model: type[models.Model], key: Any) -> None:
    """Within a transaction, let nobody else write the record, its parts, or what it is a part of, until the end.

    Compare versions only after this: then nothing can come between the comparison and the write.
    """
    read_below_whole(model, key)
