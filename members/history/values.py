"""A record's values as the history keeps them: plain JSON, which a later release can still read."""

import datetime as dt
import functools
from decimal import Decimal
from typing import Any

from django.db import connections, models, router
from django.utils import timezone

State = dict[str, Any]
Difference = dict[str, list[Any]]


@functools.cache
def own_fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    """The columns that people fill in; what is derived from them (search keys, times of saving) has no history."""
    return tuple(field for field in model._meta.concrete_fields if field.editable and not field.primary_key)


@functools.cache
def link_fields(model: type[models.Model]) -> tuple[models.ManyToManyField[Any, Any], ...]:
    """The relations to many that people fill in."""
    return tuple(field for field in model._meta.many_to_many if field.editable)


def stored(field: models.Field[Any, Any], value: Any) -> Any:
    """Turn a field's value into what JSON can hold, the same for equal values whatever type they came in."""
    if isinstance(field, models.ForeignKey):
        return None if value is None else stored(field.target_field, value)
    if isinstance(field, models.FileField):
        return str(getattr(value, "name", value) or "")
    if value is None or isinstance(field, models.JSONField):
        return value
    return _plain(field, field.to_python(value))


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(value, dt.datetime):
        aware = timezone.make_aware(value) if timezone.is_naive(value) else value
        return aware.astimezone(dt.UTC).isoformat()
    if isinstance(value, Decimal) and isinstance(field, models.DecimalField):
        return str(value.quantize(Decimal(1).scaleb(-field.decimal_places)))
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def loaded(field: models.Field[Any, Any], value: Any) -> Any:
    """Turn a stored value back into the field's own."""
    if value is None or isinstance(field, models.JSONField | models.FileField):
        return value
    return field.to_python(value)


def held(record: models.Model) -> State:
    """Give what a record in memory holds in its own columns."""
    return {field.name: stored(field, field.value_from_object(record)) for field in own_fields(type(record))}


def read(model: type[models.Model], key: Any, *, locked: bool = True) -> State | None:
    """Read the columns of a record from the database, locked until the transaction ends; None when there is none."""
    fields = own_fields(model)
    rows = (
        (lockable(model) if locked else model._base_manager.order_by())
        .filter(pk=key)
        .values_list(*(field.attname for field in fields))
    )
    row = rows.first() if key is not None else None
    return {field.name: stored(field, value) for field, value in zip(fields, row, strict=True)} if row else None


def read_links(model: type[models.Model], key: Any) -> State:
    """Read a record's relations to many: the keys of what it lists, in order."""
    return {field.name: linked(field, key) for field in link_fields(model)}


def linked(field: models.ManyToManyField[Any, Any], key: Any) -> list[Any]:
    """Read the keys that one relation to many lists for a record."""
    through = field.remote_field.through._base_manager  # type: ignore[union-attr]
    rows = through.filter(**{f"{field.m2m_field_name()}_id": key})
    return sorted(rows.values_list(f"{field.m2m_reverse_field_name()}_id", flat=True))


def lockable(model: type[models.Model]) -> models.QuerySet[Any]:
    """Every row of a model; read within a transaction, rows are locked where the engine locks rows.

    The lock leaves room for those who merely refer to the row. SQLite has one writer at a time and needs none.
    """
    rows = model._base_manager.order_by()
    connection = connections[router.db_for_write(model)]
    locks_rows = connection.in_atomic_block and connection.features.has_select_for_update
    return rows.select_for_update(no_key=True) if locks_rows else rows


def differences(before: State, after: State) -> Difference:
    """Give [before, after] of each value that differs."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
