"""Replacing names and addresses in every text of every table, whichever model somebody adds one day."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session as BrowserSession
from django.db import models
from django.db.models import FileField

from meetings.frozen import lifted
from meetings.models import ParticipantReport
from meetings.reports.letting_go import let_go_of_file
from meetings.reports.reading import readings_of
from meetings.reports.refusals import UnreadableReport
from members.models import Change, SearchWord
from members.names import search_text

# Names of models and rights, sessions (treated before), and the index, which follows what it indexes.
LEFT_ALONE: set[type[models.Model]] = {ContentType, Permission, BrowserSession, SearchWord}


class Wording:
    """What is replaced by what: names as whole words in any case and with any blanks, and as search folds them;
    addresses whole.
    """

    def __init__(self, names: Mapping[str, str], addresses: Mapping[str, str]) -> None:
        folded = {search_text(name): search_text(neutral) for name, neutral in names.items() if search_text(name)}
        self.patterns = [
            (re.compile(rf"(?<!\w){_blanks(name)}(?!\w)", re.IGNORECASE), neutral)
            for name, neutral in sorted([*folded.items(), *names.items()], key=lambda pair: -len(pair[0]))
        ] + [
            (re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", re.IGNORECASE), neutral)
            for address, neutral in addresses.items()
        ]

    def replaced(self, value: Any) -> Any:
        """Give a text, or whatever of JSON, with everything replaced; equal to what was given where nothing was found."""
        if isinstance(value, str):
            for pattern, neutral in self.patterns:
                value = pattern.sub(neutral, value)
            return value
        if isinstance(value, list):
            return [self.replaced(each) for each in value]
        if isinstance(value, dict):
            return {self.replaced(key): self.replaced(each) for key, each in value.items()}
        return value


def _blanks(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.split())


def sweep(wording: Wording) -> int:
    """Replace in every table; give in how many rows something was found. The history comes last: saving adds to it."""
    if not wording.patterns:
        return 0
    with lifted():
        number = _reports(wording)
        for model in _kinds():
            number += _sweep(model, wording)
        return number


def _kinds() -> list[type[models.Model]]:
    kinds: list[type[models.Model]] = [each for each in apps.get_models() if each not in LEFT_ALONE and each != Change]
    kinds.append(Change)
    return kinds


def _sweep(model: type[models.Model], wording: Wording) -> int:
    columns = [field.attname for field in text_fields(model)]
    found = list(_hits(model, columns, wording)) if columns else []
    for key, changed in found:
        row = model._base_manager.get(pk=key)
        for column, value in changed.items():
            setattr(row, column, value)
        row.save(update_fields=list(changed))
    return len(found)


def _hits(model: type[models.Model], columns: list[str], wording: Wording) -> Iterator[tuple[Any, dict[str, Any]]]:
    for key, *values in list(model._base_manager.order_by("pk").values_list("pk", *columns)):
        after = {column: wording.replaced(value) for column, value in zip(columns, values, strict=True)}
        changed = {column: new for (column, new), old in zip(after.items(), values, strict=True) if new != old}
        if changed:
            yield key, _fitting(model, changed)


def _fitting(model: type[models.Model], changed: dict[str, Any]) -> dict[str, Any]:
    """Keep each text within its column."""
    limits = {field.attname: getattr(field, "max_length", None) for field in text_fields(model)}
    return {
        column: value[: limits[column]] if isinstance(value, str) and limits[column] else value
        for column, value in changed.items()
    }


def text_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Give the columns of a model that hold texts, structured ones too; not keys and not the names of files."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not isinstance(field, FileField)
        and not field.primary_key
    ]


def _reports(wording: Wording) -> int:
    """Let go of the files of participant reports that name them."""
    number = 0
    for report in ParticipantReport.objects.order_by("pk"):
        if report.raw and _names(bytes(report.raw), wording):
            let_go_of_file(report)
            number += 1
    return number


def _names(raw: bytes, wording: Wording) -> bool:
    try:
        readings = readings_of(raw)
    except UnreadableReport:
        return True  # what cannot be read cannot be cleared
    return any(wording.replaced(cell) != cell for lines in readings for line in lines for cell in line.cells)
