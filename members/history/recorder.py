"""Writes a `Change` for every recorded record that is saved or deleted, by whatever way.

Signals, since deletions cascade and lists of relations change without any record's own `save`. What Django sends no
signal for (`QuerySet.update`, `bulk_create`, `bulk_update`) is forbidden on these models; a test reads the code for it.
"""

from typing import Any, cast

from django.db import models
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from members.history.actor import current_writer
from members.history.leftovers import discard_replaced
from members.history.values import (
    Difference,
    State,
    differences,
    held,
    link_fields,
    linked,
    lockable,
    own_fields,
    read,
    read_links,
)
from members.models.changes import Action, Change, place_of

Model = type[models.Model]
_parts: dict[Model, tuple[str, ...]] = {}


def record_changes_of(model: Model, *, part_of: tuple[str, ...] = ()) -> None:
    """Keep the history of a model.

    `part_of` names the relations to the record on whose form page its rows are edited; the first that is filled counts.
    """
    _parts[model] = part_of
    key = f"history-{model._meta.label_lower}"
    pre_save.connect(_before_save, sender=model, dispatch_uid=key)
    post_save.connect(_after_save, sender=model, dispatch_uid=key)
    pre_delete.connect(_before_delete, sender=model, dispatch_uid=key)
    for field in link_fields(model):
        through = cast(Any, field.remote_field).through
        m2m_changed.connect(_links_changed, sender=through, dispatch_uid=f"{key}-{field.name}")


def recorded_models() -> tuple[Model, ...]:
    """Every model that keeps a history."""
    return tuple(_parts)


def is_recorded(model: Model) -> bool:
    return model in _parts


def whole_of(model: Model, state: State) -> tuple[Model, Any] | None:
    """Give model and key of the record that one with such values is a part of, or None."""
    for name in _parts[model]:
        if state.get(name) is not None:
            return cast(Model, model._meta.get_field(name).related_model), state[name]
    return None


def lock_whole(model: Model, state: State) -> None:
    """Let nobody else write the same page until the transaction ends."""
    whole = whole_of(model, state)
    if whole and lockable(whole[0]).query.select_for_update:
        list(lockable(whole[0]).filter(pk=whole[1]).values_list("pk"))


def read_below_whole(model: Model, key: Any) -> State | None:
    """Lock what a record is a part of, and only then the record; give its columns, or None when there is none.

    Every writer locks from the whole down to the part: two that begin at opposite ends would each wait for the other.
    """
    seen = read(model, key, locked=False) if _parts.get(model) and lockable(model).query.select_for_update else None
    if seen is not None:
        lock_whole(model, seen)
    state = read(model, key)
    if seen is not None and state is not None and whole_of(model, state) != whole_of(model, seen):
        lock_whole(model, state)  # it was moved in between
    return state


def _before_save(sender: Model, instance: models.Model, raw: bool, **kwargs: Any) -> None:
    if raw:
        return
    lock_whole(sender, held(instance))
    instance.__dict__["_state_before"] = read(sender, instance.pk)


def _after_save(sender: Model, instance: models.Model, raw: bool, update_fields: Any = None, **kwargs: Any) -> None:
    if raw:
        return
    before: State | None = instance.__dict__.pop("_state_before", None)
    after = held(instance)
    if before is None:
        filled = {name: [None, value] for name, value in after.items() if value not in (None, "")}
        _write(instance, Action.CREATED, filled, {}, after)
        return
    if update_fields is not None:
        saved = {field.name for field in own_fields(sender) if {field.name, field.attname} & set(update_fields)}
        after = {name: value if name in saved else before[name] for name, value in after.items()}
    changed = differences(before, after)
    if changed:
        _write(instance, Action.CHANGED, changed, before, after)
        discard_replaced(sender, changed)


def _before_delete(sender: Model, instance: models.Model, **kwargs: Any) -> None:
    state = read_below_whole(sender, instance.pk)
    if state is None:
        return
    everything = {**state, **read_links(sender, instance.pk)}
    lost: Difference = {name: [value, None] for name, value in everything.items()}
    _write(instance, Action.DELETED, lost, {}, state)
    discard_replaced(sender, lost)


def _write(record: models.Model, action: Action, fields: Difference, before: State, after: State) -> None:
    model = type(record)
    whole, left = whole_of(model, after), whole_of(model, before) if before else None
    writer = current_writer()
    user = writer.known_user()
    Change.objects.create(
        batch=writer.batch,
        user_id=user.pk if user else None,
        actor=(user.get_username() if user else writer.name)[:150],
        reason=writer.reason[:300],
        action=action,
        model=model._meta.label_lower,
        record=place_of(model, record.pk),
        part_of=place_of(*whole) if whole else "",
        was_part_of=place_of(*left) if left and left != whole else "",
        label=str(record)[:300],
        fields=fields,
    )


# --- Relations to many -----------------------------------------------------------------------------------------------


def _links_changed(
    sender: Model, instance: models.Model, action: str, reverse: bool, pk_set: set[Any] | None, **kwargs: Any
) -> None:
    """Note the lists before they change, and write down those that did."""
    owner, field = _owner_of(sender)
    noted: dict[Any, list[Any]] = instance.__dict__.setdefault("_links_before", {})
    if action.startswith("pre_"):
        for key in _owners(owner, field, instance, reverse, pk_set):
            noted.setdefault((sender, key), linked(field, key))
        return
    for _through, key in [each for each in noted if each[0] is sender]:
        before, after = noted.pop((sender, key)), linked(field, key)
        if before != after:
            _write_links(owner, key, {field.name: [before, after]}, None if reverse else instance)


def _owner_of(through: Model) -> tuple[Model, models.ManyToManyField[Any, Any]]:
    return next((model, field) for model in _parts for field in link_fields(model) if _through(field) is through)


def _through(field: models.ManyToManyField[Any, Any]) -> Model:
    return cast(Model, cast(Any, field.remote_field).through)


def _owners(owner: Model, field: Any, instance: models.Model, reverse: bool, pk_set: set[Any] | None) -> list[Any]:
    """Give the keys of the records whose lists change: the one in hand, or, from the other side, those named."""
    if not reverse:
        return [instance.pk]
    if pk_set is not None:
        return sorted(pk_set)
    listing = _through(field)._base_manager.filter(**{f"{field.m2m_reverse_field_name()}_id": instance.pk})
    return list(listing.values_list(f"{field.m2m_field_name()}_id", flat=True))


def _write_links(owner: Model, key: Any, fields: Difference, record: models.Model | None) -> None:
    """Add to what the same writer just recorded of the record, or write a change of its own."""
    record = record or owner._base_manager.get(pk=key)
    batch = current_writer().batch
    last = Change.objects.filter(record=place_of(owner, key), batch=batch).order_by("-pk").first()
    if last is None:
        state = held(record)
        lock_whole(owner, state)
        _write(record, Action.CHANGED, fields, state, state)
        return
    for name, (before, after) in fields.items():
        first = last.fields[name][0] if name in last.fields else before
        last.fields[name] = [None if last.action == Action.CREATED else first, after]
    last.label = str(record)[:300]
    last.save(update_fields=["fields", "label"])
