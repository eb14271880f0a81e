"""The three-way merge of one object: what the file says, what it last said, what is there."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models

from b40.loading.rows import Row

_BLANK: tuple[Any, ...] = (None, "", [])
# Attributes that say one thing between them: where staff changed one, the file changes none.
_TOGETHER = (
    {"earliest", "latest"},
    {"start_on", "end_on", "date_precision"},
    {"starts_at", "ends_at"},
    {"latitude", "longitude"},
    {"population", "population_year"},
)


@dataclass
class Wanted:
    """A row with its references resolved: attributes with their values, related objects, and links by primary key."""

    row: Row
    values: dict[str, Any]
    related: dict[str, models.Model | None]
    links: dict[str, list[str]]

    @property
    def plain(self) -> dict[str, Any]:
        """Everything as JSON, as it is remembered."""
        return {name: plain(value) for name, value in self.values.items()} | self.links


@dataclass
class Merge:
    """What is to be done to one object."""

    changes: dict[str, Any] = field(default_factory=dict)
    additions: dict[str, list[str]] = field(default_factory=dict)
    conflicts: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def touched(self) -> list[str]:
        return sorted({*self.changes, *self.additions})


def plain(value: Any) -> Any:
    """Give a value as JSON holds it, so that equal values look equal."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    return value


def merge(wanted: Wanted, found: models.Model, base: dict[str, Any] | None) -> Merge:
    """Compare three sides.

    Takes what the file says, the object as it is, and what the file said last (None for an object no file brought).
    A value that is still as last loaded follows the file; one that staff changed stays, and is a conflict when the file
    says something else; an empty one is filled.
    """
    result = Merge()
    for name, value in wanted.values.items():
        said, present = plain(value), plain(getattr(found, name))
        if said == present:
            continue
        if _is_untouched(found, name, present, base):
            result.changes[name] = value
        else:
            result.conflicts[name] = (_shown(said), _shown(present))
    _keep_together(result, wanted, found)
    for name, said in wanted.links.items():
        _merge_links(
            result, name, said, {str(one.pk) for one in getattr(found, name).all()}, (base or {}).get(name, [])
        )
    return result


def _is_untouched(found: models.Model, name: str, present: Any, base: dict[str, Any] | None) -> bool:
    if base is None:
        return present in _BLANK
    if name in base:
        return bool(present == base[name])
    return present in _BLANK or present == plain(_default(found, name))


def _keep_together(result: Merge, wanted: Wanted, found: models.Model) -> None:
    for names in _TOGETHER:
        if names & result.conflicts.keys():
            for name in names & result.changes.keys():
                del result.changes[name]
                result.conflicts[name] = (_shown(plain(wanted.values[name])), _shown(plain(getattr(found, name))))


def _default(found: models.Model, name: str) -> Any:
    field = next(one for one in found._meta.concrete_fields if one.attname == name)
    return field.get_default()


def _merge_links(result: Merge, name: str, said: list[str], present: set[str], base: list[str]) -> None:
    """Links are merged one by one: new ones join, those that staff added stay, those that staff took out stay out."""
    new = [one for one in said if one not in present and one not in base]
    if new:
        result.additions[name] = new
    taken_out = [one for one in said if one not in present and one in base]
    if taken_out:
        result.conflicts[name] = (f"{len(said)} linked", f"{len(taken_out)} of them taken out")


def remembered(wanted: Wanted, base: dict[str, Any] | None) -> dict[str, Any]:
    """Give what is to be remembered: the file's values over those of former loads, and every link one ever brought."""
    values = {**(base or {}), **wanted.plain}
    for name, said in wanted.links.items():
        values[name] = sorted({*said, *(base or {}).get(name, [])})
    return values


def _shown(value: Any) -> str:
    text = "nothing" if value in _BLANK else f"“{value}”"
    return text if len(text) <= 80 else f"{text[:76]}…”"
