"""How to join a meeting, and saying that one is there."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from b40.my.guard import for_delegates
from b40.my.meetings import not_invited
from meetings.desk.checking_in import Opening
from meetings.desk.self_check_in import WAYS, NotOpen, check_in_self, take_back_check_in
from meetings.inviting.letters import secretariat
from meetings.joining import read_joining
from meetings.models import Meeting, Mode, Session
from meetings.models.attendance import TAKING_PART
from members.models import Organisation, User
from members.rights import organisations_of

REFUSALS = {
    Opening.EARLY: gettext_lazy("Check-in opens half an hour before the session."),
    Opening.OVER: gettext_lazy(
        "Check-in closed half an hour after the session. If you were there, please tell the secretariat."
    ),
    Opening.NO_TIME: gettext_lazy("Nobody has set the time of this session, so there is no check-in."),
    Opening.OFF: gettext_lazy("This meeting takes no names: it does not take place, or its record is closed."),
}


class HereForm(forms.Form):
    """At which session, and for whom, somebody is; in which way, where there are two."""

    session = forms.ModelChoiceField(queryset=Session.objects.none())
    organisation = forms.ModelChoiceField(queryset=Organisation.objects.none(), to_field_name="slug")
    mode = forms.ChoiceField(required=False)

    def __init__(self, user: User, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = WAYS[Mode(meeting.mode)]
        self.fields["session"].queryset = meeting.sessions.prefetch_related("working_groups")  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = organisations_of(user)  # type: ignore[attr-defined]
        self.fields["mode"].choices = [pair for pair in TAKING_PART if pair[0] in ways]  # type: ignore[attr-defined]
        self.only_way = ways[0] if len(ways) == 1 else ""

    def clean_mode(self) -> str:
        """Where there is but one way it needs no saying."""
        mode = str(self.cleaned_data["mode"]) or self.only_way
        if not mode:
            raise forms.ValidationError(_("Say whether you are in the room or online."))
        return mode


@for_delegates
@require_safe
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how a meeting is joined, once it is near, and a button for each session that runs."""
    return _page(request, _meeting(request, slug))


@for_delegates
@require_POST
def here(request: HttpRequest, slug: str) -> HttpResponse:
    """Note that the visitor is at a session."""
    user = cast(User, request.user)

    def write(session: Session, organisation: Organisation, mode: str) -> None:
        check_in_self(session, organisation, mode=mode, by=user)
        messages.success(request, _("You are noted for %(name)s.") % {"name": organisation.name})

    return _write(request, slug, write)


@for_delegates
@require_POST
def not_here(request: HttpRequest, slug: str) -> HttpResponse:
    """Take that back."""
    user = cast(User, request.user)

    def write(session: Session, organisation: Organisation, mode: str) -> None:
        if take_back_check_in(session, organisation, by=user):
            messages.success(request, _("You are no longer noted for %(name)s.") % {"name": organisation.name})

    return _write(request, slug, write)


def _write(request: HttpRequest, slug: str, write: Callable[[Session, Organisation, str], None]) -> HttpResponse:
    meeting = _meeting(request, slug)
    form = HereForm(cast(User, request.user), meeting, request.POST)
    if not form.is_valid():
        reasons = [str(reason) for reasons in form.errors.values() for reason in reasons]
        return _page(request, meeting, status=422, refusal=" ".join(reasons))
    session = form.cleaned_data["session"]
    session.meeting = meeting
    try:
        write(session, form.cleaned_data["organisation"], form.cleaned_data["mode"])
    except PermissionDenied:
        return not_invited(request, slug)
    except NotOpen as closed:
        return _page(request, meeting, status=403, refusal=str(REFUSALS[closed.opening]))
    return HttpResponseRedirect(f"{reverse('my:join', args=[slug])}#session-{session.pk}")


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    meetings = Meeting.objects.visible_to(request.user).select_related("host_city", "country")
    return get_object_or_404(meetings, slug=slug)


def _page(request: HttpRequest, meeting: Meeting, *, status: int = 200, refusal: str = "") -> HttpResponse:
    joining = read_joining(cast(User, request.user), meeting, timezone.now())
    if not joining.organisations:
        return not_invited(request, meeting.slug)
    context = {"joining": joining, "meeting": meeting, "refusal": refusal, "secretariat": secretariat()}
    return TemplateResponse(request, "my/join.html", context, status=status)
