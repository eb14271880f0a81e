"""What a meeting's desk prints and hangs on the wall: sign sheets, and the code of the check-in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from meetings.desk.checking_in import times_of
from meetings.desk.codes import qr_svg
from meetings.desk.sheet import read_sheet
from meetings.desk.tokens import token_of
from meetings.models import Meeting, Session
from members.models import User

View = Callable[[HttpRequest, Meeting], HttpResponse]


class DeskPapersMixin:
    """The admin of meetings, with the papers of each one's desk."""

    if TYPE_CHECKING:
        admin_site: AdminSite
        _opened: Callable[[View], Callable[[HttpRequest, str], HttpResponse]]
        _meeting_context: Callable[[HttpRequest, Meeting], dict[str, Any]]

    def get_urls(self) -> list[Any]:
        """Add the sheets, the codes, and the page that leads to them."""
        pages: list[tuple[str, str, View]] = [
            ("sheets/", "sign_sheets", self.sheets_view),
            ("sheet/", "sign_sheet", self.sheet_view),
            ("wall/", "check_in_wall", self.wall_view),
            ("code.svg", "check_in_code", self.code_view),
        ]
        wrap = self.admin_site.admin_view
        mine = [
            path(f"<path:object_id>/desk/{ending}", wrap(self._opened(view)), name=f"meetings_meeting_{name}")
            for ending, name, view in pages
        ]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    def sheets_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Lead to the sheet and the code of each session."""
        sessions = list(meeting.sessions.prefetch_related("working_groups"))
        context = self._meeting_context(request, meeting) | {
            "subtitle": _("Sign sheets and codes"),
            "lines": [(session, _check_in(request, session), times_of(session)) for session in sessions],
        }
        return TemplateResponse(request, "admin/desk_sheets.html", context)

    def sheet_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Show the sheet of a session, or of the whole meeting, ready to be printed."""
        session = _named(request, meeting)
        sheet = read_sheet(cast(User, request.user), meeting, session)
        context = {"sheet": sheet, "meeting": meeting, "session": session}
        return TemplateResponse(request, "admin/desk_sheet.html", context)

    def wall_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Show a session's code as large as the screen, for the projector in the room."""
        session = _named(request, meeting)
        if session is None:
            raise Http404
        typed = _check_in(request, session).partition("://")[2]
        context = {"meeting": meeting, "session": session, "typed": typed, "times": times_of(session)}
        return TemplateResponse(request, "admin/desk_wall.html", context)

    def code_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Answer with a session's code as a picture."""
        session = _named(request, meeting)
        if session is None:
            raise Http404
        return HttpResponse(qr_svg(_check_in(request, session)), content_type="image/svg+xml")


def _named(request: HttpRequest, meeting: Meeting) -> Session | None:
    """Give the session that an address names; None for the whole meeting. Raises Http404 for one that is no more."""
    key = request.GET.get("session", "")
    if key in ("", "0"):
        return None
    sessions = meeting.sessions.prefetch_related("working_groups")
    found = sessions.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if found is None:
        raise Http404
    return found


def _check_in(request: HttpRequest, session: Session) -> str:
    return request.build_absolute_uri(reverse("meetings:check_in", args=[token_of(session)]))
