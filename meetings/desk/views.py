"""The public page behind the code in the room."""

import zoneinfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from meetings.desk.checking_in import Opening, TooMany, check_in, opening_of, times_of
from meetings.desk.forms import CheckInForm
from meetings.desk.tokens import read_token
from meetings.models import Meeting, Session


# Nobody is signed in here and nothing is done in anybody's name: whoever may send holds the address. So there is no
# cookie to protect, and a browser that tells no referrer is not turned away.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_page(request: HttpRequest, token: str) -> HttpResponse:
    """Let delegates note that they are there, while the session runs; looking changes nothing."""
    session = _session(request, token)
    with timezone.override(zoneinfo.ZoneInfo(session.meeting.timezone)):
        response = _answer(request, session, token)
        if isinstance(response, TemplateResponse):
            response.render()  # while the zone stands
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _session(request: HttpRequest, token: str) -> Session:
    meetings = Meeting.objects.visible_to(request.user)
    sessions = Session.objects.filter(meeting__in=meetings).select_related("meeting__host_city")
    return get_object_or_404(sessions.prefetch_related("working_groups"), pk=read_token(token))


def _answer(request: HttpRequest, session: Session, token: str) -> HttpResponse:
    opening = opening_of(session, timezone.now())
    context = {"session": session, "meeting": session.meeting, "times": times_of(session), "opening": opening}
    if opening != Opening.OPEN:
        status = 403 if request.method == "POST" else 200
        return TemplateResponse(request, "meetings/check_in.html", context, status=status)
    if request.method == "POST":
        return _note(request, session, token, context)
    chosen = request.GET.get("for", "")
    form = CheckInForm(session, initial={"organisation": chosen})
    context |= {"form": form, "noted_for": form.organisations.get(chosen)}
    return TemplateResponse(request, "meetings/check_in.html", context)


def _note(request: HttpRequest, session: Session, token: str, context: dict[str, object]) -> HttpResponse:
    """The answer is the same for whoever is known and whoever is not: it tells nothing of the network's contacts."""
    form = CheckInForm(session, request.POST)
    context |= {"form": form, "noted_for": None}
    if not form.is_valid():
        return TemplateResponse(request, "meetings/check_in.html", context, status=422)
    typed = form.cleaned_data
    try:
        check_in(session, typed["organisation"], name=typed["name"], email=typed["email"])
    except TooMany:
        form.add_error(None, _("Too many names at once: please tell the desk in the room that you are here."))
        return TemplateResponse(request, "meetings/check_in.html", context, status=429)
    address = reverse("meetings:check_in", args=[token])
    return HttpResponseRedirect(f"{address}?{urlencode({'for': typed['organisation'].pk})}")
