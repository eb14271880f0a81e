"""The record of a closed meeting is shown, not edited."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from meetings.frozen import FREE, refuse_frozen
from meetings.models import Meeting


def is_frozen(request: HttpRequest, record: models.Model | None) -> bool:
    """Whether a record, a meeting or a part of one, is part of a closed meeting's record. Asked once a request."""
    if record is None or record.pk is None:
        return False
    asked: dict[tuple[type[models.Model], object], bool] = request.__dict__.setdefault("frozen_records", {})
    key = (type(record), record.pk)
    if key not in asked:
        asked[key] = record.is_closed if isinstance(record, Meeting) else _is_refused(record)
    return asked[key]


def _is_refused(record: models.Model) -> bool:
    try:
        refuse_frozen(record)
    except ValidationError:
        return True
    return False


class FrozenMixin:
    """An admin, or an inline, of parts of meetings: those of a closed meeting can only be looked at.

    An inline is asked with the record on whose page it stands.
    """

    def has_add_permission(self, request: HttpRequest, *obj: Any) -> bool:
        may: bool = super().has_add_permission(request, *obj)  # type: ignore[misc]
        return may and not any(is_frozen(request, record) for record in obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return may and not is_frozen(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return may and not is_frozen(request, obj)


class FrozenMeetingMixin:
    """The admin of meetings: of a closed one the texts alone are edited, and its status only by steps."""

    def get_readonly_fields(self, request: HttpRequest, obj: Meeting | None = None) -> Any:
        given = [*super().get_readonly_fields(request, obj), "status"]  # type: ignore[misc]
        if obj is None or not obj.is_closed:
            return given
        fields = [*Meeting._meta.concrete_fields, *Meeting._meta.many_to_many]
        return [*given, *(field.name for field in fields if field.editable and field.name not in {*FREE, *given})]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Meeting | None = None) -> Any:
        """An address is proposed for a new meeting; later titles leave it alone."""
        return super().get_prepopulated_fields(request, obj) if obj is None else {}  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        may: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return may and not (obj is not None and obj.is_closed)
