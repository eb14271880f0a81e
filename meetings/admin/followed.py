"""Action items, and, to look at, what the minutes page writes: minutes, notes, corrections."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from meetings.admin.looking import LookedAtAdmin
from meetings.models import (
    ActionItem,
    ActionOutcome,
    ActionReminder,
    ActionReport,
    Correction,
    Meeting,
    Minutes,
    NoteRevision,
)
from meetings.reporting import is_waiting, settle_report
from members.admin.base import RecordAdmin, RecordInline, folded, names_of
from members.models import Organisation, User


class StateFilter(admin.SimpleListFilter):
    """Open, overdue, or closed in one way or the other."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("overdue", _("overdue")), *ActionOutcome.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "open":
            return queryset.still_open()
        if self.value() == "overdue":
            return queryset.overdue(timezone.localdate())
        return queryset.filter(outcome=self.value()) if self.value() in ActionOutcome.values else queryset


class ActionReportInline(RecordInline[ActionReport, ActionItem]):
    """What the owners reported; a report is answered on its own page."""

    model = ActionReport
    fields = ("organisation", "at", "says", "text", "evidence_url", "evidence", "outcome", "answer")
    readonly_fields = fields
    list_select_related = ("organisation",)
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ActionReminderInline(RecordInline[ActionReminder, ActionItem]):
    """When the owners were reminded."""

    model = ActionReminder
    fields = ("due_on", "days", "mailing")
    readonly_fields = fields
    list_select_related = ("mailing",)
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ActionItem)
class ActionItemAdmin(RecordAdmin[ActionItem]):
    list_display = ("text", "owned_by", "standing", "returns_with", "opened_at")
    list_filter: ClassVar = [
        StateFilter,
        ("group", admin.RelatedOnlyFieldListFilter),
        ("owners", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ("meeting", "group")
    list_prefetch_related = ("owners",)
    inlines: ClassVar = [ActionReportInline, ActionReminderInline]
    date_hierarchy = "due_on"
    search_fields = ("text",)
    search_help_text = _("What is to be done, its evidence, an owner or the meeting, in any spelling and script.")
    fieldsets: ClassVar = [
        (None, {"fields": ["text", "owners", ("opened_on", "due_on")]}),
        (_("Where it was opened"), {"fields": ["meeting", "item", "group"]}),
        (
            _("What became of it"),
            {
                "fields": [("closed_on", "outcome"), "evidence", "evidence_url"],
                "description": _("Closed on a day, done or dropped; an open action has neither day nor outcome."),
            },
        ),
    ]

    @admin.display(description=_("owners"))
    def owned_by(self, action: ActionItem) -> str:
        return names_of(action.owners.all())

    @admin.display(description=_("working group"), ordering="group__order")
    def returns_with(self, action: ActionItem) -> str:
        return str(action.group or _("the network"))

    @admin.display(description=_("opened at"), ordering="opened_on")
    def opened_at(self, action: ActionItem) -> str:
        return f"{action.meeting}, {action.meeting.days}"

    @admin.display(description=_("state"), ordering="due_on")
    def standing(self, action: ActionItem) -> SafeString | str:
        overdue = action.is_overdue(timezone.localdate())
        return format_html("<strong>{}, {}</strong>", _("overdue"), action.standing) if overdue else action.standing

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """It stands on no public page."""
        return None

    def found(self, rows: Any, text: str) -> Any:
        owning = ActionItem.owners.through.objects.filter(organisation__in=Organisation.objects.matching(text))
        return rows.filter(
            folded(text) | Q(pk__in=owning.values("actionitem")) | Q(meeting__in=Meeting.objects.matching(text))
        )


@admin.register(ActionReport)
class ActionReportAdmin(RecordAdmin[ActionReport]):
    """What an owner reports; that an action is done is confirmed here, which closes it, or given back with an answer."""

    list_display = ("organisation", "action", "says", "at", "outcome")
    list_filter = ("says", "outcome")
    list_select_related = ("organisation", "action")
    date_hierarchy = "at"
    search_fields = ("text",)
    fieldsets: ClassVar = [
        (None, {"fields": ["action", "organisation", ("by", "at"), "says", "text", "evidence_url", "evidence"]}),
        (
            _("Answer"),
            {
                "fields": ["outcome", "answer"],
                "description": _("Confirmed closes the action today. Given back says what is still missing."),
            },
        ),
    ]
    readonly_fields = ("action", "organisation", "by", "at", "says", "text", "evidence_url", "evidence")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ActionReport | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or is_waiting(obj)) and request.user.has_perm("meetings.change_actionitem")

    def save_model(self, request: HttpRequest, obj: ActionReport, form: Any, change: bool) -> None:
        if obj.outcome:
            settle_report(obj, obj.outcome, obj.answer, by=cast(User, request.user))

    def found(self, rows: Any, text: str) -> Any:
        owners, actions = Organisation.objects.matching(text), ActionItem.objects.filter(folded(text))
        return rows.filter(Q(organisation__in=owners) | Q(action__in=actions))


@admin.register(ActionReminder)
class ActionReminderAdmin(LookedAtAdmin, admin.ModelAdmin[ActionReminder]):
    """Who was reminded of what stands in each mailing."""

    list_display = ("action", "due_on", "days", "mailing")
    list_select_related = ("action", "mailing")
    search_fields = ("action__text",)


@admin.register(Minutes)
class MinutesAdmin(LookedAtAdmin, RecordAdmin[Minutes]):
    """What is done with minutes is done on the meeting's minutes page."""

    list_display = ("meeting", "on_their_page", "circulated_at", "approved_on", "audience")
    list_filter = (
        "audience",
        ("circulated_at", admin.EmptyFieldListFilter),
        ("approved_on", admin.EmptyFieldListFilter),
    )
    list_select_related = ("meeting",)
    search_fields = ("meeting__title",)
    fields = ("meeting", "on_their_page", "audience", "circulated_at", "circulated_by", "corrections_until", "approved_on", "approved_by")  # fmt: skip
    readonly_fields = ("on_their_page",)

    @admin.display(description=_("minutes"))
    def on_their_page(self, minutes: Minutes) -> SafeString:
        address = reverse("admin:meetings_meeting_minutes", args=[minutes.meeting_id])
        return format_html('<a href="{}">{}</a>', address, _("Minutes page"))

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(meeting__in=Meeting.objects.matching(text))


@admin.register(NoteRevision)
class NoteRevisionAdmin(LookedAtAdmin, admin.ModelAdmin[NoteRevision]):
    list_display = ("item", "number", "at", "by")
    list_select_related = ("item", "by")
    search_fields = ("text",)
    fields = ("item", "number", "text", "at", "by", "restores")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("item__topics")


@admin.register(Correction)
class CorrectionAdmin(LookedAtAdmin, RecordAdmin[Correction]):
    """What is done with corrections is done on the meeting's minutes page."""

    list_display = ("organisation", "minutes", "received_at", "outcome", "settled_at")
    list_filter = ("outcome", ("settled_at", admin.EmptyFieldListFilter))
    list_select_related = ("organisation", "minutes__meeting")
    search_fields = ("text",)
    fields = ("minutes", "organisation", "item", "text", "received_at", "recorded_by", "outcome", "answer", "settled_at", "settled_by")  # fmt: skip

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(Q(text__icontains=text.strip()) | Q(organisation__in=Organisation.objects.matching(text)))
