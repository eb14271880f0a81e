"""How pages behind personal links answer: kept by nobody, found by nobody, and their address told to nobody."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers

from meetings.inviting.letters import secretariat


def guarded(response: HttpResponse) -> HttpResponse:
    """Let neither caches nor search engines keep a page, and neither pages that it links to nor the server's log learn
    of its address: that is a key.
    """
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the address of a refusal
    return response


def unknown_link(request: HttpRequest) -> HttpResponse:
    """Answer whoever comes with a link that is none, or none any more; which of the two is not told."""
    context = {"secretariat": secretariat()}
    return guarded(TemplateResponse(request, "meetings/link_unknown.html", context, status=404))
