"""How meetings are joined: written by the secretariat, read by those invited when the time is near."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.models import JoiningInstructions, Meeting
from members.admin.base import RecordAdmin


@admin.register(JoiningInstructions)
class JoiningInstructionsAdmin(RecordAdmin[JoiningInstructions]):
    list_display = ("meeting", "session", "lead_hours")
    list_select_related = ("meeting", "session")
    list_prefetch_related = ("session__working_groups",)
    date_hierarchy = "meeting__start_on"
    search_fields = ("note",)
    fieldsets: ClassVar = [
        (
            None,
            {
                "fields": ["meeting", "session"],
                "description": _("For the whole meeting, or for one of its sessions."),
            },
        ),
        (
            _("How to join"),
            {
                "fields": ["video_url", "dial_in", "directions", "note"],
                "description": _(
                    "Only those who speak for an invited organisation read this, signed in. It stands in no letter, calendar or feed."
                ),
            },
        ),
        (_("When it is shown"), {"fields": ["lead_hours"]}),
    ]

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(meeting__in=Meeting.objects.matching(text).order_by())

    def get_readonly_fields(self, request: HttpRequest, obj: JoiningInstructions | None = None) -> tuple[str, ...]:
        """Those of one meeting do not become another's: its invited would read them."""
        return ("meeting",) if obj else ()

    def response_post_save_add(self, request: HttpRequest, obj: JoiningInstructions) -> HttpResponseRedirect:
        return self._to_workspace(obj)

    def response_post_save_change(self, request: HttpRequest, obj: JoiningInstructions) -> HttpResponseRedirect:
        return self._to_workspace(obj)

    def _to_workspace(self, row: JoiningInstructions) -> HttpResponseRedirect:
        return HttpResponseRedirect(f"{reverse('admin:meetings_meeting_workspace', args=[row.meeting_id])}#joining")
