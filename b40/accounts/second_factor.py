"""Staff show a second proof of who they are: their accounts hold the names of people."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from members.history import acting
from members.models import User

logger = logging.getLogger("b40.accounts")

OPEN_BEFORE = "/account/"
# What counts as a second step; recovery codes stand in for one of these.
FACTORS = [Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP]


def is_strong(request: HttpRequest) -> bool:
    """Whether a second proof was shown within this session: a passkey, a code of an app, a recovery code."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


class SecondFactorMiddleware:
    """Lead staff without a second proof to where they set one up, or show the one they have, before anything else.

    Everything but the pages of one's account waits, so that a password alone shows no more than the public sees.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.STAFF_SECOND_FACTOR or request.path.startswith(OPEN_BEFORE):
            return self.get_response(request)
        if not request.user.is_staff or is_strong(request):
            return self.get_response(request)
        return HttpResponseRedirect(_way_to_it(request))


def _way_to_it(request: HttpRequest) -> str:
    types = set(Authenticator.objects.filter(user=request.user.pk).values_list("type", flat=True))
    if not types.intersection(FACTORS):
        return reverse("mfa_index")
    page = "mfa_reauthenticate" if Authenticator.Type.TOTP in types else "mfa_reauthenticate_webauthn"
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return f"{reverse(page)}?{query}"


@receiver(authenticator_added)
def _shown_by_setting_up(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Whoever has just set up a passkey or an app has shown it."""
    if authenticator.type in FACTORS and request.user.is_authenticated and request.user.pk == user.pk:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


@transaction.atomic
def remove_factors(user: User, *, by: User) -> int:
    """Take a lost second step off an account: its passkeys, app and recovery codes, and sign it out everywhere.

    Gives how many passkeys and apps there were. Who may is said by `members.rights.may_remove_factors`.
    """
    factors = Authenticator.objects.filter(user=user)
    number: int = factors.filter(type__in=FACTORS).count()
    with acting(user=by):
        for factor in factors:
            factor.delete()
    for session in UserSession.objects.filter(user=user):
        Session.objects.filter(session_key=session.session_key).delete()
        session.delete()
    logger.warning("Second step of %s: taken off, by %s.", user.get_username(), by.get_username())
    return number
