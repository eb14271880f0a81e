"""Who may open the pages under `/my/`, and how these answer."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from members.rights import mandates_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def for_delegates(view: View[P]) -> View[P]:
    """Open a view to those who speak for an organisation today.

    Visitors sign in first; an account that speaks for nobody is told so (403). No cache keeps the
    answer (`b40.accounts.private`).
    """

    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        allowed = mandates_of(request.user).exists()
        return view(request, *args, **kwargs) if allowed else _speaks_for_nobody(request)

    return for_accounts(cast(View[P], wraps(view)(guarded)))


def for_accounts(view: View[P]) -> View[P]:
    """Open a view to whoever is signed in, also once their mandates have ended."""
    return login_required(view)


def for_delegates_and_staff(view: View[P]) -> View[P]:
    """Open a view to staff too, whoever they speak for."""
    opened = for_delegates(view)

    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_staff else opened(request, *args, **kwargs)

    return cast(View[P], login_required(wraps(view)(guarded)))


def _speaks_for_nobody(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, "my/nobody.html", status=403)
