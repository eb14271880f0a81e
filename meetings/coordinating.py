"""What coordinators write of their sessions: the agenda, and notes to its items."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError, Q, RestrictedError
from django.utils.translation import gettext as _

from meetings.frozen import refuse_frozen
from meetings.minutes.notes import SavedNotes, save_notes
from meetings.minutes.saving import read_notes
from meetings.models import AgendaItem, Session
from meetings.permissions import may_edit_session
from members.history import acting, lock
from members.models import User
from workinggroups.models import PUBLIC_STATUSES, Topic


@dataclass(frozen=True)
class TypedItem:
    """An agenda item as somebody typed it; `key` is None for a new one."""

    key: int | None
    title: str
    minutes: int | None
    order: int
    topics: Collection[int]
    is_removed: bool = False


class StaleAgenda(Exception):
    """Somebody else changed the session's agenda meanwhile; `items` is how it stands now."""

    def __init__(self, items: list[AgendaItem]) -> None:
        super().__init__()
        self.items = items


def agenda_of(session: Session) -> list[AgendaItem]:
    """Read a session's items with their topics; two queries."""
    return list(session.items.order_by("order", "pk").prefetch_related("topics"))


def state_of(items: Sequence[AgendaItem]) -> str:
    """Name how an agenda stands; another name after every change of it. Takes what `agenda_of` gives."""
    held = [
        (item.pk, item.title, item.minutes, item.order, sorted(topic.pk for topic in item.topics.all()))
        for item in items
    ]
    return hashlib.sha256(repr(held).encode()).hexdigest()[:16]


def topics_for(user: User, session: Session) -> list[Topic]:
    """Give the topics that a session can take up: those on the table of its groups or of the network; one query."""
    groups = [group.pk for group in session.working_groups.all()]
    own = Q(group__in=groups) | Q(group__isnull=True)
    return list(Topic.objects.visible_to(user).filter(own, status__in=PUBLIC_STATUSES).order_by("title", "pk"))


@transaction.atomic
def save_agenda(session: Session, typed: Sequence[TypedItem], *, shown: str, by: User) -> int:
    """Write a session's agenda as typed; give how many items changed. Items that were not typed of stay.

    `shown` is the `state_of` the agenda on the page. Raises PermissionDenied, StaleAgenda, and ValidationError when the
    record is frozen, or an item to be taken off has notes, decisions or actions.
    """
    lock(Session, session.pk)
    if not may_edit_session(by, session):
        raise PermissionDenied
    refuse_frozen(session)
    items = agenda_of(session)
    if state_of(items) != shown:
        raise StaleAgenda(items)
    stored = {item.pk: item for item in items}
    offered = {topic.pk for topic in topics_for(by, session)}
    with acting(user=by):
        return sum(_write(session, stored.get(one.key or 0), one, offered) for one in typed)


def _write(session: Session, item: AgendaItem | None, typed: TypedItem, offered: Collection[int]) -> bool:
    """Write one item; topics that were not offered stay with it. Give whether anything changed."""
    if typed.is_removed:
        return _remove(item)
    topics = set(typed.topics) & set(offered)
    if item is None and not (typed.title or topics):
        return False
    before = state_of([item]) if item else ""
    item = item or AgendaItem(session=session)
    kept = {topic.pk for topic in item.topics.all()} - set(offered) if item.pk else set()
    item.title, item.minutes, item.order = typed.title, typed.minutes, typed.order
    item.full_clean()
    if item.pk and before == _state(item, kept | topics):
        return False
    item.save()
    item.topics.set(kept | topics)
    return True


def _state(item: AgendaItem, topics: Collection[int]) -> str:
    """Name how an item would stand with these topics, as `state_of` does."""
    held = [(item.pk, item.title, item.minutes, item.order, sorted(topics))]
    return hashlib.sha256(repr(held).encode()).hexdigest()[:16]


def _remove(item: AgendaItem | None) -> bool:
    if item is None:
        return False
    try:
        item.delete()
    except (ProtectedError, RestrictedError) as error:
        raise ValidationError(
            _("“%(item)s” has notes, decisions or actions: it stays on the agenda.") % {"item": item}
        ) from error
    return True


@transaction.atomic
def save_session_notes(session: Session, sent: Mapping[str, Any], *, by: User) -> SavedNotes:
    """Save the notes typed to the items of one session, each as a revision; what is said of other sessions is left alone.

    Raises PermissionDenied, and ValidationError as `save_notes` does.
    """
    if not may_edit_session(by, session):
        raise PermissionDenied
    own = set(session.items.values_list("pk", flat=True))
    typed = [note for key, note in read_notes(sent).items() if key in own]
    return save_notes(session.meeting, typed, by=by)
