"""Doing a merge: one transaction, one batch of the history, each row through its own model's rules."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CASCADE
from django.utils.translation import gettext as _

from b40.merging import follow
from b40.merging.choices import take, unchosen
from b40.merging.plan import Moving, Obstacle, Pair, Plan, Seen, broken_rules, label_of, names_of_loser, plan_merge
from b40.merging.relations import Row, own_lists
from meetings.actions import save_meeting
from meetings.frozen import lifted
from meetings.models import Meeting
from members.history import acting, lock
from members.models import Organisation, OrganisationName, User

Saver = Callable[[Row, str], object]


class MergeRefused(Exception):
    """The two cannot be merged; `obstacles` says why, and where that can be mended."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__("; ".join(obstacle.text for obstacle in obstacles))
        self.obstacles = obstacles


class MergeStale(Exception):
    """One of the two, or what would move, changed since somebody looked."""


def merge(
    winner: Organisation, loser: Organisation, *, by: User, chosen: dict[str, bool] | None = None, seen: Seen | None = None
) -> Organisation:  # fmt: skip
    """Merge one record into another and delete it.

    Takes the record that stays and the one that goes, by whom, for which fields the other's values were chosen (True)
    or not (False), and what was seen before deciding. Gives the record that stays. Raises MergeStale when that has
    changed, MergeRefused with every obstacle; nothing is written then.
    """
    reason = _("“%(loser)s” merged into “%(winner)s”") % {"loser": loser, "winner": winner}
    try:
        with transaction.atomic(), acting(user=by, reason=reason), lifted():
            return _merge(*_locked(winner, loser), chosen or {}, seen)
    except IntegrityError as error:
        raise MergeRefused(
            [Obstacle(_("Another record stands in the way: look again, and correct that first."))]
        ) from error


def _locked(winner: Organisation, loser: Organisation) -> tuple[Organisation, Organisation]:
    """Let nobody else write to the two, nor refer to them, until the end."""
    keys = sorted({winner.pk, loser.pk})
    if len(keys) < 2:
        raise MergeRefused([Obstacle(_("A record cannot be merged into itself."))])
    for key in keys:
        lock(Organisation, key)
    found = {one.pk: one for one in Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    if len(found) < 2:
        raise MergeStale
    return found[winner.pk], found[loser.pk]


def _merge(winner: Organisation, loser: Organisation, chosen: dict[str, bool], seen: Seen | None) -> Organisation:
    plan = plan_merge(winner, loser)
    if seen is not None and seen != plan.seen:
        raise MergeStale
    obstacles = [*plan.obstacles, *map(Obstacle, unchosen(plan.choices, chosen))]
    if obstacles:
        raise MergeRefused(obstacles)
    take(winner, plan.choices, chosen)
    _move_all(plan)
    _finish(plan)
    return winner


def _move_all(plan: Plan) -> None:
    broken = [obstacle for moving in plan.moving for obstacle in _move(moving, plan)]
    if broken:
        raise MergeRefused(broken)
    for own in own_lists():
        getattr(plan.winner, own.name).add(*getattr(plan.loser, own.name).all())


def _move(moving: Moving, plan: Plan) -> list[Obstacle]:
    for pair in moving.pairs:
        _join(pair)
    if moving.relation.is_list:
        for row in moving.rows:
            _replace_in_list(moving, row, plan)
        return []
    return [obstacle for row in [*moving.rows, *_asked_again(moving, plan)] for obstacle in _give(moving, row, plan)]


def _asked_again(moving: Moving, plan: Plan) -> list[Row]:
    """The rows that may not suit the record that stays any more: all its own, when it may become another kind."""
    return moving.staying if any(choice.name == "kind" for choice in plan.choices) else []


def _give(moving: Moving, row: Row, plan: Plan) -> list[Obstacle]:
    """Give a row to the record that stays, unless one of the row's own rules forbids it."""
    moves = getattr(row, moving.relation.field.attname) != plan.winner.pk
    broken = broken_rules(moving.relation, row, plan.winner)
    if moves and not broken:
        _SAVERS.get(type(row), _save)(row, moving.relation.field.name)
    return [Obstacle(f"{label_of(row)}: {text}", (row,)) for text in broken]


def _save(row: Row, field: str) -> None:
    row.save()


def _save_meeting(row: Row, field: str) -> None:
    save_meeting(row, changed=[field])


# Saving these does more than writing the row.
_SAVERS: dict[type[Any], Saver] = {Meeting: _save_meeting}


def _replace_in_list(moving: Moving, row: Row, plan: Plan) -> None:
    listed = getattr(row, moving.relation.field.name)
    listed.set({one for one in listed.all() if one != plan.loser} | {plan.winner})


def _join(pair: Pair) -> None:
    for name, value in pair.joined.values.items():
        setattr(pair.stays, name, value)
    if pair.joined.values:
        pair.stays.save()
    for links in type(pair.stays)._meta.many_to_many:
        getattr(pair.stays, links.name).add(*getattr(pair.goes, links.name).all())
    _take_parts(pair)
    follow.remember_instead(pair.goes, pair.stays)
    pair.goes.delete()


def _take_parts(pair: Pair) -> None:
    """Give the parts of the row that goes (names of delegates, personal links) to the one that stays.

    What that has already goes along with the row.
    """
    for relation in type(pair.goes)._meta.related_objects:
        if relation.one_to_many and relation.on_delete is CASCADE:
            for part in relation.related_model._base_manager.filter(**{relation.field.name: pair.goes}):
                setattr(part, relation.field.name, pair.stays)
                with suppress(ValidationError):
                    part.validate_constraints()
                    part.save()


def _finish(plan: Plan) -> None:
    """Let what knows the record that goes know the other one, delete it, and list its names with the one that stays."""
    winner, loser, former = plan.winner, plan.loser, Organisation.objects.get(pk=plan.winner.pk)
    follow.remember_instead(loser, winner)
    for slug in (winner.slug, loser.slug):
        follow.remember_slug(slug, winner)
    address, names = loser.get_absolute_url(), names_of_loser(loser)
    loser.delete()
    try:
        winner.full_clean(exclude={each.name for each in winner._meta.fields if not each.editable})
    except ValidationError as error:
        raise MergeRefused([Obstacle(text) for text in error.messages]) from error
    winner.save()
    follow.keep_address(address, winner)
    _list_names(winner, [former.name, former.abbreviation, *names])
    _unlist_repeated(plan)


def _unlist_repeated(plan: Plan) -> None:
    """Take out of the names that came along a mere spelling that is the name itself."""
    moved = [row for moving in plan.moving if moving.relation.model is OrganisationName for row in moving.rows]
    for name in moved:
        if name.text == plan.winner.name and not name.language:
            name.delete()


def _list_names(winner: Organisation, names: list[str]) -> None:
    known = {winner.name, winner.abbreviation, "", *winner.names.values_list("text", flat=True)}
    for name in dict.fromkeys(names):
        if name not in known:
            OrganisationName.objects.create(organisation=winner, text=name)
