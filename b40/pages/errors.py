"""The error that Django itself draws without a template.

400, 403, 404 and 500 need none of our code but their templates.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token with the page for 403, in the design of the others."""
    return render(request, "403.html", status=403)
