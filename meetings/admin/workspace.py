"""The workspace of a meeting: all of it on one page, with what it still lacks, and pasted names."""

import zoneinfo
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetings.actions import record_names
from meetings.admin.workspace_context import page_context
from meetings.models import Meeting, Session
from meetings.pasting import PastedList, read_list, too_much
from meetings.permissions import may_record_attendance
from members.models import User

View = Callable[[HttpRequest, Meeting], HttpResponse]


class WorkspaceMixin:
    """The admin of meetings, with a workspace for each."""

    if TYPE_CHECKING:
        opts: Any
        admin_site: AdminSite

    def get_urls(self) -> list[Any]:
        """Add the workspace, and what is sent from it."""
        pages: list[tuple[str, str, View]] = [
            ("", "workspace", self.workspace_view),
            ("names/", "workspace_names", self.names_view),
            ("names/record/", "workspace_record", self.record_view),
        ]
        wrap = self.admin_site.admin_view
        mine = [
            path(f"<path:object_id>/workspace/{ending}", wrap(self._opened(view)), name=f"meetings_meeting_{name}")
            for ending, name, view in pages
        ]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    @admin.display(description=gettext_lazy("workspace"))
    def workspace_link(self, meeting: Meeting) -> SafeString:
        """Lead from the list to a meeting's workspace."""
        word = _("Workspace")
        return format_html('<a href="{}" aria-label="{}: {}">{}</a>', _address(meeting), word, meeting.title, word)

    # --- Pages ---

    def workspace_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Show everything on record about a meeting, and what it still lacks."""
        return self._workspace(request, meeting)

    def names_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Show what each name of a pasted list means, and ask about the doubtful ones; nothing is written."""
        if not _is_sent(request):
            return HttpResponseRedirect(_address(meeting, "names"))
        text, session = request.POST.get("names", ""), _session(request, meeting)
        refusal = too_much(text)
        if refusal:
            messages.error(request, refusal)
        pasted = PastedList([]) if refusal else read_list(meeting, session.pk if session else None, text, {})
        return self._names(request, meeting, session, pasted)

    def record_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Write the names of a list as present once each is decided; until then, ask on."""
        if not _is_sent(request):
            return HttpResponseRedirect(_address(meeting, "names"))
        text, session = request.POST.get("names", ""), _session(request, meeting)
        if too_much(text):
            return self.names_view(request, meeting)
        chosen = {name: str(value) for name, value in request.POST.items() if name.startswith("name-")}
        key = session.pk if session else None
        pasted = record_names(meeting, key, text, chosen, by=cast(User, request.user))
        if not pasted.is_decided:
            messages.error(request, _("Nothing was written yet: some names are still to be decided."))
            return self._names(request, meeting, session, pasted, is_refused=True)
        _say_recorded(request, len(pasted.wanted))
        return HttpResponseRedirect(_address(meeting, "attendance"))

    # --- Steps ---

    def _opened(self, view: View) -> Callable[[HttpRequest, str], HttpResponse]:
        """Find the meeting that an address names, for those who may see it, and show its times in its own zone."""

        def opened(request: HttpRequest, object_id: str) -> HttpResponse:
            meeting = self.get_object(request, object_id)  # type: ignore[attr-defined]
            if not self.has_view_or_change_permission(request, meeting):  # type: ignore[attr-defined]
                raise PermissionDenied
            if meeting is None:
                raise Http404
            with timezone.override(zoneinfo.ZoneInfo(meeting.timezone)):
                try:
                    response = view(request, meeting)
                except ValidationError as error:  # its record was closed
                    messages.error(request, " ".join(error.messages))
                    return HttpResponseRedirect(_address(meeting))
                # Drawn here, since a response drawn later would fall back to the server's zone.
                return response.render() if isinstance(response, TemplateResponse) else response

        return opened

    def _workspace(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        context = self._meeting_context(request, meeting) | page_context(self.admin_site, request, meeting)
        return TemplateResponse(request, "admin/meetings/meeting/workspace.html", context)

    def _names(
        self,
        request: HttpRequest,
        meeting: Meeting,
        session: Session | None,
        pasted: PastedList,
        is_refused: bool = False,
    ) -> HttpResponse:
        context = self._meeting_context(request, meeting)
        context |= {
            "pasted": pasted,
            "session": session,
            "text": request.POST.get("names", ""),
            "is_refused": is_refused,
        }
        context["sessions"] = list(meeting.sessions.prefetch_related("working_groups"))
        status = 409 if is_refused else 200
        return TemplateResponse(request, "admin/meetings/meeting/workspace_names.html", context, status=status)

    def _meeting_context(self, request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
        context = self.admin_site.each_context(request)
        context |= {"opts": self.opts, "module_name": capfirst(self.opts.verbose_name_plural), "meeting": meeting}
        return {**context, "title": meeting.title, "subtitle": _("Workspace"), "session": None, "text": ""}


def _address(meeting: Meeting, part: str = "") -> str:
    address = reverse("admin:meetings_meeting_workspace", args=[meeting.pk])
    return f"{address}#{part}" if part else address


def _is_sent(request: HttpRequest) -> bool:
    """Whether something is to be done, by somebody who may. Raises PermissionDenied."""
    if request.method == "POST" and not may_record_attendance(request.user):
        raise PermissionDenied
    return request.method == "POST"


def _session(request: HttpRequest, meeting: Meeting) -> Session | None:
    """Give the session that a list is about; None for the whole meeting. Raises Http404 for one that is no more."""
    key = request.POST.get("session", "")
    if not key:
        return None
    found = meeting.sessions.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if found is None:
        raise Http404
    return found


def _say_recorded(request: HttpRequest, number: int) -> None:
    said = ngettext(
        "%(number)d organisation recorded as present.", "%(number)d organisations recorded as present.", number
    )
    messages.success(request, said % {"number": number})
