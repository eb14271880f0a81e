"""Invitations to a meeting: whom to ask, a look at every letter, the answers."""

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings.admin.meeting_pages import View, meeting_page, page_context, site_of
from meetings.inviting import prepare_cancellation, prepare_change, prepare_invitations, prepare_reminders
from meetings.inviting.candidates import (
    Choice,
    chosen_mandates,
    chosen_organisations,
    found_organisations,
    read_candidates,
    read_sets,
    usual_sets,
)
from meetings.inviting.export import as_csv, as_xlsx
from meetings.inviting.forms import read_day
from meetings.inviting.links import renew, revoke
from meetings.inviting.overview import read_overview
from meetings.inviting.preparing import (
    check_invitable,
    invitees_of,
    not_knowing,
    preview,
    preview_invitations,
    set_deadline,
    without_answer,
)
from meetings.mail import Draft
from meetings.models import Invitee, Mailing, MailingKind, Meeting, PersonalLink
from meetings.permissions import may_invite, may_see_invitations
from members.models import User

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class InvitingMixin:
    """The admin of meetings, with the pages of their invitations."""

    if TYPE_CHECKING:
        admin_site: AdminSite

    def get_urls(self) -> list[Any]:
        """Add the pages of a meeting's invitations."""
        from meetings.admin.answering import enter_view  # it leads back here

        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("", "invitations", overview_view),
            ("choose/", "invitations_choose", choose_view),
            ("preview/", "invitations_preview", preview_view),
            ("letters/<slug:kind>/", "invitations_letters", letters_view),
            ("deadline/", "invitations_deadline", deadline_view),
            ("links/<int:invitee>/", "invitations_link", link_view),
            ("answers.<slug:kind>", "invitations_export", export_view),
            ("<int:invitation>/", "invitations_answer", enter_view),
        ]
        return [*self._inviting_urls(pages), *super().get_urls()]  # type: ignore[misc]

    def _inviting_urls(self, pages: list[tuple[str, str, View]]) -> list[Any]:
        wrap, site = self.admin_site.admin_view, self.admin_site
        return [
            path(
                f"<int:meeting_id>/invitations/{ending}",
                wrap(meeting_page(view, sees=may_see_invitations, does=may_invite)),
                {"site": site},
                name=f"meetings_meeting_{name}",
            )
            for ending, name, view in pages
        ]


def address_of(meeting: Meeting, page: str = "", *args: Any) -> str:
    """Give the address of a page of a meeting's invitations."""
    name = f"invitations_{page}" if page else "invitations"
    return reverse(f"admin:meetings_meeting_{name}", args=[meeting.pk, *args])


# --- Answers ---


@require_safe
def overview_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Show who was invited, who answered what, and what is to be told to whom."""
    overview = read_overview(cast(User, request.user), meeting)
    shown = request.GET.get("show", "")
    context = page_context(site, request, meeting, _("Invitations"))
    context |= {
        "overview": overview,
        "shown": shown if shown in overview.counts else "",
        "rows": overview.only(shown),
        "may_invite": may_invite(request.user),
        "obstacle": _obstacle(meeting),
        "deadline": max((row.invitation.answer_by for row in overview.rows if row.invitation.answer_by), default=None),
        "several_sessions": len(overview.sessions) > 1,
    }
    return TemplateResponse(request, "admin/meetings/meeting/invitations.html", context)


def _obstacle(meeting: Meeting) -> str:
    try:
        check_invitable(meeting)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@require_safe
def export_view(request: HttpRequest, meeting: Meeting, kind: str, site: AdminSite) -> HttpResponse:
    """Give the answers as a table."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    overview = read_overview(cast(User, request.user), meeting)
    body, form = (as_csv(overview), "text/csv; charset=utf-8") if kind == "csv" else (as_xlsx(overview), XLSX)
    response = HttpResponse(body, content_type=form)
    response["Content-Disposition"] = f'attachment; filename="answers-{meeting.slug}.{kind}"'
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
def deadline_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Set the last day to answer for everybody who was invited."""
    try:
        set_deadline(meeting, read_day(request.POST.get("answer_by", "")), by=cast(User, request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The last day to answer is set for everybody who was invited."))
    return HttpResponseRedirect(address_of(meeting))


@require_POST
def link_view(request: HttpRequest, meeting: Meeting, invitee: int, site: AdminSite) -> HttpResponse:
    """Take a personal link back, or make it anew."""
    link = get_object_or_404(invitees_of(meeting), pk=invitee)
    change_link(request, link)
    return HttpResponseRedirect(address_of(meeting, "answer", link.invitation_id))


def change_link(request: HttpRequest, link: PersonalLink) -> None:
    """Take a personal link back or make it anew, as the button says, and say so."""
    if "renew" in request.POST:
        renew(link)
        messages.success(request, _("%(name)s has a new link; former ones lead nowhere.") % {"name": link})
    else:
        revoke(link, by=cast(User, request.user))
        messages.success(request, _("The link of %(name)s leads nowhere any more.") % {"name": link})


# --- Inviting ---


@require_safe
def choose_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Choose whom to invite: sets and single organisations, then the people of each."""
    asked = [(one.invitation.organisation_id, one) for one in invitees_of(meeting)]
    context = page_context(site, request, meeting, _("Invite"))
    context |= choosing(request, meeting, asked)
    context |= {
        "obstacle": _obstacle(meeting),
        "preview_url": address_of(meeting, "preview"),
        "back_url": address_of(meeting),
        "back": _("Invitations"),
        "asks_deadline": True,
        "may_send": may_invite(request.user),
    }
    return TemplateResponse(request, "admin/meetings/meeting/choose.html", context)


