"""Who speaks for an organisation: seen by all its delegates, added and retired by its lead delegates."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from b40.accounts.inviting import Colleague, add_colleague, invite, retire, take_back
from b40.accounts.inviting.colleagues import GIVEN_ROLES, ChangedMeanwhile
from b40.my.guard import for_delegates
from meetings.admin.meeting_pages import site_of
from members.models import AccountInvitation, Mandate, MandateRole, Organisation, User
from members.rights import may_invite_colleagues, organisations_of
from workinggroups.models import ParticipationChange, WorkingGroup

View = Callable[..., HttpResponse]


class ColleagueForm(forms.Form):
    """Somebody who is to speak for the organisation from today on."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    address = forms.EmailField(label=gettext_lazy("Mail address"), help_text=gettext_lazy("Their own: the invitation goes there."))  # fmt: skip
    position = forms.CharField(
        label=gettext_lazy("Position"), max_length=160, required=False, help_text=gettext_lazy("As in “Head of international relations”."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[(role.value, role.label) for role in GIVEN_ROLES], initial=MandateRole.TECHNICAL,
    )  # fmt: skip
    groups = forms.ModelMultipleChoiceField(
        WorkingGroup.objects.none(), label=gettext_lazy("Working groups"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None marked: all in which you take part."),
    )  # fmt: skip

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        joined = ParticipationChange.objects.on(timezone.localdate()).filter(organisation=organisation).order_by()
        groups = WorkingGroup.objects.filter(pk__in=joined.values("group"))
        cast(forms.ModelMultipleChoiceField, self.fields["groups"]).queryset = groups  # type: ignore[type-arg]
        if not groups:
            del self.fields["groups"]

    def colleague(self) -> Colleague:
        """Give who was typed; after validation only."""
        data = self.cleaned_data
        groups = list(data.get("groups") or [])
        return Colleague(data["name"], data["address"], data["role"], data["position"], groups)


class RetireForm(forms.Form):
    """The last day of somebody, with the one that the page showed."""

    last_day = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    shown = forms.DateField(required=False, widget=forms.HiddenInput)


def _for_leads(view: View) -> View:
    """Open a step to the lead delegates of an organisation: 404 where one speaks for nobody, 403 for its other delegates."""

    @wraps(view)
    def opened(request: HttpRequest, slug: str, **named: int) -> HttpResponse:
        organisation = _organisation(request, slug)
        if not may_invite_colleagues(request.user, organisation):
            raise PermissionDenied
        return view(request, organisation, **named)

    return cast(View, for_delegates(require_POST(opened)))


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    return get_object_or_404(organisations_of(request.user), slug=slug)


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who speaks for an organisation; a lead delegate adds somebody here."""
    organisation = _organisation(request, slug)
    if request.method != "POST":
        return _page(request, organisation)
    if not may_invite_colleagues(request.user, organisation):
        raise PermissionDenied
    form = ColleagueForm(request.POST, organisation=organisation)
    if form.is_valid():
        try:
            invitation = add_colleague(
                organisation, form.colleague(), by=cast(User, request.user), site=site_of(request)
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _added(form.cleaned_data["name"], invitation))
            return redirect("my:colleagues", slug)
    return _page(request, organisation, form, status=422)


def _added(name: str, invitation: AccountInvitation | None) -> str:
    if invitation is None:
        return _("%(name)s is on the list again; the account that they have opens your pages.") % {"name": name}
    return _("%(name)s is on the list, and an invitation goes to %(address)s.") % {
        "name": name, "address": invitation.address,
    }  # fmt: skip


def _page(
    request: HttpRequest, organisation: Organisation, form: ColleagueForm | None = None, *, status: int = 200,
    changed: Mandate | None = None, typed: dt.date | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "organisation": organisation,
        "mandates": _listed(request, organisation),
        "leads": may_invite_colleagues(request.user, organisation),
        "form": form or ColleagueForm(organisation=organisation),
        "today": timezone.localdate(),
        "changed": changed,
        "typed": typed,
    }
    return TemplateResponse(request, "my/colleagues.html", context, status=status)


def _listed(request: HttpRequest, organisation: Organisation) -> QuerySet[Mandate]:
    """Read who speaks for the organisation today, with accounts and invitations: three queries."""
    held = Mandate.objects.visible_to(request.user).on(timezone.localdate()).filter(organisation=organisation)
    open_ones = AccountInvitation.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True)
    return (
        held.select_related("person__account")
        .prefetch_related("group_seats__group", Prefetch("account_invitations", open_ones, to_attr="waiting"))
        .order_by("person__name", "pk")
    )


def _mandate(request: HttpRequest, organisation: Organisation, key: int) -> Mandate:
    return get_object_or_404(_listed(request, organisation), pk=key)


@_for_leads
def invite_colleague(request: HttpRequest, organisation: Organisation, mandate: int) -> HttpResponse:
    """Invite somebody who is on the list to an account; an invitation that waits is replaced."""
    found = _mandate(request, organisation, mandate)
    try:
        for waiting in found.waiting:  # type: ignore[attr-defined]  # prefetched
            take_back(waiting)
        made = invite(found, by=cast(User, request.user), site=site_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("An invitation goes to %(address)s.") % {"address": made.address})
    return redirect("my:colleagues", organisation.slug)


@_for_leads
def withdraw_invitation(request: HttpRequest, organisation: Organisation, mandate: int) -> HttpResponse:
    """Take an invitation back."""
    try:
        for waiting in _mandate(request, organisation, mandate).waiting:  # type: ignore[attr-defined]  # prefetched
            take_back(waiting)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The invitation is taken back; its link opens nothing any more."))
    return redirect("my:colleagues", organisation.slug)


@_for_leads
def retire_colleague(request: HttpRequest, organisation: Organisation, mandate: int) -> HttpResponse:
    """Give somebody's mandate a last day; what they did stays."""
    found = _mandate(request, organisation, mandate)
    form = RetireForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is no day: write it as in 2026-01-31."))
        return redirect("my:colleagues", organisation.slug)
    day = form.cleaned_data["last_day"]
    try:
        retire(found, last_day=day, shown=form.cleaned_data["shown"])
    except ChangedMeanwhile as stale:
        return _page(request, organisation, status=409, changed=stale.mandate, typed=day)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = _("The last day of %(name)s is %(day)s.")
        messages.success(request, said % {"name": found.person, "day": day.strftime("%-d %B %Y")})
    return redirect("my:colleagues", organisation.slug)
