"""Where a meeting's sources contradict each other, side by side, each settled by one click."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from meetings.admin.desk import is_sent
from meetings.desk.disagreements import read_disagreements, settle
from meetings.desk.state import now_in_words
from meetings.grid import cell_key
from meetings.models import Meeting, Presence
from meetings.permissions import may_record_attendance
from members.models import User

View = Callable[[HttpRequest, Meeting], HttpResponse]


class ContradictionsMixin:
    """The admin of meetings, with the page on which contradictions are settled."""

    if TYPE_CHECKING:
        admin_site: AdminSite
        _opened: Callable[[View], Callable[[HttpRequest, str], HttpResponse]]
        _meeting_context: Callable[[HttpRequest, Meeting], dict[str, Any]]

    def get_urls(self) -> list[Any]:
        """Add the page of a meeting's contradictions."""
        view = self.admin_site.admin_view(self._opened(self.contradictions_view))
        page = path("<path:object_id>/contradictions/", view, name="meetings_meeting_contradictions")
        return [page, *super().get_urls()]  # type: ignore[misc]

    def contradictions_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Show who says what; what is sent settles one of them."""
        if not is_sent(request):
            return self._contradictions(request, meeting)
        key, wanted = cell_key(f"cell-{request.POST.get('about', '')}"), request.POST.get("presence", "")
        if key is None or wanted not in Presence.values:
            messages.error(request, _("Choose present, excused or absent."))
            return self._contradictions(request, meeting, status=400)
        try:
            refusals = settle(meeting, key, wanted, request.POST.get("note", "")[:500], by=cast(User, request.user))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self._contradictions(request, meeting, status=400)
        if refusals:
            said = _("Nothing was saved. It stands settled already: %(now)s.") % {"now": now_in_words(refusals[0])}
            messages.error(request, said)
            return self._contradictions(request, meeting, status=409)
        messages.success(request, _("Settled."))
        return HttpResponseRedirect(reverse("admin:meetings_meeting_contradictions", args=[meeting.pk]))

    def _contradictions(self, request: HttpRequest, meeting: Meeting, status: int = 200) -> HttpResponse:
        found = read_disagreements(meeting)
        context = self._meeting_context(request, meeting) | {
            "subtitle": _("Contradictions"),
            "unsettled": [each for each in found if not each.is_settled],
            "settled": [each for each in found if each.is_settled],
            "presences": Presence.choices,
            "may_record": may_record_attendance(request.user) and not meeting.is_closed,
        }
        return TemplateResponse(request, "admin/desk_contradictions.html", context, status=status)
