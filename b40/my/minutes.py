"""Minutes to read: those that are to be checked, with what one asks to be put differently, and approved ones."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from b40.my.guard import for_delegates
from meetings.inviting.letters import secretariat
from meetings.minutes.correcting import CorrectionForm, hand_in_correction
from meetings.minutes.public import notes_of
from meetings.models import Correction, Minutes
from meetings.permissions import correcting_organisations
from members.models import User


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def minutes_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the minutes of a meeting, and take corrections until the last day for them."""
    user = cast(User, request.user)
    found = Minutes.objects.visible_to(user).filter(circulated_at__isnull=False).select_related("meeting")
    minutes = get_object_or_404(found, meeting__slug=slug)
    form = CorrectionForm(minutes.meeting, correcting_organisations(user, minutes), request.POST or None)
    if request.method != "POST":
        return _page(request, minutes, form)
    if not form.organisations:
        raise PermissionDenied
    if form.is_valid() and _hand_in(user, minutes, form):
        messages.success(request, _("Your correction is handed in. The secretariat answers every one."))
        return HttpResponseRedirect(f"{request.path}#corrections")
    return _page(request, minutes, form, status=422)


def _hand_in(user: User, minutes: Minutes, form: CorrectionForm) -> bool:
    typed = form.cleaned_data
    try:
        hand_in_correction(
            minutes, typed["organisation"], typed["text"], str(user.person or user), user, item=typed["item"]
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def _page(request: HttpRequest, minutes: Minutes, form: CorrectionForm, *, status: int = 200) -> HttpResponse:
    user = cast(User, request.user)
    corrections = Correction.objects.visible_to(user).filter(minutes=minutes).select_related("organisation", "item")
    context: dict[str, Any] = {
        "minutes": minutes,
        "meeting": minutes.meeting,
        "notes": notes_of(user, minutes.meeting),
        "corrections": corrections.prefetch_related("item__topics"),
        "form": form,
        "takes_corrections": bool(form.organisations) and minutes.takes_corrections,
        "secretariat": secretariat(),
    }
    return TemplateResponse(request, "my/minutes.html", context, status=status)
