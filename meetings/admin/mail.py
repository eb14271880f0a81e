"""Mailings and their letters, to look at; what is done with them are actions of their own."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from meetings.models import Letter, Mailing


class LookedAtAdmin:
    """Nobody adds, changes or deletes here: what was prepared and sent is a record of that."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Mailing)
class MailingAdmin(LookedAtAdmin, admin.ModelAdmin[Mailing]):
    list_display = ("title", "kind", "meeting", "prepared_at", "released_at", "paused_at")
    list_filter: ClassVar = ["kind"]
    list_select_related = ("meeting",)
    search_fields = ("title",)
    fields = ("kind", "meeting", "title", "prepared_at", "prepared_by", "released_at", "released_by", "paused_at")


@admin.register(Letter)
class LetterAdmin(LookedAtAdmin, admin.ModelAdmin[Letter]):
    list_display = ("address", "name", "organisation", "mailing", "sent_at", "failed_at")
    list_select_related = ("organisation", "mailing")
    search_fields = ("address", "name", "organisation__name")
    fields = ("mailing", "organisation", "name", "address", "subject", "text", "sent_at", "failed_at", "trouble")
