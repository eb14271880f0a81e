"""The public's pages about digests: asking for them, saying yes once more, leaving by one click."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from meetings.following.forms import SubscribeForm
from meetings.following.subscribing import ask, confirm, leave, subscription_to_confirm, subscription_to_leave
from meetings.inviting.guard import guarded, unknown_link
from meetings.inviting.letters import secretariat

# How often one address of the net may ask within an hour: an office behind one address, no machine.
MOST_ASKED = 20
AN_HOUR = 3_600


# Nobody is signed in on these pages, and nothing is done in anybody's name: there is no cookie to protect.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take what a visitor wants to be told. The answer tells nothing about the address."""
    if request.method == "POST":
        return guarded(_ask(request))
    form = SubscribeForm(initial={"everything": True})
    return guarded(
        TemplateResponse(request, "meetings/subscribe.html", {"form": form, "is_asked": "asked" in request.GET})
    )


def _ask(request: HttpRequest) -> HttpResponse:
    form = SubscribeForm(request.POST)
    context = {"form": form, "is_asked": False}
    if not form.is_valid():
        return TemplateResponse(request, "meetings/subscribe.html", context, status=422)
    if _asks_too_often(request):
        form.add_error(
            None, _("Too many subscriptions were asked for from where you are: please try again in an hour.")
        )
        return TemplateResponse(request, "meetings/subscribe.html", context, status=429)
    if not form.cleaned_data["website"]:
        address, language = form.cleaned_data["address"], get_language() or settings.LANGUAGE_CODE
        ask(address, form.choice(), language=language, site=request.build_absolute_uri("/").rstrip("/"))
    return HttpResponseRedirect(f"{reverse('meetings:subscribe')}?asked")


def _asks_too_often(request: HttpRequest) -> bool:
    """Count whoever asks by the address of the net, for an hour."""
    key = f"subscribe:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key) > MOST_ASKED
    except ValueError:  # the hour ended between the two
        return False


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether a subscription was meant, with one button: programs that look into mails press none."""
    subscription = subscription_to_confirm(token)
    if subscription is None:
        return unknown_link(request)
    if request.method == "POST":
        subscription = confirm(subscription)
        return guarded(
            TemplateResponse(request, "meetings/confirm.html", {"subscription": subscription, "is_done": True})
        )
    context = {"subscription": subscription, "is_done": subscription.confirmed_at is not None}
    return guarded(TemplateResponse(request, "meetings/confirm.html", context))


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End a subscription: by the page's button, or by the one click that mail programs offer (RFC 8058)."""
    subscription = subscription_to_leave(token)
    if subscription is None:
        return unknown_link(request)
    if request.method == "POST":
        leave(subscription)
        subscription.refresh_from_db()
    context = {"is_done": not subscription.holds, "secretariat": secretariat()}
    return guarded(TemplateResponse(request, "meetings/unsubscribe.html", context))
