"""The attendance desk of a meeting: made for the keyboard and for a phone in the room, and a plain form without scripts."""

import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.actions import record_grid
from meetings.admin.desk_context import channel_of, desk_context, keys_of, refusal_json
from meetings.admin.looking import LookedAtAdmin
from meetings.desk.checking_in import confirm_check_in, refuse_check_in
from meetings.desk.finding import find_organisations
from meetings.desk.state import count_here, desk_state, desk_version, read_desk, read_rows
from meetings.desk.undo import take_back
from meetings.grid import STATES, Edit, Refusal, cell_key, read_edits
from meetings.models import CheckIn, Meeting
from meetings.permissions import may_record_attendance
from members.history import RestoreRefused
from members.history.actor import current_writer
from members.models import Change, User

View = Callable[[HttpRequest, Meeting], HttpResponse]


class DeskMixin:
    """The admin of meetings, with a desk for each."""

    if TYPE_CHECKING:
        admin_site: AdminSite
        _opened: Callable[[View], Callable[[HttpRequest, str], HttpResponse]]
        _meeting_context: Callable[[HttpRequest, Meeting], dict[str, Any]]

    def get_urls(self) -> list[Any]:
        """Add the desk, and what it sends and asks."""
        pages: list[tuple[str, str, View]] = [
            ("", "desk", self.desk_view),
            ("cell/", "desk_cell", self.cell_view),
            ("state/", "desk_state", self.state_view),
            ("find/", "desk_find", self.find_view),
            ("row/", "desk_row", self.row_view),
            ("undo/", "desk_undo", self.undo_view),
            ("check-in/", "desk_check_in", self.check_in_view),
        ]
        wrap = self.admin_site.admin_view
        mine = [
            path(f"<path:object_id>/desk/{ending}", wrap(self._opened(view)), name=f"meetings_meeting_{name}")
            for ending, name, view in pages
        ]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    # --- Pages ---

    def desk_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Show the desk; sent as a form, save the changed cells and show those that others changed meanwhile."""
        if not is_sent(request):
            return self._desk(request, meeting)
        channel, edits = channel_of(request.POST), read_edits(request.POST)
        try:
            refusals = record_grid(meeting, edits, by=cast(User, request.user), channel=channel)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(f"{desk_address(meeting)}?channel={channel}")
        _say_saved(request, len(edits) - len(refusals))
        if refusals:
            return self._desk(request, meeting, refusals)
        undo = f"&undo={current_writer().batch}" if edits else ""
        return HttpResponseRedirect(f"{desk_address(meeting)}?channel={channel}{undo}")

    def cell_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Set one cell at once; 409 with both words when somebody else set it otherwise."""
        if not is_sent(request):
            return HttpResponseRedirect(desk_address(meeting))
        key, wanted = cell_key(request.POST.get("cell", "")), request.POST.get("wanted", "")
        if key is None or wanted not in STATES:
            return JsonResponse({"message": _("This is no cell of the desk.")}, status=400)
        edit, channel = Edit(*key, request.POST.get("shown", ""), wanted), channel_of(request.POST)
        try:
            refusals = record_grid(meeting, [edit], by=cast(User, request.user), channel=channel)
        except ValidationError as error:
            return JsonResponse({"message": " ".join(error.messages)}, status=400)
        if refusals:
            return JsonResponse(refusal_json(refusals[0]), status=409)
        here = count_here(read_rows(meeting))
        return JsonResponse({"state": wanted, "batch": _batch(), "here": here.cities, "columns": here.columns})

    def state_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Say what the cells show now; nothing when that is what the asking desk shows already."""
        if request.GET.get("version") == desk_version(meeting):
            return HttpResponse(status=204)
        return JsonResponse(desk_state(meeting, channel_of(request.GET)))

    def find_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Find organisations by any spelling, listed at the desk or not."""
        found = find_organisations(request.GET.get("q", "")[:200])
        return JsonResponse(
            {"found": [{"key": each.pk, "name": each.name, "country": each.country_id} for each in found]}
        )

    def row_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Draw the row of one organisation, listed at the desk or not."""
        keys = keys_of(request.GET.getlist("organisation"))
        desk = read_desk(meeting, channel_of(request.GET), also=keys)
        rows = [row for row in desk.grid.rows if row.organisation.pk in keys]
        if not rows:
            raise Http404
        context = desk_context(request, desk) | {"row": rows[0]}
        return TemplateResponse(request, "admin/desk_row.html", context)

    def undo_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Take back one's own last entries; 409 with the reason when somebody changed them since."""
        if not is_sent(request):
            return HttpResponseRedirect(desk_address(meeting))
        try:
            take_back(meeting, _uuid(request.POST.get("batch", "")), by=cast(User, request.user))
        except RestoreRefused as refused:
            return self._undone(request, meeting, " ".join(refused.reasons))
        return self._undone(request, meeting)

    def check_in_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Confirm or refuse somebody who checked in and whom nobody knows."""
        if is_sent(request):
            rows = CheckIn.objects.visible_to(cast(User, request.user)).filter(session__meeting=meeting)
            waiting = rows.filter(pk__in=keys_of([request.POST.get("check_in", "")])).first()
            if waiting is None:
                raise Http404
            _decide(request, waiting)
        return HttpResponseRedirect(f"{desk_address(meeting)}?open=check-ins")

    # --- Steps ---

    def _desk(self, request: HttpRequest, meeting: Meeting, refusals: Sequence[Refusal] = ()) -> HttpResponse:
        asked = request.POST if request.method == "POST" else request.GET
        desk = read_desk(meeting, channel_of(asked), refusals, keys_of(request.GET.getlist("also")))
        context = self._meeting_context(request, meeting) | desk_context(request, desk, refusals)
        return TemplateResponse(request, "admin/desk_page.html", context, status=409 if refusals else 200)

    def _undone(self, request: HttpRequest, meeting: Meeting, trouble: str = "") -> HttpResponse:
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"message": trouble}, status=409 if trouble else 200)
        if trouble:
            messages.error(request, trouble)
        else:
            messages.success(request, _("Taken back."))
        return HttpResponseRedirect(desk_address(meeting))


@admin.register(CheckIn)
class CheckInAdmin(LookedAtAdmin, admin.ModelAdmin[CheckIn]):
    """Check-ins to look at; they are decided at the desk."""

    list_display = ("name", "organisation", "session", "checked_in_at", "confirmed_at", "refused_at")
    list_select_related = ("organisation", "session__meeting")
    search_fields = ("name", "organisation__name")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("session__working_groups")


def desk_address(meeting: Meeting) -> str:
    """Give the address of a meeting's desk."""
    return reverse("admin:meetings_meeting_desk", args=[meeting.pk])


