"""Files that no row refers to any more are deleted, once the transaction that let go of them is through."""

from functools import partial
from typing import Any

from django.apps import apps
from django.db import models, transaction

from members.history.values import Difference


def discard_replaced(model: type[models.Model], changed: Difference) -> None:
    """Delete, on commit, the files that these fields held before, unless some row still refers to them.

    The history goes on naming them, and says that they are no longer kept.
    """
    for name, (before, after) in changed.items():
        field = model._meta.get_field(name)
        if isinstance(field, models.FileField) and before and before != after:
            transaction.on_commit(partial(_discard, model, field, before))


def _discard(model: type[models.Model], field: models.FileField, name: str) -> None:
    if not is_referred_to(name):
        # Through the field's own file class: a picture also has smaller sizes.
        field.attr_class(model(), field, name).delete(save=False)


def is_referred_to(name: str) -> bool:
    """Whether any row of any model holds this file."""
    return any(model._base_manager.filter(**{field.name: name}).exists() for model, field in _file_fields())


def _file_fields() -> list[tuple[type[models.Model], models.Field[Any, Any]]]:
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    ]
