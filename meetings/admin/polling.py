"""A meeting's date poll: its options, whom to ask, the answers as a grid, and the winner."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meetings.admin.inviting import change_link, choosing, letters_page, numbers, prepared, was_seen
from meetings.admin.meeting_pages import View, meeting_page, page_context, site_of
from meetings.inviting.candidates import chosen_mandates
from meetings.models import DatePoll, Meeting, PollOption, Voter
from meetings.permissions import may_poll, may_see_polls
from meetings.polling import choose_date, prepare_poll
from meetings.polling.asking import add_option, close_poll, reopen_poll, save_poll, withdraw_option
from meetings.polling.forms import OptionForm, PollForm
from meetings.polling.grid import read_grid
from meetings.polling.letters import check_askable, preview_poll, voters_of
from members.models import User


class PollingMixin:
    """The admin of meetings, with the pages of their date polls."""

    if TYPE_CHECKING:
        admin_site: AdminSite

    def get_urls(self) -> list[Any]:
        """Add the pages of a meeting's date poll."""
        from meetings.admin.poll_answering import enter_view  # it leads back here

        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("", "poll", poll_view),
            ("settings/", "poll_settings", settings_view),
            ("options/", "poll_add", add_view),
            ("options/<int:option>/withdraw/", "poll_withdraw", withdraw_view),
            ("options/<int:option>/choose/", "poll_take", take_view),
            ("close/", "poll_close", close_view),
            ("ask/", "poll_choose", choose_view),
            ("preview/", "poll_preview", preview_view),
            ("links/<int:voter>/", "poll_link", link_view),
            ("<int:ballot>/", "poll_answer", enter_view),
        ]
        return [*self._polling_urls(pages), *super().get_urls()]  # type: ignore[misc]

    def _polling_urls(self, pages: list[tuple[str, str, View]]) -> list[Any]:
        wrap, site = self.admin_site.admin_view, self.admin_site
        return [
            path(
                f"<int:meeting_id>/poll/{ending}",
                wrap(meeting_page(view, sees=may_see_polls, does=may_poll)),
                {"site": site},
                name=f"meetings_meeting_{name}",
            )
            for ending, name, view in pages
        ]


def address_of(meeting: Meeting, page: str = "poll", *args: Any) -> str:
    """Give the address of a page of a meeting's poll."""
    return reverse(f"admin:meetings_meeting_{page}", args=[meeting.pk, *args])


def _poll(meeting: Meeting) -> DatePoll:
    poll = get_object_or_404(DatePoll, meeting=meeting)
    poll.meeting = meeting
    return poll


def _option(meeting: Meeting, pk: int) -> PollOption:
    option = get_object_or_404(PollOption, poll__meeting=meeting, pk=pk)
    option.poll = _poll(meeting)
    return option


# --- The poll ---


@require_safe
def poll_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Show a draft's poll, or the form that begins one."""
    return _page(request, site, meeting)


