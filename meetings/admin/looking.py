"""What the system writes and staff only look at."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from meetings.models import MeetingStep, Snapshot


class LookedAtAdmin:
    """Nobody adds, changes or deletes here: what was done is a record of itself."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(MeetingStep)
class MeetingStepAdmin(LookedAtAdmin, admin.ModelAdmin[MeetingStep]):
    list_display = ("meeting", "step", "taken_at", "taken_by", "reason")
    list_filter: ClassVar = ["step"]
    list_select_related = ("meeting", "taken_by")
    search_fields = ("meeting__title",)
    ordering = ("-pk",)


@admin.register(Snapshot)
class SnapshotAdmin(LookedAtAdmin, admin.ModelAdmin[Snapshot]):
    list_display = ("meeting", "number", "taken_at", "taken_by")
    list_select_related = ("meeting", "taken_by")
    search_fields = ("meeting__title",)
    fields = ("meeting", "number", "taken_at", "taken_by")
    ordering = ("-pk",)
