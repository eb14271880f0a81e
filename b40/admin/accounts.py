"""Accounts in the admin: who was invited to one, who looked with whose eyes, and what was lost."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, cast

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from b40.accounts.inviting import invite, renew, take_back
from b40.accounts.second_factor import remove_factors
from meetings.admin.invitations import ReadHistoryMixin
from meetings.admin.looking import LookedAtAdmin
from meetings.admin.meeting_pages import site_of
from members.admin.accounts import AccountAdmin
from members.models import AccountInvitation, Mandate, Organisation, Person, User, Viewing
from members.rights import may_invite_colleagues, may_remove_factors
from workinggroups.admin import DelegateAdmin


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


admin.site.unregister(User)


@admin.register(User)
class SafeAccountAdmin(AccountAdmin):
    """Accounts, with whom they belong to; the lost second step of somebody is taken off by administrators."""

    actions = ["remove_second_step"]
    fieldsets: ClassVar = [
        (name, {**options, "fields": [*options["fields"], "person"]} if "email" in options["fields"] else options)
        for name, options in AccountAdmin.fieldsets
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Whose account it is comes by the invitation; an address that its owner confirmed is changed by them alone."""
        confirmed = obj is not None and EmailAddress.objects.filter(user=obj, verified=True).exists()
        return (*super().get_readonly_fields(request, obj), "person", *(["email"] if confirmed else []))

    @admin.action(description=_("Remove the second step, which was lost"), permissions=["remove_factors"])
    def remove_second_step(self, request: HttpRequest, queryset: Any) -> None:
        """Take passkeys, app and recovery codes off accounts, and sign these out everywhere; it is logged."""
        for user in queryset:
            number = remove_factors(user, by=cast(User, request.user))
            self.log_change(request, user, gettext("The second step was removed."))
            messages.success(
                request,
                ngettext(
                    "Removed from %(name)s: %(number)s passkey or app. Make sure that it is really them who lost it.",
                    "Removed from %(name)s: %(number)s passkeys and apps. Make sure that it is really them who lost them.",
                    number,
                ) % {"name": user, "number": number},
            )  # fmt: skip

    def has_remove_factors_permission(self, request: HttpRequest) -> bool:
        return may_remove_factors(request.user)


admin.site.unregister(Mandate)


@admin.register(Mandate)
class InvitableAdmin(DelegateAdmin):
    """The register's page of a contact or delegate, from which they are invited to an account."""

    actions = ["invite_to_account"]

    def get_urls(self) -> list[Any]:
        """Add the page of a contact's account."""
        view = self.admin_site.admin_view(self.account_view)
        return [path("<int:key>/account/", view, name="members_mandate_account"), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer the invitation to those who may."""
        actions = super().get_actions(request)
        return actions if _may_invite(request) else {k: v for k, v in actions.items() if k != "invite_to_account"}

    @admin.action(description=_("Invite to an account"))
    def invite_to_account(self, request: HttpRequest, queryset: Any) -> None:
        """Invite each; of those who cannot be invited the reason is said."""
        by, site = cast(User, request.user), site_of(request)
        invited = sum(self._tried(request, partial(invite, mandate, by=by, site=site)) for mandate in queryset)
        if invited:
            said = ngettext("%(number)s invitation goes out.", "%(number)s invitations go out.", invited)
            messages.success(request, said % {"number": invited})

    def _tried(self, request: HttpRequest, step: Callable[[], Any]) -> bool:
        try:
            step()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return False
        return True

    def account_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Show whether a contact has an account or an invitation; invite, renew, take back."""
        mandate = get_object_or_404(Mandate.objects.select_related("person__account", "organisation"), pk=key)
        if not _may_invite(request):
            raise PermissionDenied
        if request.method == "POST":
            self._step(request, mandate)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts, "module_name": capfirst(self.opts.verbose_name_plural),
            "title": gettext("Account of %(name)s") % {"name": mandate.person}, "subtitle": None,
            "mandate": mandate, "account": User.objects.filter(person=mandate.person).first(),
            "invitations": mandate.account_invitations.select_related("invited_by"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/account_of_contact.html", context)

    def _step(self, request: HttpRequest, mandate: Mandate) -> None:
        waiting = mandate.account_invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True).first()
        by, site = cast(User, request.user), site_of(request)
        if "withdraw" in request.POST and waiting:
            if self._tried(request, lambda: take_back(waiting)):
                messages.success(request, gettext("The invitation is taken back; its link opens nothing any more."))
        elif self._tried(
            request, lambda: renew(waiting, by=by, site=site) if waiting else invite(mandate, by=by, site=site)
        ):
            messages.success(request, gettext("The invitation goes out."))


def _may_invite(request: HttpRequest) -> bool:
    return may_invite_colleagues(request.user, Organisation())
