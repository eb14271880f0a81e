"""The page on which an account chooses what it is told by mail."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from b40.my.guard import for_accounts
from meetings.following.forms import ChoiceForm
from meetings.following.subscribing import choose, leave, subscription_of
from members.models import User
from workinggroups.rights import groups_of


@for_accounts
@require_http_methods(["GET", "HEAD", "POST"])
def subscriptions(request: HttpRequest) -> HttpResponse:
    """Show what an account follows, and take another choice."""
    user = cast(User, request.user)
    held = subscription_of(user)
    if request.method == "POST" and user.email:
        form = ChoiceForm(request.POST, reader=user)
        if form.is_valid():
            choose(user, form.choice())
            messages.success(request, _("Saved: this is what you are told from now on."))
            return HttpResponseRedirect(reverse("my:subscriptions"))
        return _page(request, form, status=422)
    # A first choice is at hand: what they are in anyway.
    initial = {} if held else {"groups": list(groups_of(user).values_list("pk", flat=True))}
    return _page(request, ChoiceForm(reader=user, subscription=held, initial=initial))


def _page(request: HttpRequest, form: ChoiceForm, status: int = 200) -> HttpResponse:
    user = cast(User, request.user)
    context = {"form": form, "subscription": subscription_of(user), "address": user.email}
    return TemplateResponse(request, "my/subscriptions.html", context, status=status)


@for_accounts
@require_POST
def stop_subscription(request: HttpRequest) -> HttpResponse:
    """End the subscription of an account."""
    held = subscription_of(cast(User, request.user))
    if held:
        leave(held)
    messages.success(request, _("You are unsubscribed: no further news is sent to you."))
    return HttpResponseRedirect(reverse("my:subscriptions"))
