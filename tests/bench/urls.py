"""The site's addresses and an empty view to measure them against."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    """Answer with two bytes."""
    return HttpResponse("ok")


urlpatterns = [path("empty/", empty), path("", include("b40.urls"))]
