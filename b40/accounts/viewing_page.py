"""Where staff says with whose eyes to look at the site, and stops."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from b40.accounts.viewing import start, stop
from members.models import Mandate, Person
from members.resolver import resolve
from members.rights import may_view_as


class OrganisationForm(forms.Form):
    """Which organisation is meant, by any of its names."""

    organisation = forms.CharField(
        label=_("City, observer or partner"), help_text=_("In any spelling."), max_length=200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start_viewing(request: HttpRequest) -> HttpResponse:
    """Find somebody who speaks for an organisation today, and look with their eyes; with none named, as the public.

    Raises PermissionDenied for whoever may not.
    """
    if not may_view_as(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _start(request)
    form = OrganisationForm(request.GET if "organisation" in request.GET else None)
    found = resolve(form.cleaned_data["organisation"]) if form.is_valid() else None
    organisation = found.organisation if found else None
    today = Mandate.objects.visible_to(request.user).on(timezone.localdate())
    context = {
        "form": form,
        "unknown": found.message if found and not organisation else "",
        "organisation": organisation,
        "mandates": today.filter(organisation=organisation).select_related("person") if organisation else [],
    }
    return TemplateResponse(request, "account/view_as.html", context)


def _start(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("person", "")
    if not key:
        start(request, None)
        return redirect("home")
    speaking = Mandate.objects.visible_to(request.user).on(timezone.localdate()).order_by().values("person")
    start(request, get_object_or_404(Person, pk=int(key) if key.isdigit() else 0, pk__in=speaking))
    return redirect("my:home")


@require_POST
def stop_viewing(request: HttpRequest) -> HttpResponse:
    """Look with one's own eyes again."""
    stop(request)
    return redirect("admin:index" if request.user.is_staff else "home")
