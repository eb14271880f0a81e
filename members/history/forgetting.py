"""Taking out of the history what may not be kept: the one place where what was written there is changed."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from members.models.changes import Change, place_of


def forget_values(record: models.Model, replaced: Mapping[str, str]) -> None:
    """Replace what the history holds of some columns of one record, before and after each change, and what it calls it.

    Takes the neutral text of each column. Values that were empty stay so; that something changed stays told.
    """
    for change in Change.objects.of_record(place_of(type(record), record.pk)):
        for name in replaced.keys() & change.fields.keys():
            change.fields[name] = [value and replaced[name] for value in change.fields[name]]
        change.label = str(record)[:300]
        change.save(update_fields=["fields", "label"])


def delete_and_forget(record: models.Model, replaced: Mapping[str, str]) -> None:
    """Delete a record; the history keeps that it was there and went, not what these columns held."""
    key = record.pk
    record.delete()
    record.pk = key  # the deletion wrote down what it deleted
    for name, neutral in replaced.items():
        setattr(record, name, neutral)
    forget_values(record, replaced)


def rename_writer(user: Any, name: str) -> None:
    """Call whoever wrote by another name in every change that they made."""
    for change in Change.objects.filter(user=user):
        change.actor = name
        change.save(update_fields=["actor"])
