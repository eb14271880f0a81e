"""What a record held after some change, and bringing that back as a new change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from members.history.actor import acting
from members.history.values import State, link_fields, loaded, own_fields, read, read_links
from members.models.changes import Action, Change

Save = Callable[[models.Model, list[str]], None]


class RestoreRefused(Exception):
    """An earlier state cannot be brought back; `reasons` says why, one sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass
class Restored:
    """What was brought back: the record, the parts that were deleted with it, and what could not come along."""

    record: models.Model
    parts: list[models.Model] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def model_of(change: Change) -> type[models.Model]:
    """Give the model of a change's record. Raises LookupError for one that is no more."""
    return apps.get_model(change.model)


def current_state(model: type[models.Model], key: Any) -> State | None:
    """Give all values of a record as it stands, or None when there is no such record."""
    state = read(model, key)
    return None if state is None else {**state, **read_links(model, key)}


def state_after(change: Change) -> State:
    """Give what a record held after a change; after a deletion, what it held last.

    Walks back from the record as it stands, so that it also answers for what was never changed on record.
    """
    if change.action == Action.DELETED:
        return before(change)
    state = current_state(model_of(change), change.key) or {}
    later = Change.objects.of_record(change.record).filter(pk__gt=change.pk).order_by("-pk")
    for each in later:
        state.update(before(each))
    return {name: value for name, value in state.items() if name in _names(model_of(change))}


def before(change: Change) -> State:
    """Give what the changed fields held before a change."""
    return {name: values[0] for name, values in change.fields.items()}


def undone(changes: Iterable[Change]) -> dict[str, State]:
    """Give, for each record, what its changed fields held before all of these changes. Takes them newest first."""
    states: dict[str, State] = {}
    for change in changes:
        states.setdefault(change.record, {}).update(before(change))
    return states


def restore(change: Change, *, save: Save | None = None) -> Restored:
    """Bring back, as a new change, what a record held after a change; a deleted record comes back with its parts.

    Takes how to save a record whose named fields changed; by itself it is simply saved. All or nothing. Raises
    RestoreRefused when a rule of the models, or another record, stands against it.
    """
    day = change.at.strftime("%Y-%m-%d %H:%M")
    with acting(reason=_("earlier state of %(when)s UTC") % {"when": day}):
        try:
            with transaction.atomic():
                return _restore(change, save or _simply_save)
        except ValidationError as error:
            raise RestoreRefused(error.messages) from error
        except IntegrityError as error:
            raise RestoreRefused([_("Another record stands in its place: change that one first.")]) from error


def _restore(change: Change, save: Save) -> Restored:
    model, key = model_of(change), change.key
    record = model._base_manager.filter(pk=key).first()
    state = state_after(change)
    restored = Restored(record or model(pk=model._meta.pk.to_python(key)))
    _fill(restored, restored.record, state, save)
    if record is None and change.action == Action.DELETED:
        _restore_parts(restored, change, save)
    return restored


def _restore_parts(restored: Restored, deletion: Change, save: Save) -> None:
    """Bring back what was deleted along with a record: its parts, then theirs."""
    along = Change.objects.filter(batch=deletion.batch, action=Action.DELETED).exclude(record=deletion.record)
    waiting, wholes = list(along.order_by("pk")), {deletion.record}
    while ready := [each for each in waiting if each.part_of in wholes]:
        for each in ready:
            model = model_of(each)
            part = model(pk=model._meta.pk.to_python(each.key))
            _fill(restored, part, before(each), save)
            restored.parts.append(part)
        wholes = {each.record for each in ready}
        waiting = [each for each in waiting if each not in ready]


def _fill(restored: Restored, record: models.Model, state: State, save: Save) -> None:
    model = type(record)
    changed = []
    for column in own_fields(model):
        if column.name in state and _fill_column(restored, record, column, state[column.name]):
            changed.append(column.name)
    derived = [each.name for each in model._meta.concrete_fields if not each.editable]
    record.clean_fields(exclude=derived)  # first, since the rules below read the records that these fields name
    record.full_clean(exclude=derived)
    save(record, changed)
    for links in link_fields(model):
        if links.name in state:
            _fill_links(restored, record, links, state[links.name] or [])


def _fill_column(restored: Restored, record: models.Model, column: models.Field[Any, Any], value: Any) -> bool:
    """Set one value; gives whether it differs. A file that is no longer kept cannot come back."""
    if isinstance(column, models.FileField) and value and not column.storage.exists(value):
        name = _("%(field)s: the file is no longer kept") % {"field": column.verbose_name}
        if record._state.adding and not column.blank:
            raise ValidationError(name)
        restored.left_out.append(name)
        return False
    value = loaded(column, value)
    if value is None and not column.null:
        value = column.get_default()
    if column.value_from_object(record) == value:
        return False
    setattr(record, column.attname, value)
    return True


def _fill_links(restored: Restored, record: models.Model, links: Any, wanted: list[Any]) -> None:
    there = set(links.related_model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True))
    if len(there) < len(wanted):
        missing = {"field": links.verbose_name, "number": len(wanted) - len(there)}
        restored.left_out.append(_("%(field)s: %(number)s deleted since") % missing)
    cast(Any, getattr(record, links.name)).set(there)


def _simply_save(record: models.Model, changed: list[str]) -> None:
    record.save()


def _names(model: type[models.Model]) -> set[str]:
    return {each.name for each in (*own_fields(model), *link_fields(model))}
