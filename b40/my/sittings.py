"""A coordinator's session: its agenda beforehand, its notes while it sits."""

import zoneinfo
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from b40.my.forms import AgendaItemForm
from b40.my.guard import for_delegates
from meetings.coordinating import (
    StaleAgenda,
    TypedItem,
    agenda_of,
    save_agenda,
    save_session_notes,
    state_of,
    topics_for,
)
from meetings.minutes.notes import SavedNotes
from meetings.minutes.page import stale_part
from meetings.models import AgendaItem, Meeting, NoteRevision, Session
from meetings.permissions import may_edit_session
from members.models import User

FREE_LINES = 2
STEP = 10


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def session_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a session's agenda to be written, and write it."""
    user, session = cast(User, request.user), _session(request, pk)
    items = agenda_of(session)
    topics = topics_for(user, session)
    if request.method != "POST":
        return _agenda_page(request, session, items, _lines(items, topics))
    lines = _lines(items, topics, request.POST)
    if not lines.is_valid():
        return _agenda_page(request, session, items, lines, status=422, shown=request.POST.get("shown", ""))
    try:
        number = save_agenda(session, _typed(lines), shown=request.POST.get("shown", ""), by=user)
    except StaleAgenda as stale:
        return _agenda_page(request, session, stale.items, lines, status=409, is_stale=True)
    except ValidationError as error:
        shown = request.POST.get("shown", "")
        return _agenda_page(request, session, items, lines, status=422, shown=shown, refusal=" ".join(error.messages))
    said = ngettext("%(number)d item saved.", "%(number)d items saved.", number) % {"number": number}
    messages.success(request, said if number else _("Nothing was changed."))
    return redirect("my:session", pk=session.pk)


def _lines(items: Sequence[AgendaItem], topics: Sequence[Any], typed: Any = None) -> Any:
    """Give the lines of the agenda's form, with some free ones below."""
    choices = [(str(topic.pk), topic.title) for topic in topics]
    offered = {topic.pk for topic in topics}
    initial = [
        {
            "key": item.pk, "title": item.title, "minutes": item.minutes, "order": STEP * number,
            "topics": [str(topic.pk) for topic in item.topics.all() if topic.pk in offered],
        }
        for number, item in enumerate(items, start=1)
    ]  # fmt: skip
    formset = forms.formset_factory(AgendaItemForm, extra=FREE_LINES, max_num=200)
    kwargs: dict[str, Any] = {"prefix": "item", "form_kwargs": {"topics": choices}}
    lines = formset(typed, **kwargs) if typed is not None else formset(initial=initial, **kwargs)
    names = {str(item.pk): str(item) for item in items}
    for line in lines:
        line.name = names.get(str(line["key"].value()), "")
    return lines


def _typed(lines: Any) -> list[TypedItem]:
    """Read the lines in the order of their places; a place left empty comes last."""
    rows = [line.cleaned_data for line in lines if line.cleaned_data]
    rows.sort(key=lambda row: row["order"] if row.get("order") is not None else 10_000)
    return [
        TypedItem(
            key=row["key"], title=row["title"].strip(), minutes=row["minutes"], order=number,
            topics=[int(key) for key in row["topics"]], is_removed=row["is_removed"],
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip


def _agenda_page(
    request: HttpRequest, session: Session, items: list[AgendaItem], lines: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "session": session,
        "meeting": session.meeting,
        "items": items,
        "lines": lines,
        "shown": state_of(items),
        "is_stale": False,
        "refusal": "",
        "total": sum(item.minutes or 0 for item in items),
        **more,
    }
    return _drawn(TemplateResponse(request, "my/session.html", context, status=status), session)


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def session_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the notes to a session's items, and save them; each save of a note is kept."""
    user, session = cast(User, request.user), _session(request, pk)
    if request.method != "POST":
        return _notes_page(request, session)
    try:
        saved = save_session_notes(session, request.POST, by=user)
    except ValidationError as error:
        return _notes_page(request, session, typed=request.POST, status=422, refusal=" ".join(error.messages))
    if saved.stale:
        return _notes_page(request, session, saved, status=409)
    said = ngettext("%(number)d note saved.", "%(number)d notes saved.", saved.number) % {"number": saved.number}
    messages.success(request, said if saved.number else _("Nothing was changed."))
    return redirect("my:session_notes", pk=session.pk)


def _notes_page(
    request: HttpRequest, session: Session, saved: SavedNotes | None = None, *, typed: Any = None, status: int = 200, refusal: str = ""
) -> HttpResponse:  # fmt: skip
    items = agenda_of(session)
    notes = NoteRevision.objects.visible_to(request.user).newest().filter(item__session=session).select_related("by")
    newest = {note.item_id: note for note in notes}
    stale = {note.typed.item: stale_part(note) for note in saved.stale} if saved else {}
    rows = [_row(item, newest.get(item.pk), stale.get(item.pk), typed or {}) for item in items]
    here = {item.pk for item in items}
    context = {
        "session": session,
        "meeting": session.meeting,
        "rows": rows,
        "gone": [part for key, part in stale.items() if key not in here],
        "refusal": refusal,
        "is_stale": bool(stale),
    }
    return _drawn(TemplateResponse(request, "my/session_notes.html", context, status=status), session)


def _row(item: AgendaItem, newest: NoteRevision | None, stale: Any, typed: Any) -> dict[str, Any]:
    text = newest.text if newest else ""
    shown = stale.mine if stale else typed.get(f"note-{item.pk}", text)
    began = typed.get(f"from-{item.pk}", newest.number if newest else 0)
    return {"item": item, "newest": newest, "text": shown, "began_from": began, "stale": stale}


def _session(request: HttpRequest, pk: int) -> Session:
    """Find a session of a meeting that the visitor sees. Raises Http404, and PermissionDenied for whoever may not write it."""
    sessions = Session.objects.filter(meeting__in=Meeting.objects.visible_to(request.user)).select_related("meeting")
    session = sessions.prefetch_related("working_groups").filter(pk=pk).first()
    if session is None:
        raise Http404
    if not may_edit_session(request.user, session):
        raise PermissionDenied
    return session


def _drawn(response: TemplateResponse, session: Session) -> HttpResponse:
    """Draw a page on the meeting's clocks."""
    with timezone.override(zoneinfo.ZoneInfo(session.meeting.timezone)):
        return response.render()
