"""Public pages, kept ready for visitors who are nobody in particular, for as long as the record stays as it is."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language_from_request

from members.freshness import KEPT_SECONDS, record_version

GREATEST_PAGE = 400_000
LONGEST_ADDRESS = 600
NEVER_KEPT = ("/admin/", "/account/", "/my/", "/media/", "/static/", "/og/")


@dataclass(frozen=True)
class Kept:
    """A page as it travels."""

    headers: list[tuple[str, str]]
    content: bytes

    def answer(self) -> HttpResponse:
        """Make the response anew."""
        response = HttpResponse(self.content)
        for name, value in self.headers:
            response[name] = value
        return response


class PageCacheMiddleware:
    """Answer a visitor without session from the kept pages; keep what is made for one.

    Stands outermost: a kept page has every header that the layers within gave it. Whoever changes the record makes every
    kept page another version's, so that a visitor never sees an older record than the database holds. Browsers are told to
    ask each time and get 304 when nothing changed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_for_anybody(request):
            return self.get_response(request)
        key = key_of(request)
        kept: Kept | None = caches["pages"].get(key)
        response = kept.answer() if kept else self._make(request, key)
        return conditional(request, response)

    def _make(self, request: HttpRequest, key: str) -> HttpResponse:
        response = self.get_response(request)
        if is_the_same_for_all(response):
            if not response.has_header("ETag"):
                response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, no_cache=True)
            caches["pages"].set(key, Kept(list(response.items()), response.content), KEPT_SECONDS)
        return response


def is_for_anybody(request: HttpRequest) -> bool:
    """Whether the answer cannot depend on who asks: a page, asked for without a session."""
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.path.startswith(NEVER_KEPT)
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def is_the_same_for_all(response: HttpResponse) -> bool:
    """Whether an answer may be given to the next visitor too."""
    private = any(word in response.get("Cache-Control", "") for word in ("private", "no-store"))
    small = not response.streaming and len(response.content) <= GREATEST_PAGE
    return response.status_code == 200 and small and not response.cookies and not private


def key_of(request: HttpRequest) -> str:
    """Name the answer: the address as asked for, the day, the language, whether it may be compressed, the record's version.

    Raises DisallowedHost for a host that is not ours.
    """
    parts = (
        request.scheme,
        request.get_host(),
        request.get_full_path(),
        timezone.localdate().isoformat(),
        get_language_from_request(request),
        "gzip" in request.headers.get("Accept-Encoding", ""),
        record_version(),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Answer 304 to a browser that holds this very page."""
    etag = response.get("ETag")
    if not etag or response.status_code != 200:
        return response
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer if isinstance(answer, HttpResponse) else response
