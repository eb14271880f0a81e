"""Accounts in the admin: who was invited to one."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meetings.admin.invitations import ReadHistoryMixin
from meetings.admin.looking import LookedAtAdmin
from members.models import AccountInvitation, Organisation, Person, Viewing


@admin.register(AccountInvitation)
class AccountInvitationAdmin(LookedAtAdmin, ReadHistoryMixin, admin.ModelAdmin[AccountInvitation]):
    """Who was invited to an account, by whom, and what became of it; done on the page of the contact."""

    list_display = ("mandate", "address", "invited_at", "invited_by", "expires_at", "used_at", "withdrawn_at")
    list_filter: ClassVar = [("used_at", admin.EmptyFieldListFilter), ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ("mandate__person", "mandate__organisation", "invited_by")
    search_fields = ("address",)
    fields = ("mandate", "address", "invited_at", "invited_by", "expires_at", "used_at", "withdrawn_at")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find by the mail address, the person or the organisation, in any spelling."""
        text = search_term.strip()
        if not text:
            return queryset, False
        people, bodies = Person.objects.matching(text), Organisation.objects.matching(text)
        named = Q(mandate__person__in=people) | Q(mandate__organisation__in=bodies)
        return queryset.filter(named | Q(address__icontains=text)), False


@admin.register(Viewing)
class ViewingAdmin(LookedAtAdmin, admin.ModelAdmin[Viewing]):
    """Who looked at the site with whose eyes, and when."""

    list_display = ("user", "person", "started_at", "stopped_at")
    list_select_related = ("user", "person")
    fields = ("user", "person", "started_at", "stopped_at")
