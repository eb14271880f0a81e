"""Pages about oneself: kept by no cache, found by no search engine."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

ABOUT_ONESELF = ("/account/", "/my/")


class PrivatePagesMiddleware:
    """Close everything under these addresses to caches and search engines, refusals and redirects included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(ABOUT_ONESELF):
            add_never_cache_headers(response)
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response
