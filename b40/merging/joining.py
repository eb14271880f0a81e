"""When two rows say the same of one thing: what the joined row says, or in which fields they contradict each other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from b40.merging.relations import Relation, Row
from members.history.values import own_fields
from members.models import Certainty

_BLANK: tuple[Any, ...] = (None, "", [])
# Here an empty value is a statement: "known by", no day before which it cannot have happened.
_EMPTY_SAYS_SOMETHING = frozenset({"earliest"})
# From what counts most: a dispute is not settled by a second row, doubt is by one that has none.
_CERTAINTY = [Certainty.DISPUTED, Certainty.CONFIRMED, Certainty.INFERRED, Certainty.UNCONFIRMED]


@dataclass
class Joined:
    """What one row would say in the place of two."""

    values: dict[str, Any] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)


def join(relation: Relation, stays: Row, goes: Row) -> Joined:
    """Compare two rows of which only one can stay. Gives the values that change in it, and the fields that contradict."""
    joined = Joined()
    for each in own_fields(relation.model):
        mine, theirs = each.value_from_object(stays), each.value_from_object(goes)
        if each.name == relation.field.name or mine == theirs:
            continue
        combine = _COMBINE.get(f"{relation.model._meta.label}.{each.name}") or _COMBINE.get(each.name)
        if combine:
            joined.values[each.attname] = combine(mine, theirs)
        elif each.name in _EMPTY_SAYS_SOMETHING or (mine not in _BLANK and theirs not in _BLANK):
            joined.conflicts.append(each.name)
        elif mine in _BLANK:
            joined.values[each.attname] = theirs
    joined.values = {name: value for name, value in joined.values.items() if getattr(stays, name) != value}
    return joined


def _both_texts(mine: str, theirs: str) -> str:
    return mine if theirs in mine else theirs if mine in theirs else f"{mine}\n{theirs}"


def _surer(mine: str, theirs: str) -> str:
    return min(mine, theirs, key=lambda certainty: _CERTAINTY.index(Certainty(certainty)))


def _mine(mine: Any, theirs: Any) -> Any:
    return mine


_COMBINE: dict[str, Callable[[Any, Any], Any]] = {
    "basis": _both_texts,
    "certainty": _surer,
    "order": _mine,
    # One spelling may serve several languages; what else a name says is the same either way.
    "members.OrganisationName.language": lambda mine, theirs: mine or theirs,
    "members.OrganisationName.is_native": lambda mine, theirs: mine or theirs,
}
