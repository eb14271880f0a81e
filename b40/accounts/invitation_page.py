"""The page behind the link in an invitation to an account, and the welcome after it."""

from typing import cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from b40.accounts.adapter import name_of
from b40.accounts.invitation_forms import TakeUpForm
from b40.accounts.inviting import take_up
from b40.accounts.inviting.links import invitation_in
from meetings.inviting.guard import guarded
from meetings.inviting.letters import secretariat
from members.models import AccountInvitation, User
from members.rights import mandates_of


@sensitive_post_parameters("password1", "password2")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show who is invited as what, and make the account; looking changes nothing, and the link opens once.

    A link that is none, or none any more, answers 404, whichever it is.
    """
    invitation = invitation_in(token)
    response = _opened(request, invitation) if invitation else _unknown(request)
    response = guarded(response)
    response["Referrer-Policy"] = "same-origin"  # the check of forms asks for the referrer, on this site alone
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "account/invitation_unknown.html", {"secretariat": secretariat()}, status=404)


def _opened(request: HttpRequest, invitation: AccountInvitation) -> HttpResponse:
    person = invitation.mandate.person
    context: dict[str, object] = {"invitation": invitation, "mandate": invitation.mandate, "person": person}
    if request.user.is_authenticated:
        own = request.user.person_id == person.pk
        return TemplateResponse(
            request, "account/invitation_other.html", {**context, "own": own, "name": name_of(request.user)}
        )
    if User.objects.filter(person=person).exists():
        return TemplateResponse(request, "account/invitation_known.html", context)
    return _form(request, invitation, context)


def _form(request: HttpRequest, invitation: AccountInvitation, context: dict[str, object]) -> HttpResponse:
    named = User(username=invitation.address, email=invitation.address, first_name=invitation.mandate.person.name)
    form = TakeUpForm(request.POST if request.method == "POST" else None, user=named)
    if form.is_valid():
        try:
            return _sign_in(request, take_up(invitation, password=form.password))
        except ValidationError as error:
            form.add_error(None, error)
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "account/invitation.html", {**context, "form": form}, status=status)


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in whoever has just made the account: the link in the mail showed who it is."""
    record_authentication(request, user, "invitation")
    login = Login(user=user, redirect_url=reverse("account_welcome"), email=user.email)
    response: HttpResponse = perform_login(request, login)
    return response


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Welcome whoever has a new account, and offer a passkey."""
    mandates = mandates_of(request.user).select_related("organisation").order_by("organisation__key")
    context = {"mandates": mandates, "name": name_of(cast(User, request.user))}
    return TemplateResponse(request, "account/welcome.html", context)
