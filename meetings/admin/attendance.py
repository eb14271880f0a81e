"""The attendance ledger, row by row."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import Q
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meetings.actions import record_attendance
from meetings.admin.frozen import FrozenMixin
from meetings.models import Attendance, Delegate, Guest, Meeting, Session
from members.admin.base import FACT, RecordAdmin, RecordInline
from members.admin_options import RecordFormSet
from members.models import Organisation, User


class AttendanceFormSet(RecordFormSet):
    """Rows of the ledger, of a meeting or of one of its sessions."""

    skips_untouched_rows = True

    def _construct_form(self, i: int, **kwargs: Any) -> ModelForm[Any]:
        form: ModelForm[Any] = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if isinstance(self.instance, Session):
            form.instance.meeting_id = self.instance.meeting_id
        return form


class AttendanceInline(FrozenMixin, RecordInline[Attendance, Meeting]):
    """Who was at the meeting as a whole. What is said of one session stands on the session's page."""

    model = Attendance
    formset = AttendanceFormSet
    fields = ("organisation", "presence", "mode", "capacity", "channel", "certainty")
    extra = 3
    show_change_link = True
    list_select_related = ("organisation__country",)
    verbose_name_plural = _("attendance of the whole meeting")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(session__isnull=True)


class SessionAttendanceInline(FrozenMixin, RecordInline[Attendance, Session]):
    """Who was at one session."""

    model = Attendance
    formset = AttendanceFormSet
    fk_name = "session"
    fields = AttendanceInline.fields
    extra = 3
    show_change_link = True
    list_select_related = ("organisation__country",)
    verbose_name_plural = _("attendance of this session")


class LedgerMixin:
    """A page that writes the ledger: every row is saved under the name of who recorded it."""

    def save_formset(
        self,
        request: HttpRequest,
        form: Any,
        formset: BaseInlineFormSet[Any, Any, Any],
        change: bool,
    ) -> None:
        if formset.model is not Attendance:
            super().save_formset(request, form, formset, change)  # type: ignore[misc]
            return
        for row in formset.save(commit=False):
            record_attendance(row, by=cast(User, request.user))
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()


class DelegateInline(FrozenMixin, RecordInline[Delegate, Attendance]):
    """Who was there for the organisation. Never shown to the public."""

    model = Delegate
    fields = ("name", "person", "email", "joined_at", "left_at", "minutes")
    list_select_related = ("person",)


@admin.register(Attendance)
class AttendanceAdmin(FrozenMixin, RecordAdmin[Attendance]):
    sheet = "attendance"
    inlines: ClassVar = [DelegateInline]
    list_display = (
        "organisation",
        "meeting",
        "session_label",
        "presence",
        "capacity",
        "channel",
        "certainty",
        "recorded_by",
    )
    list_filter = ("presence", "channel", "capacity", "mode", "certainty")
    list_select_related = ("organisation", "meeting", "session__meeting", "recorded_by")
    list_prefetch_related = ("session__working_groups",)
    ordering = ("-pk",)
    search_fields = ("organisation__name",)
    readonly_fields = ("recorded_by", "recorded_at")
    fieldsets: ClassVar = [
        (None, {"fields": ["meeting", "session", "organisation"]}),
        (_("What was said"), {"fields": ["presence", "mode", "capacity", "channel", ("arrived_at", "left_at")]}),
        FACT,
        (_("Recorded"), {"fields": [("recorded_by", "recorded_at")]}),
    ]

    def option_label(self, row: Attendance) -> str:
        """A row says which organisation; the meeting goes with it."""
        return f"{row} · {row.meeting}"

    @admin.display(description=_("session"))
    def session_label(self, row: Attendance) -> str:
        return str(row.session) if row.session else "–"

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(
            Q(organisation__in=Organisation.objects.matching(text)) | Q(meeting__in=Meeting.objects.matching(text))
        )

    def save_model(self, request: HttpRequest, obj: Attendance, form: Any, change: bool) -> None:
        record_attendance(obj, by=cast(User, request.user))

    def save_restored(self, request: HttpRequest, record: Any, changed: list[str]) -> None:
        record_attendance(record, by=cast(User, request.user))


@admin.register(Delegate)
class DelegateAdmin(FrozenMixin, RecordAdmin[Delegate]):
    fields = ("attendance", *DelegateInline.fields)
    list_display = ("name", "organisation", "meeting", "minutes")
    list_select_related = ("attendance__organisation", "attendance__meeting")
    search_fields = ("name",)

    @admin.display(description=_("organisation"))
    def organisation(self, delegate: Delegate) -> str:
        return str(delegate.attendance.organisation)

    @admin.display(description=_("meeting"))
    def meeting(self, delegate: Delegate) -> str:
        return str(delegate.attendance.meeting)

    def found(self, rows: Any, text: str) -> Any:
        bodies, meetings = Organisation.objects.matching(text), Meeting.objects.matching(text)
        told = Q(attendance__organisation__in=bodies) | Q(attendance__meeting__in=meetings)
        return rows.filter(told | Q(name__icontains=text.strip()))


@admin.register(Guest)
class GuestAdmin(FrozenMixin, RecordAdmin[Guest]):
    fields = ("meeting", "name", "order")
    list_display = ("name", "meeting")
    list_select_related = ("meeting",)
    search_fields = ("name",)

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(Q(name__icontains=text.strip()) | Q(meeting__in=Meeting.objects.matching(text)))
