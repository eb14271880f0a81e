"""Meetings, with everything that belongs to one."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.actions import SESSION_CALENDAR_FIELDS, reschedule, save_meeting
from meetings.admin.agenda import AgendaMixin
from meetings.admin.attendance import AttendanceInline, LedgerMixin
from meetings.admin.contradictions import ContradictionsMixin
from meetings.admin.desk import DeskMixin
from meetings.admin.desk_papers import DeskPapersMixin
from meetings.admin.frozen import FrozenMeetingMixin, FrozenMixin
from meetings.admin.inviting import InvitingMixin
from meetings.admin.lifecycle import LifecycleMixin
from meetings.admin.materials import (
    DecisionInline,
    DocumentInline,
    PhotoInline,
    StatedTotalInline,
)
from meetings.admin.minutes import MinutesMixin
from meetings.admin.polling import PollingMixin
from meetings.admin.sessions import SessionInline
from meetings.admin.workspace import WorkspaceMixin
from meetings.admin.zones import MeetingZoneMixin
from meetings.models import Guest, Meeting, Session
from members.admin.base import FACT, RecordAdmin, RecordInline
from members.forms import RecordForm


class GuestInline(FrozenMixin, RecordInline[Guest, Meeting]):
    model = Guest
    fields = ("name", "order")
    classes = ("collapse",)


class MeetingForm(RecordForm[Meeting]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.parts_follow = True  # the page holds every session, and checks each


@admin.register(Meeting)
class MeetingAdmin(
    FrozenMeetingMixin,
    LifecycleMixin,
    DeskMixin,
    DeskPapersMixin,
    ContradictionsMixin,
    MinutesMixin,
    AgendaMixin,
    InvitingMixin,
    PollingMixin,
    WorkspaceMixin,
    MeetingZoneMixin,
    LedgerMixin,
    RecordAdmin[Meeting],
):
    form = MeetingForm
    list_display = (
        "title",
        "days",
        "kind",
        "mode",
        "status",
        "host_city",
        "city_count",
        "workspace_link",
    )
    list_filter: ClassVar = [
        "status",
        "kind",
        "mode",
        ("country", admin.RelatedOnlyFieldListFilter),
        "attendance_complete",
        "certainty",
    ]
    list_select_related = ("host_city",)
    date_hierarchy = "start_on"
    search_fields = ("title",)
    search_help_text = _("Title, motto, place, year or a word of the report, in any script.")
    prepopulated_fields: ClassVar = {"slug": ("title",)}
    readonly_fields = ("created_at", "changed_at", "sequence")
    inlines: ClassVar = [
        SessionInline,
        AttendanceInline,
        DecisionInline,
        StatedTotalInline,
        GuestInline,
        DocumentInline,
        PhotoInline,
    ]
    fieldsets: ClassVar = [
        (None, {"fields": ["title", "slug", ("kind", "mode", "status")]}),
        (
            _("When"),
            {
                "fields": ["date_precision", ("start_on", "end_on"), "timezone"],
                "description": _("Times of the sessions below are written in this time zone."),
            },
        ),
        (
            _("Where"),
            {
                "fields": ["host_city", ("place", "venue"), "country"],
                "description": _("An online meeting has none of these."),
            },
        ),
        (_("Presidency"), {"fields": ["summit_of"]}),
        (_("Texts"), {"fields": ["motto", "summary", "report", "note"]}),
        (
            _("Attendance"),
            {
                "fields": ["attendance_complete"],
                "description": _("Tick when every city that came is listed below."),
            },
        ),
        FACT,
        (_("Record"), {"fields": [("created_at", "changed_at", "sequence")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_counts()

    def get_inlines(self, request: HttpRequest, obj: Meeting | None = None) -> list[Any]:
        """Sessions and attendance are checked against the meeting's days, so the meeting is saved first."""
        return self.inlines if obj else []

    def response_add(self, request: HttpRequest, obj: Meeting, post_url_continue: str | None = None) -> HttpResponse:
        """Go on to the page with sessions and attendance, unless something else was asked for."""
        response = super().response_add(request, obj, post_url_continue)
        if "_save" in request.POST and isinstance(response, HttpResponseRedirect):
            messages.info(request, _("Its sessions, attendance and papers can be added below."))
            return HttpResponseRedirect(reverse("admin:meetings_meeting_change", args=[obj.pk]))
        return response

    def save_model(self, request: HttpRequest, obj: Meeting, form: Any, change: bool) -> None:
        save_meeting(obj, changed=form.changed_data)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        rows = (row for formset in formsets if formset.model is Session for row in formset.forms)
        if any(not SESSION_CALENDAR_FIELDS.isdisjoint(row.changed_data) for row in rows):
            reschedule(form.instance)

    def save_restored(self, request: HttpRequest, record: Any, changed: list[str]) -> None:
        save_meeting(record, changed=changed)

    def meetings_of(self, object_id: str) -> Any:
        return Meeting.objects.filter(pk=object_id) if object_id.isdigit() else None

    def option_label(self, meeting: Meeting) -> str:
        """Titles recur from year to year; the days do not."""
        return f"{meeting.title} · {meeting.days}"

    @admin.display(description=_("days"), ordering="start_on")
    def days(self, meeting: Meeting) -> str:
        return meeting.days

    @admin.display(description=_("cities"), ordering="city_count")
    def city_count(self, meeting: Meeting) -> int:
        return int(getattr(meeting, "city_count", 0))
