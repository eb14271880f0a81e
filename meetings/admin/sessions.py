"""Sessions and their agenda."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from meetings.actions import SESSION_CALENDAR_FIELDS, reschedule
from meetings.admin.attendance import LedgerMixin, SessionAttendanceInline
from meetings.admin.frozen import FrozenMixin
from meetings.admin.zones import MeetingZoneMixin
from meetings.models import AgendaItem, Meeting, Session
from members.admin.base import RecordAdmin, RecordInline, folded, names_of


class SessionInline(FrozenMixin, RecordInline[Session, Meeting]):
    """The parts of a meeting; agenda and attendance of each stand on its own page, where it is also deleted."""

    model = Session
    fields = ("agenda", "working_groups", "title", "starts_at", "ends_at", "room", "order")
    readonly_fields = ("agenda",)
    can_delete = False
    list_prefetch_related = ("working_groups",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(item_count=Count("items", distinct=True))

    @admin.display(description=_("agenda and attendance"))
    def agenda(self, session: Session) -> SafeString | str:
        if not session.pk:
            return "–"
        count = getattr(session, "item_count", 0)
        label = ngettext("%(count)s agenda item", "%(count)s agenda items", count) % {"count": count}
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:meetings_session_change", args=[session.pk]),
            label,
        )


class AgendaItemInline(FrozenMixin, RecordInline[AgendaItem, Session]):
    model = AgendaItem
    fields = ("title", "topics", "minutes", "order")
    extra = 1
    list_prefetch_related = ("topics__group",)


@admin.register(Session)
class SessionAdmin(FrozenMixin, MeetingZoneMixin, LedgerMixin, RecordAdmin[Session]):
    list_display = ("__str__", "meeting", "groups", "starts_at", "room")
    list_filter: ClassVar = [("working_groups", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ("meeting",)
    list_prefetch_related = ("working_groups",)
    date_hierarchy = "meeting__start_on"
    search_fields = ("title",)
    inlines: ClassVar = [AgendaItemInline, SessionAttendanceInline]
    fieldsets: ClassVar = [
        (
            None,
            {
                "fields": ["meeting", "title", "working_groups"],
                "description": _("Of one or more working groups; plenary when it names none."),
            },
        ),
        (
            _("When and where"),
            {
                "fields": ["starts_at", "ends_at", "room", "order"],
                "description": _("In the meeting's own time zone."),
            },
        ),
    ]

    @admin.display(description=_("working groups"))
    def groups(self, session: Session) -> str:
        return names_of(session.working_groups.all())

    def get_readonly_fields(self, request: HttpRequest, obj: Session | None = None) -> tuple[str, ...]:
        """A session stays with its meeting: its attendance is the meeting's too."""
        return ("meeting",) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Session | None = None) -> list[Any]:
        """Attendance belongs to the meeting too, so the session is saved first."""
        return self.inlines if obj else [AgendaItemInline]

    def save_model(self, request: HttpRequest, obj: Session, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not SESSION_CALENDAR_FIELDS.isdisjoint(form.changed_data):
            reschedule(obj.meeting)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """A session stands on its meeting's page."""
        return obj.meeting.get_absolute_url() if obj else None

    def meetings_of(self, object_id: str) -> Any:
        return Meeting.objects.filter(sessions__pk=object_id) if object_id.isdigit() else None

    def option_label(self, session: Session) -> str:
        """“Plenary” says little without its meeting."""
        return f"{session} · {session.meeting}"

    def found(self, rows: Any, text: str) -> Any:
        groups = Session.objects.filter(folded(text, "working_groups__search")).values("pk")
        return rows.filter(
            Q(title__icontains=text.strip()) | Q(pk__in=groups) | Q(meeting__in=Meeting.objects.matching(text))
        )


@admin.register(AgendaItem)
class AgendaItemAdmin(FrozenMixin, RecordAdmin[AgendaItem]):
    fields = ("session", "title", "topics", "minutes", "order")
    list_display = ("__str__", "session", "meeting", "minutes")
    list_select_related = ("session__meeting",)
    list_prefetch_related = ("topics", "session__working_groups")
    search_fields = ("title",)

    @admin.display(description=_("meeting"), ordering="session__meeting__start_on")
    def meeting(self, item: AgendaItem) -> str:
        return str(item.session.meeting)

    def found(self, rows: Any, text: str) -> Any:
        topics = AgendaItem.objects.filter(folded(text, "topics__search")).values("pk")
        return rows.filter(
            Q(title__icontains=text.strip()) | Q(pk__in=topics) | Q(session__meeting__in=Meeting.objects.matching(text))
        )
