"""Take back all that was written together, as new changes."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from members.history.actor import acting
from members.history.states import (
    Restored,
    RestoreRefused,
    Save,
    _fill,
    _restore,
    _simply_save,
    current_state,
    model_of,
    undone,
)
from members.history.values import State
from members.models.changes import Action, Change


def undo(batch: uuid.UUID, *, save: Save | None = None) -> int:
    """Take back a batch: what it added goes, what it changed is as before, what it deleted comes back.

    Takes how to save a record whose named fields changed; by itself it is simply saved. Gives the number of records.
    Raises RestoreRefused, naming the records, when somebody changed one of them since, or when something refers to what
    would go; nothing is taken back then.
    """
    try:
        with transaction.atomic(), acting(reason=_("taken back"), own_batch=True):
            return _undo(batch, save or _simply_save)
    except ProtectedError as error:
        named = ", ".join(sorted({str(each) for each in error.protected_objects})[:5])
        raise RestoreRefused([_("%(records)s refer to what would go.") % {"records": named}]) from error
    except ValidationError as error:
        raise RestoreRefused(error.messages) from error
    except IntegrityError as error:
        raise RestoreRefused([_("Another record stands in its place: change that one first.")]) from error


def _undo(batch: uuid.UUID, save: Save) -> int:
    changes = list(Change.objects.filter(batch=batch).order_by("-pk"))
    _refuse_later(changes, batch)
    states = undone(changes)
    added = {change.record for change in changes if change.action == Action.CREATED}
    done = _bring_back(changes, added, save)
    for change in changes:
        if change.record in done:
            continue
        done.add(change.record)
        record: Any = model_of(change)._base_manager.filter(pk=change.key).first()
        if record is None:
            raise RestoreRefused([_("“%(record)s” is gone already.") % {"record": change.label}])
        if change.record in added:
            _take_away(record)
        else:
            _fill(Restored(record), record, states[change.record], save)
    return len(done)


def _bring_back(changes: list[Change], added: set[str], save: Save) -> set[str]:
    """Bring back what a batch deleted, wholes with their parts. Gives what needs no further look."""
    deletions = [change for change in changes if change.action == Action.DELETED]
    gone = {change.record for change in deletions}
    for deletion in deletions:
        if deletion.record not in added and deletion.part_of not in gone:
            _restore(deletion, save)
    return gone


def _take_away(record: models.Model) -> None:
    record.delete()


def _refuse_later(changes: list[Change], batch: uuid.UUID) -> None:
    """Refuse when a record was changed since; changes that came to nothing, as when they were taken back, are no matter."""
    records = {change.record for change in changes}
    last = max((change.pk for change in changes), default=0)
    later = list(Change.objects.filter(record__in=records, pk__gt=last).exclude(batch=batch).order_by("-pk"))
    labels = {change.record: change for change in later}  # the first of them, which still bears the old label
    touched = [labels[record] for record, values in undone(later).items() if not _still_holds(labels[record], values)]
    named = sorted(touched, key=lambda change: change.pk)[:10]
    if reasons := [_("“%(record)s” was changed since.") % {"record": each.label} for each in named]:
        raise RestoreRefused(reasons)


def _still_holds(change: Change, values: State) -> bool:
    """Whether the record of a change holds some values now."""
    now = current_state(model_of(change), change.key)
    return now is not None and all(now.get(name) == value for name, value in values.items())
