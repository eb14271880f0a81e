"""Every relation to an organisation, found through the models themselves: one that a later model brings is found too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from members.models import Organisation

Model = type[models.Model]
Row = Any  # a record of whatever model names the organisation
# What labels of rows read beside the records that a row names.
_PREFETCH = {"meetings.Attendance": ("session__working_groups",)}


@dataclass(frozen=True)
class Relation:
    """One field of one model that names organisations: a column, or (`is_list`) a relation to many."""

    model: Model
    field: Any
    is_list: bool

    @property
    def name(self) -> str:
        """As in "meetings.attendance.organisation"."""
        return f"{self.model._meta.label_lower}.{self.field.name}"

    @property
    def title(self) -> str:
        """As in "Attendance", or, for a model that names organisations in a role of their own, "Meetings (host city)"."""
        kind = str(capfirst(self.model._meta.verbose_name_plural))
        return kind if self.field.name.startswith("organisation") else f"{kind} ({self.field.verbose_name})"

    def rows(self, organisations: Iterable[Organisation]) -> list[Row]:
        """Read the rows that name any of some organisations, with what their labels need, in a fixed number of queries."""
        keys = [one.pk for one in organisations]
        rows = self.model._base_manager.filter(**{f"{self.field.name}__in": keys}).order_by("pk").distinct()
        named = [field.name for field in self.model._meta.concrete_fields if field.many_to_one or field.one_to_one]
        lists = [self.field.name] if self.is_list else []
        if named:
            rows = rows.select_related(*named)
        return list(rows.prefetch_related(*_PREFETCH.get(self.model._meta.label, ()), *lists))

    def names(self, row: Row, organisation: Organisation) -> bool:
        """Whether a row names an organisation."""
        if self.is_list:
            return organisation in getattr(row, self.field.name).all()
        return bool(getattr(row, self.field.attname) == organisation.pk)


def relations() -> list[Relation]:
    """Find every relation to an organisation: columns of other models first, then relations to many."""
    found = [*_columns(), *_lists()]
    return sorted(found, key=lambda relation: (relation.is_list, relation.name))


def own_lists() -> list[models.ManyToManyField[Any, Any]]:
    """The relations to many that an organisation's own page holds: its sources."""
    return list(Organisation._meta.many_to_many)


def _columns() -> Iterator[Relation]:
    for reverse in Organisation._meta.get_fields(include_hidden=True):
        if isinstance(reverse, models.ManyToOneRel) and not _is_through(reverse.related_model):
            yield Relation(reverse.related_model, reverse.field, is_list=False)


def _lists() -> Iterator[Relation]:
    for reverse in Organisation._meta.get_fields(include_hidden=True):
        if isinstance(reverse, models.ManyToManyRel) and reverse.through and _is_through(reverse.through):
            yield Relation(reverse.related_model, reverse.field, is_list=True)


def _is_through(model: Model) -> bool:
    """Whether Django made the model for a relation to many; one that is written out has rows of its own, which move."""
    return bool(model._meta.auto_created)


@dataclass(frozen=True)
class Key:
    """Columns of which the database keeps no two rows alike for one organisation, and the condition on those rows."""

    names: tuple[str, ...]
    condition: Q | None


def keys_of(relation: Relation) -> list[Key]:
    """Find the rules by which two rows cannot both belong to one organisation."""
    model, name = relation.model, relation.field.name
    keys = [
        Key(_others(model, constraint.fields, name), constraint.condition)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and name in constraint.fields
    ]
    keys += [Key(_others(model, fields, name), None) for fields in model._meta.unique_together if name in fields]
    return [*keys, Key((), None)] if relation.field.unique else keys


def _others(model: Model, fields: Iterable[str], name: str) -> tuple[str, ...]:
    return tuple(model._meta.get_field(each).attname for each in fields if each != name)  # type: ignore[union-attr]


def paired(relation: Relation, mine: list[Row], others: list[Row]) -> dict[Any, tuple[Row, Row]]:
    """Find the rows that cannot stand side by side once they belong to one organisation.

    Gives, by the key of the row that goes, (the row that stays, the row that goes). Asks a query for each rule with a
    condition.
    """
    pairs: dict[Any, tuple[Row, Row]] = {}
    for key in keys_of(relation):
        meant = _meant(relation.model, key, [*mine, *others])
        staying = {_values(row, key): row for row in mine if row.pk in meant}
        for row in others:
            values = _values(row, key)
            if row.pk in meant and None not in values and values in staying:
                pairs.setdefault(row.pk, (staying[values], row))
    return pairs


def _meant(model: Model, key: Key, rows: list[Row]) -> set[Any]:
    keys = {row.pk for row in rows}
    if key.condition is None or not keys:
        return keys
    return set(model._base_manager.filter(key.condition, pk__in=keys).values_list("pk", flat=True))


def _values(row: Row, key: Key) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in key.names)
