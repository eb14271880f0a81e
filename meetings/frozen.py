"""A closed meeting's record is frozen: what was published stays as it was, until it is reopened with a reason."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from django.utils.translation import gettext_lazy as _

from meetings.models import AgendaItem, Attendance, Decision, Delegate, Guest, Meeting, MeetingStatus, Session

# The parts that are frozen, each with the way to its meeting's key.
PARTS: dict[type[models.Model], Callable[[Any], int | None]] = {
    Session: lambda session: session.meeting_id,
    AgendaItem: lambda item: _meeting_of(Session, item.session_id),
    Attendance: lambda row: row.meeting_id,
    Delegate: lambda delegate: _meeting_of(Attendance, delegate.attendance_id),
    Decision: lambda decision: decision.meeting_id,
    Guest: lambda guest: guest.meeting_id,
}
LINKS = (Session.working_groups.through, AgendaItem.topics.through)
# What may still be written of a closed meeting: texts about it, and what keeps itself.
FREE = frozenset({"status", "summary", "report", "note", "slug", "sequence", "changed_at", "search"})
MESSAGE = _("“%(meeting)s” is closed and its record frozen. Reopen it first, with a reason.")


class Frozen(ValidationError):
    """What was to be written belongs to a closed meeting, which it carries."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(MESSAGE, params={"meeting": meeting})
        self.meeting = meeting


_lifted: ContextVar[bool] = ContextVar("frozen_lifted", default=False)


@contextmanager
def lifted() -> Iterator[None]:
    """Let the record of closed meetings be written: for the register's own corrections, which change no fact of it."""
    token = _lifted.set(True)
    try:
        yield
    finally:
        _lifted.reset(token)


def meeting_of(record: models.Model) -> int | None:
    """Give the key of the meeting with which a record is frozen; None for what is never frozen."""
    if isinstance(record, Meeting):
        return record.pk
    found = PARTS.get(type(record))
    return found(record) if found else None


def refuse_frozen(record: models.Model) -> None:
    """Raises Frozen when a record belongs to a closed meeting."""
    key = meeting_of(record)
    if key is None or _lifted.get():
        return
    closed = Meeting.objects.filter(pk=key, status=MeetingStatus.CLOSED).first()
    if closed and (not isinstance(record, Meeting) or _differs(record, closed)):
        raise Frozen(closed)


def _differs(meeting: Meeting, stored: Meeting) -> bool:
    """Whether something frozen of a meeting is about to change."""
    fields = [field for field in Meeting._meta.concrete_fields if field.attname not in FREE and not field.generated]
    return any(getattr(meeting, field.attname) != getattr(stored, field.attname) for field in fields)


def _meeting_of(model: type[models.Model], key: int | None) -> int | None:
    return model._default_manager.filter(pk=key).values_list("meeting", flat=True).first()


def _on_write(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        refuse_frozen(instance)


def _on_link(sender: type[models.Model], instance: models.Model, action: str, **kwargs: Any) -> None:
    if action.startswith("pre_"):
        refuse_frozen(instance)


WATCHED: list[type[models.Model]] = [*PARTS, Meeting]
for _model in WATCHED:
    pre_save.connect(_on_write, sender=_model, dispatch_uid=f"frozen-save-{_model.__name__}")
for _model in PARTS:
    pre_delete.connect(_on_write, sender=_model, dispatch_uid=f"frozen-delete-{_model.__name__}")
for _through in LINKS:
    m2m_changed.connect(_on_link, sender=_through, dispatch_uid=f"frozen-link-{_through.__name__}")
