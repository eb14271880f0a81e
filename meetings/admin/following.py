"""Who subscribed, and what they were told: looked at, not edited. Who may end a subscription is its reader."""

from typing import ClassVar

from django.contrib import admin

from meetings.admin.looking import LookedAtAdmin
from meetings.models import CalendarLink, Digest, DigestEntry, Subscription


@admin.register(Subscription)
class SubscriptionAdmin(LookedAtAdmin, admin.ModelAdmin[Subscription]):
    list_display = ("address", "frequency", "everything", "confirmed_at", "unsubscribed_at")
    list_filter: ClassVar = ["frequency", "everything"]
    search_fields = ("address",)
    fields = (
        "address", "user", "frequency", "everything", "groups", "topics", "organisations", "language", "consent_text",
        "asked_at", "confirmed_at", "unsubscribed_at", "looked_until",
    )  # fmt: skip
    ordering = ("address", "pk")


@admin.register(CalendarLink)
class CalendarLinkAdmin(LookedAtAdmin, admin.ModelAdmin[CalendarLink]):
    """That somebody has a calendar link, never the link."""

    list_display = ("user", "created_at", "last_used_on", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = ("user", "created_at", "last_used_on", "revoked_at")
    ordering = ("-pk",)


@admin.register(Digest)
class DigestAdmin(LookedAtAdmin, admin.ModelAdmin[Digest]):
    list_display = ("subscription", "period", "written_at")
    list_select_related = ("subscription",)
    search_fields = ("subscription__address",)
    fields = ("subscription", "period", "written_at", "letter")
    ordering = ("-pk",)


@admin.register(DigestEntry)
class DigestEntryAdmin(LookedAtAdmin, admin.ModelAdmin[DigestEntry]):
    list_display = ("what", "subscription", "digest")
    list_select_related = ("subscription", "digest__subscription")
    search_fields = ("what", "subscription__address")
    fields = ("subscription", "digest", "what")
    ordering = ("-pk",)
