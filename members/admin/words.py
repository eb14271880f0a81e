"""Values of the history in words: labels of choices, names of related records, never keys."""

import datetime as dt
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, cast

from django.apps import apps
from django.contrib.admin import AdminSite
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from members.history.values import Difference, loaded
from members.models import Change, place_of

Model = type[models.Model]
NOTHING = "–"


class Words:
    """Says stored values; reads the names of all related records that come up in one query per kind."""

    def __init__(self, differences: Iterable[tuple[Model, Difference]], request: HttpRequest, site: AdminSite) -> None:
        self.request = request
        self.site = site
        self._labels: dict[str, str] = {}
        named: dict[Model, set[Any]] = {}
        for model, fields in differences:
            for name, values in fields.items():
                field = field_of(model, name)
                if field is not None and field.related_model:
                    keys = named.setdefault(cast(Model, field.related_model), set())
                    keys.update(key for value in values for key in as_list(value))
        self._read(named)

    def say(self, model: Model, name: str, value: Any) -> str:
        """Say a value of a field, or a list of them."""
        field = field_of(model, name)
        if value in (None, "", []):
            return NOTHING
        if field is None:
            return str(value)
        if field.related_model:
            related = cast(Model, field.related_model)
            return " · ".join(self._labels[place_of(related, key)] for key in as_list(value))
        return _say_plain(field, value)

    def lines(self, model: Model, fields: Difference) -> list[dict[str, str]]:
        """Say what changed, field by field in the order of the model."""
        order = [each.name for each in (*model._meta.fields, *model._meta.many_to_many)]
        names = sorted(fields, key=lambda name: order.index(name) if name in order else len(order))
        return [
            {
                "field": label_of(model, name),
                "before": self.say(model, name, fields[name][0]),
                "after": self.say(model, name, fields[name][1]),
            }
            for name in names
        ]

    def _read(self, named: dict[Model, set[Any]]) -> None:
        gone: dict[str, Any] = {}
        for model, keys in named.items():
            admin = self.site.get_model_admin(model)
            label = getattr(admin, "option_label", str)
            for record in admin.get_queryset(self.request).filter(pk__in=keys):
                self._labels[place_of(model, record.pk)] = label(record)
            gone.update({place_of(model, key): key for key in keys if place_of(model, key) not in self._labels})
        if gone:
            remembered = dict(Change.objects.filter(record__in=gone).order_by("pk").values_list("record", "label"))
            for place, key in gone.items():
                self._labels[place] = _("%(name)s (deleted)") % {"name": remembered.get(place, key)}


def field_of(model: Model, name: str) -> Any:
    """Give a field, or None for one that the model no longer has."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def label_of(model: Model, name: str) -> str:
    """Name a field as forms do."""
    field = field_of(model, name)
    return str(capfirst(field.verbose_name)) if field is not None else name


def kind_of(change: Change) -> str:
    """Name the kind of record that a change is of."""
    try:
        return str(capfirst(apps.get_model(change.model)._meta.verbose_name))
    except LookupError:
        return change.model


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _say_plain(field: Any, value: Any) -> str:
    if isinstance(field, models.FileField):
        name = PurePosixPath(value).name
        return name if field.storage.exists(value) else _("%(name)s (no longer kept)") % {"name": name}
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _say(loaded(field, value))


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value)
        return f"{formats.date_format(local, 'j F Y, H:i')} ({local.tzname()})"
    if isinstance(value, dt.date):
        return formats.date_format(value, "j F Y")
    return " · ".join(map(str, value)) if isinstance(value, list) else str(value)
