"""Which values the two records hold differently, and which of them may stay."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from members.history.values import own_fields
from members.models import Organisation

# Says one thing in several columns; named after the first.
TOGETHER = (
    ("latitude", "longitude"),
    ("population", "population_year"),
    ("photo", "photo_credit"),
    ("contact_office", "contact_email", "contact_phone"),
)
# An address stays with the record that stays; the other one leads there from then on.
_NEVER_CHOSEN = frozenset({"slug"})
# Not to be settled by whichever record somebody opened first.
_MUST_BE_CHOSEN = frozenset({"kind", "country"})
_BLANK: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class Choice:
    """One value, or values that belong together, which the two records hold differently."""

    name: str
    fields: tuple[models.Field[Any, Any], ...]
    mine: tuple[Any, ...]
    theirs: tuple[Any, ...]

    @property
    def label(self) -> str:
        return str(capfirst(" · ".join(str(field.verbose_name) for field in self.fields)))

    @property
    def must_be_chosen(self) -> bool:
        """Whether both say something, and something that decides what the record is."""
        return self.name in _MUST_BE_CHOSEN and not _is_blank(self.mine) and not _is_blank(self.theirs)

    @property
    def takes_theirs(self) -> bool:
        """Whether, unless somebody chooses, the other record's value fills an empty one."""
        return _is_blank(self.mine)


def choices_between(winner: Organisation, loser: Organisation) -> list[Choice]:
    """Find what the two records hold differently, in the order of the form."""
    found = (Choice(group[0].name, group, _values(winner, group), _values(loser, group)) for group in _groups())
    return [choice for choice in found if choice.mine != choice.theirs]


def unchosen(choices: Collection[Choice], chosen: Collection[str]) -> list[str]:
    """Say which choices nobody may leave open and somebody did."""
    return [
        _("%(field)s: the records differ, so choose which one is right.") % {"field": choice.label}
        for choice in choices
        if choice.must_be_chosen and choice.name not in chosen
    ]


def take(winner: Organisation, choices: Collection[Choice], chosen: dict[str, bool]) -> None:
    """Put into the record that stays the other one's values where these were chosen (True), or fill an empty one."""
    for choice in choices:
        if chosen.get(choice.name, choice.takes_theirs):
            for field, value in zip(choice.fields, choice.theirs, strict=True):
                setattr(winner, field.attname, value)


def _groups() -> Iterator[tuple[models.Field[Any, Any], ...]]:
    fields = {each.name: each for each in own_fields(Organisation) if each.name not in _NEVER_CHOSEN}
    for name in list(fields):
        group: tuple[str, ...] = next((each for each in TOGETHER if name in each), (name,))
        if group[0] in fields:
            yield tuple(fields.pop(each) for each in group)


def _values(record: Organisation, group: tuple[models.Field[Any, Any], ...]) -> tuple[Any, ...]:
    return tuple(_plain(each, each.value_from_object(record)) for each in group)


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    return str(getattr(value, "name", value) or "") if isinstance(field, models.FileField) else value


def _is_blank(values: tuple[Any, ...]) -> bool:
    return all(value in _BLANK for value in values)
