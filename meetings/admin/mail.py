"""Mailings and their letters, to look at; what is done with them are actions of their own."""

from typing import ClassVar

from django.contrib import admin

from meetings.admin.looking import LookedAtAdmin
from meetings.models import Letter, Mailing


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
