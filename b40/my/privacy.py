"""What is held about an account's person, what they agreed to, and being forgotten."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from b40.my.guard import for_accounts
from b40.privacy.holding import as_json, holdings_of
from members.consenting import ask_to_be_erased, give_consent, refusal_to_erase, withdraw_consent
from members.models import Consent, ErasureRequest, Person, Purpose, User


@for_accounts
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what is held, what was agreed to, and how to be forgotten."""
    user = cast(User, request.user)
    person = user.person
    requests = list(ErasureRequest.objects.visible_to(user).filter(person=person)) if person else []
    context = {
        "person": person,
        "holdings": [holding for holding in holdings_of(user) if holding.rows],
        "is_public": bool(person and Consent.objects.visible_to(user).standing().filter(person=person).exists()),
        "requests": requests,
        "is_waiting": any(each.decided_at is None for each in requests),
        "refusal": refusal_to_erase(person) if person else "",
        "days": settings.RETENTION,
    }
    return TemplateResponse(request, "my/privacy.html", context)


@for_accounts
@require_safe
def own_data(request: HttpRequest, ending: str) -> HttpResponse:
    """Give all that is held as a file: JSON for programs, a page to print for people."""
    user = cast(User, request.user)
    if ending == "json":
        response = HttpResponse(as_json(user), content_type="application/json")
    elif ending == "html":
        context = {"holdings": [holding for holding in holdings_of(user) if holding.rows]}
        response = HttpResponse(TemplateResponse(request, "my/own_data.html", context).render().content)
    else:
        raise Http404("no such kind of file")
    response["Content-Disposition"] = f'attachment; filename="b40-my-data.{ending}"'
    return response


def _person(request: HttpRequest) -> Person:
    person = cast(User, request.user).person
    if person is None:
        raise Http404("an account without a person")
    return person


@for_accounts
@require_POST
def change_consent(request: HttpRequest) -> HttpResponse:
    """Agree that one's name is shown, or take that back."""
    person = _person(request)
    if request.POST.get("public_name"):
        give_consent(person, Purpose.PUBLIC_NAME)
        messages.success(request, _("Your name is shown on the pages of your working groups from now on."))
    else:
        withdraw_consent(person, Purpose.PUBLIC_NAME)
        messages.success(request, _("Your name is no longer shown."))
    return HttpResponseRedirect(reverse("my:privacy"))


@for_accounts
@require_POST
def ask_for_erasure(request: HttpRequest) -> HttpResponse:
    """Ask the secretariat to erase what is held."""
    person = _person(request)
    refusal = refusal_to_erase(person)
    if refusal:
        messages.error(request, refusal)
    else:
        ask_to_be_erased(person)
        messages.success(request, _("The secretariat has your request. It answers within a month, as the law asks."))
    return HttpResponseRedirect(reverse("my:privacy"))