def is_sent(request: HttpRequest) -> bool:
    """Whether something is to be done, by somebody who may. Raises PermissionDenied."""
    if request.method == "POST" and not may_record_attendance(request.user):
        raise PermissionDenied
    return request.method == "POST"


def _batch() -> str:
    """Name what this request wrote, for taking it back; "" when it wrote nothing."""
    batch = current_writer().batch
    return str(batch) if Change.objects.filter(batch=batch).exists() else ""


def _uuid(text: str) -> uuid.UUID:
    """Read a batch's name. Raises RestoreRefused for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise RestoreRefused([_("There is nothing of yours to take back here.")]) from error


def _say_saved(request: HttpRequest, number: int) -> None:
    said = ngettext("%(number)d cell saved.", "%(number)d cells saved.", number) % {"number": number}
    if number:
        messages.success(request, said)
    else:
        messages.info(request, _("No cell was saved."))


def _decide(request: HttpRequest, waiting: CheckIn) -> None:
    """Confirm or refuse a check-in, and say what came of it."""
    decide = confirm_check_in if request.POST.get("decision") == "confirm" else refuse_check_in
    try:
        is_done = decide(waiting, by=cast(User, request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    if is_done:
        messages.success(request, _("%(person)s: decided.") % {"person": waiting})
    else:
        messages.error(request, _("%(person)s: somebody else decided meanwhile.") % {"person": waiting})
