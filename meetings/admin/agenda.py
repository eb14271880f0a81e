"""The agenda page of a meeting: all its sessions with their items, moved, timed and filled in one form."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.agenda.merging import Merged, merge
from meetings.agenda.page import read_lines, read_page
from meetings.agenda.picking import take_chosen
from meetings.agenda.reading import act_on, read_sent, read_sessions
from meetings.agenda.rows import Agenda
from meetings.agenda.saving import StaleAgenda, save_agenda, why_not
from meetings.models import Meeting
from meetings.permissions import may_write_agenda
from members.models import User


class AgendaMixin:
    """The admin of meetings, with the agenda of each."""

    if TYPE_CHECKING:
        admin_site: AdminSite
        _opened: Callable[..., Any]
        _meeting_context: Callable[..., dict[str, Any]]

    def get_urls(self) -> list[Any]:
        """Add the agenda page."""
        view = self.admin_site.admin_view(self._opened(self.agenda_view))
        return [path("<path:object_id>/agenda/", view, name="meetings_meeting_agenda"), *super().get_urls()]  # type: ignore[misc]

    def agenda_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Show the agenda; sent, save it, or do what one of its buttons asks and show what came of it, not saved yet."""
        if request.method != "POST":
            return self._agenda(request, meeting)
        if not may_write_agenda(request.user):
            raise PermissionDenied
        user = cast(User, request.user)
        agenda = read_sent(user, request.POST, read_sessions(meeting))
        taken = take_chosen(user, meeting, agenda, request.POST)
        act = request.POST.get("act", "")
        if act:
            focus = act_on(agenda, act) or (taken[0] if taken else "")
            return self._agenda(request, meeting, agenda, focus=(act.partition("-")[0], focus))
        return self._save(request, meeting, agenda)

    def _save(self, request: HttpRequest, meeting: Meeting, agenda: Agenda) -> HttpResponse:
        if agenda.is_refused:
            messages.error(request, _("Not saved yet: see the remarks below."))
            return self._agenda(request, meeting, agenda)
        try:
            number = save_agenda(meeting, agenda, by=cast(User, request.user))
        except StaleAgenda as stale:
            return self._agenda(request, meeting, merged=merge(agenda, stale.now))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self._agenda(request, meeting, agenda)
        _say_saved(request, number)
        return HttpResponseRedirect(agenda_address(meeting))

    def _agenda(
        self,
        request: HttpRequest,
        meeting: Meeting,
        typed: Agenda | None = None,
        merged: Merged | None = None,
        focus: tuple[str, str] = ("", ""),
    ) -> HttpResponse:
        user, reason = cast(User, request.user), why_not(meeting)
        is_typed = bool(typed or merged)  # what was typed is shown again, whatever happened meanwhile
        may_write = may_write_agenda(user) and (is_typed or not reason)
        context = self._meeting_context(request, meeting) | {
            "subtitle": _("Agenda"),
            "page": read_page(user, meeting, typed, merged) if may_write else read_lines(user, meeting),
            "may_write": may_write,
            "reason": reason,
            "is_typed": is_typed,
            "act": focus[0],
            "focus": focus[1],
        }
        status = 409 if merged else 200
        return TemplateResponse(request, "admin/meetings/meeting/agenda.html", context, status=status)


def agenda_address(meeting: Meeting) -> str:
    """Give the address of a meeting's agenda page."""
    return reverse("admin:meetings_meeting_agenda", args=[meeting.pk])


def _say_saved(request: HttpRequest, number: int) -> None:
    if number:
        said = ngettext("Agenda saved: %(number)d item changed.", "Agenda saved: %(number)d items changed.", number)
        messages.success(request, said % {"number": number})
    else:
        messages.info(request, _("Nothing was changed."))
