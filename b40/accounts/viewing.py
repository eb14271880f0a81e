"""Looking at the site with the eyes of somebody else: as the public, or as a person with mandates.

The pages of one's own account and the admin stay one's own. All others are answered as to the one whom staff pretends to
be; whatever is not reading is refused there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from members.models import Person, User, Viewing
from members.pretending import PretendedVisitor
from members.rights import may_view_as

SESSION_KEY = "viewing_as"
STAY_ONE_S_OWN = ("/admin/", "/account/")
READING = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Viewed:
    """With whose eyes a page is shown; `person` None: the public's."""

    person: Person | None

    @property
    def title(self) -> str:
        """Name whose eyes these are, within a sentence."""
        return str(self.person) if self.person else _("the public")

    @property
    def visitor(self) -> "PretendedVisitor | AnonymousUser":
        """Give who stands in the place of the user."""
        return PretendedVisitor(self.person) if self.person else AnonymousUser()


@transaction.atomic
def start(request: HttpRequest, person: Person | None) -> Viewing:
    """Look with other eyes from now on, within this session, and put it on record."""
    stop(request)
    viewing = Viewing.objects.create(user=cast(User, request.user), person=person)
    request.session[SESSION_KEY] = viewing.pk
    return viewing


@transaction.atomic
def stop(request: HttpRequest) -> None:
    """Look with one's own eyes again."""
    found = Viewing.objects.filter(pk=request.session.pop(SESSION_KEY, None), stopped_at__isnull=True).first()
    if found:
        found.stopped_at = timezone.now()
        found.save(update_fields=["stopped_at"])


def viewed_by(request: HttpRequest) -> Viewed | None:
    """Give with whose eyes a session looks; None for one's own. The right to look is asked each time."""
    key = request.session.get(SESSION_KEY)
    if key is None or not request.user.is_authenticated or not may_view_as(request.user):
        return None
    own = Viewing.objects.filter(pk=key, user=request.user, stopped_at__isnull=True)
    viewing = own.select_related("person").first()
    return Viewed(viewing.person) if viewing else None


class ViewingMiddleware:
    """Put somebody else in the place of the user while staff looks with other eyes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewed = viewed_by(request)
        if viewed is None:
            return self.get_response(request)
        request.viewing_as = viewed  # type: ignore[attr-defined]  # the templates' banner
        if request.path.startswith(STAY_ONE_S_OWN):
            return self.get_response(request)
        request.user = viewed.visitor  # type: ignore[assignment]  # it does all that a reading page asks of a user
        response = self._shown(request)
        add_never_cache_headers(response)
        return response

    def _shown(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return _refused(request, asks_to_sign_in=False)
        response = self.get_response(request)
        is_sent_to_sign_in = response.get("Location", "").startswith(resolve_url("account_login"))
        return _refused(request, asks_to_sign_in=True) if is_sent_to_sign_in else response


def _refused(request: HttpRequest, *, asks_to_sign_in: bool) -> HttpResponse:
    context = {"asks_to_sign_in": asks_to_sign_in}
    return TemplateResponse(request, "account/viewing_refused.html", context, status=403).render()