def _page(
    request: HttpRequest, site: AdminSite, meeting: Meeting, *, settings: PollForm | None = None,
    option: OptionForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    poll = DatePoll.objects.visible_to(cast(User, request.user)).filter(meeting=meeting).first()
    if poll:
        poll.meeting = meeting
    context = page_context(site, request, meeting, _("Date poll"))
    context |= {
        "poll": poll,
        "grid": read_grid(cast(User, request.user), poll) if poll else None,
        "settings_form": settings or _settings_form(meeting, poll),
        "option_form": option or OptionForm(),
        "may_poll": may_poll(request.user) and meeting.is_draft,
    }
    return TemplateResponse(request, "admin/meetings/meeting/poll.html", context, status=status)


def _settings_form(meeting: Meeting, poll: DatePoll | None) -> PollForm:
    if poll is None:
        return PollForm(meeting.timezone, initial={"timezone": meeting.timezone})
    initial = {"question": poll.question, "timezone": poll.timezone, "closes_on": poll.closes_on}
    return PollForm(poll.timezone, initial=initial)


@require_POST
def settings_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Begin a poll, or change what it says."""
    form = PollForm(request.POST.get("timezone", "") or meeting.timezone, request.POST)
    if form.is_valid() and _done(
        request,
        _("The poll is saved."),
        lambda: save_poll(
            meeting,
            question=form.cleaned_data["question"],
            zone=form.cleaned_data["timezone"],
            closes_on=form.cleaned_data["closes_on"],
            by=cast(User, request.user),
        ),
    ):
        return HttpResponseRedirect(address_of(meeting))
    return _page(request, site, meeting, settings=form, status=422)


@require_POST
def add_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Offer one more time."""
    poll, form = _poll(meeting), OptionForm(request.POST)
    if form.is_valid() and _done(
        request,
        _("The time is offered. Whoever answered already can say a word on it by the same link."),
        lambda: add_option(poll, **form.cleaned_data, by=cast(User, request.user)),
    ):
        return HttpResponseRedirect(address_of(meeting))
    return _page(request, site, meeting, option=form, status=422)


@require_POST
def withdraw_view(request: HttpRequest, meeting: Meeting, option: int, site: AdminSite) -> HttpResponse:
    """Offer a time no more."""
    found = _option(meeting, option)
    _done(
        request,
        _("The time is withdrawn; what was answered is kept."),
        lambda: withdraw_option(found, by=cast(User, request.user)),
    )
    return HttpResponseRedirect(address_of(meeting))


@require_POST
def take_view(request: HttpRequest, meeting: Meeting, option: int, site: AdminSite) -> HttpResponse:
    """Make a time the meeting's date."""
    found = _option(meeting, option)
    said = _("This is the meeting's date now; its sessions moved along, and the poll is closed.")
    _done(request, said, lambda: choose_date(found, by=cast(User, request.user)))
    return HttpResponseRedirect(address_of(meeting))


@require_POST
def close_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Take no more answers, or take them again."""
    poll, by = _poll(meeting), cast(User, request.user)
    if "reopen" in request.POST:
        _done(request, _("The poll is open again."), lambda: reopen_poll(poll, by=by))
    else:
        _done(request, _("The poll is closed."), lambda: close_poll(poll, by=by))
    return HttpResponseRedirect(address_of(meeting))


def _done(request: HttpRequest, said: str, act: Callable[[], object]) -> bool:
    """Do something and say so; a refusal is said instead."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, said)
    return True


# --- Asking ---


@require_safe
def choose_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Choose whom to ask."""
    poll = _poll(meeting)
    context = page_context(site, request, meeting, _("Ask for the date"))
    context |= choosing(request, meeting, [(one.ballot.organisation_id, one) for one in voters_of(poll)])
    context |= {
        "obstacle": _obstacle(poll),
        "preview_url": address_of(meeting, "poll_preview"),
        "back_url": address_of(meeting),
        "back": _("Date poll"),
        "asks_deadline": False,
        "may_send": may_poll(request.user),
    }
    return TemplateResponse(request, "admin/meetings/meeting/choose.html", context)


def _obstacle(poll: DatePoll) -> str:
    try:
        check_askable(poll)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@require_POST
def preview_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Show every letter; once that was seen and is confirmed, prepare them as a mailing."""
    poll, site_url = _poll(meeting), site_of(request)
    mandates = chosen_mandates(numbers(request.POST, "mandate"), timezone.localdate())
    drafts = preview_poll(poll, mandates, site=site_url)
    if was_seen(request, drafts):
        try:
            return prepared(request, prepare_poll(poll, mandates, by=cast(User, request.user), site=site_url))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(address_of(meeting, "poll_choose"))
    hidden = [("mandate", one.pk) for one in mandates]
    return letters_page(request, site, meeting, drafts, hidden, back=address_of(meeting, "poll_choose"))


@require_POST
def link_view(request: HttpRequest, meeting: Meeting, voter: int, site: AdminSite) -> HttpResponse:
    """Take a personal link back, or make it anew."""
    link = get_object_or_404(Voter.objects.filter(ballot__poll__meeting=meeting), pk=voter)
    change_link(request, link)
    return HttpResponseRedirect(address_of(meeting, "poll_answer", link.ballot_id))