def choosing(request: HttpRequest, meeting: Meeting, asked: Sequence[tuple[int, Any]]) -> dict[str, Any]:
    """Give what a page needs on which people are chosen; a fixed number of queries."""
    sets = read_sets(meeting)
    is_fresh = not request.GET
    choice = Choice(
        usual_sets(meeting, sets) if is_fresh else frozenset(request.GET.getlist("set")),
        frozenset(numbers(request.GET, "one")),
    )
    chosen = chosen_organisations(sets, choice)
    candidates = read_candidates(chosen, asked, timezone.localdate())
    query = request.GET.get("q", "").strip()
    return {
        "sets": sets,
        "choice": choice,
        "candidates": candidates,
        "unreachable": [one for one in candidates if one.is_unreachable],
        "reachable": sum(len(one.reachable) for one in candidates),
        "query": query,
        "found": list(found_organisations(query, chosen)),
    }


def numbers(sent: QueryDict, name: str) -> list[int]:
    """Read the keys sent under a name; what is no key is passed over."""
    return [int(each) for each in sent.getlist(name) if each.isascii() and each.isdigit() and len(each) < 19]


@require_POST
def preview_view(request: HttpRequest, meeting: Meeting, site: AdminSite) -> HttpResponse:
    """Show every letter; once that was seen and is confirmed, prepare them as a mailing."""
    if not may_invite(request.user):
        raise PermissionDenied
    mandates = chosen_mandates(numbers(request.POST, "mandate"), timezone.localdate())
    try:
        day = read_day(request.POST.get("answer_by", ""))
        check_invitable(meeting)
        drafts = preview_invitations(meeting, mandates, site=site_of(request), answer_by=day)
        if was_seen(request, drafts):
            mailing = prepare_invitations(
                meeting, mandates, by=cast(User, request.user), site=site_of(request), answer_by=day
            )
            return prepared(request, mailing)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(address_of(meeting, "choose"))
    hidden = [("mandate", one.pk) for one in mandates] + [("answer_by", request.POST.get("answer_by", ""))]
    return letters_page(request, site, meeting, drafts, hidden, back=address_of(meeting, "choose"))


OTHERS = {"reminders": MailingKind.REMINDER, "change": MailingKind.CHANGE, "cancellation": MailingKind.CANCELLATION}
PREPARE: dict[str, Callable[..., Mailing]] = {
    "reminders": prepare_reminders, "change": prepare_change, "cancellation": prepare_cancellation,
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def letters_view(request: HttpRequest, meeting: Meeting, kind: str, site: AdminSite) -> HttpResponse:
    """Show every letter of a reminder, a change or a cancellation; once confirmed, prepare them as a mailing."""
    if kind not in OTHERS:
        raise Http404
    people: list[Invitee] = without_answer(meeting) if kind == "reminders" else not_knowing(meeting)
    drafts = preview(OTHERS[kind], meeting, people, site=site_of(request))
    if request.method == "POST" and was_seen(request, drafts):
        try:
            return prepared(request, PREPARE[kind](meeting, by=cast(User, request.user), site=site_of(request)))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return letters_page(request, site, meeting, drafts, [], back=address_of(meeting))


# --- A look at the letters ---


def letters_page(
    request: HttpRequest, site: AdminSite, meeting: Meeting, drafts: Sequence[Draft], hidden: Sequence[tuple[str, Any]],
    *, back: str,
) -> HttpResponse:  # fmt: skip
    """Show letters as they would be; what was seen is confirmed by their digest."""
    is_changed = "_shown" in request.POST
    if is_changed:
        messages.warning(request, _("The letters are others than those that you saw: look at them again."))
    context = page_context(site, request, meeting, _("Letters to prepare"))
    context |= {"drafts": drafts, "hidden": hidden, "shown": digest(drafts), "back_url": back}
    return TemplateResponse(request, "admin/meetings/meeting/letters.html", context, status=409 if is_changed else 200)


def digest(drafts: Sequence[Draft]) -> str:
    """Tell letters from any others."""
    said = [(draft.address, draft.subject, draft.text) for draft in drafts]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def was_seen(request: HttpRequest, drafts: Sequence[Draft]) -> bool:
    """Whether exactly these letters were shown and are confirmed."""
    return "_prepare" in request.POST and request.POST.get("_shown") == digest(drafts)


def prepared(request: HttpRequest, mailing: Mailing) -> HttpResponse:
    """Say what waits for its release, and lead there."""
    number = mailing.letters.count()
    said = ngettext(
        "%(number)d letter is prepared. Nothing has been sent: look through it, then release it here.",
        "%(number)d letters are prepared. Nothing has been sent: look through them, then release them here.",
        number,
    )
    messages.success(request, said % {"number": number})
    return HttpResponseRedirect(reverse("admin:meetings_mailing_change", args=[mailing.pk]))
