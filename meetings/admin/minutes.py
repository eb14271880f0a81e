"""The minutes page of a meeting: notes, decisions and actions by agenda item, and the revisions of each note."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.admin.inviting import change_link, prepared
from meetings.admin.meeting_pages import site_of
from meetings.inviting.overview import letter_state
from meetings.minutes.approval import approve, record_correction, reopen, set_audience, settle_correction
from meetings.minutes.comparison import compare
from meetings.minutes.forms import (
    ApproveForm,
    AudienceForm,
    CirculateForm,
    CorrectionForm,
    ReopenForm,
    SettleForm,
)
from meetings.minutes.handing_out import HandedOut, hand_out, readers_of
from meetings.minutes.handing_out import address_of as reader_address
from meetings.minutes.notes import restore_note, save_notes
from meetings.minutes.page import read_page, stale_part
from meetings.minutes.saving import Sent, read_notes, save_page
from meetings.models import ActionOutcome, AgendaItem, Audience, Correction, Meeting, NoteRevision
from meetings.permissions import may_approve_minutes, may_take_minutes
from members.models import Organisation, User
from members.paging import paginate
from workinggroups.models import WorkingGroup

PER_PAGE = 50
MOST_OFFERED = 300  # names that a browser offers while somebody types; every other is found all the same


class MinutesMixin:
    """The admin of meetings, with the minutes of each."""

    if TYPE_CHECKING:
        opts: Any
        admin_site: AdminSite
        _opened: Callable[..., Any]
        _meeting_context: Callable[..., dict[str, Any]]

    def get_urls(self) -> list[Any]:
        """Add the minutes page, and what is sent from it."""
        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("", "minutes", self.minutes_view),
            ("save/", "minutes_save", self.save_view),
            ("note/", "minutes_note", self.note_view),
            ("notes/<int:item>/", "minutes_revisions", self.revisions_view),
            ("notes/<int:item>/restore/", "minutes_restore", self.restore_note_view),
            ("circulate/", "minutes_circulate", self.circulate_view),
            ("approve/", "minutes_approve", self.approve_view),
            ("reopen/", "minutes_reopen", self.reopen_view),
            ("readers/", "minutes_readers", self.readers_view),
            ("readers/<int:reader>/", "minutes_reader", self.reader_view),
            ("audience/", "minutes_audience", self.audience_view),
            ("corrections/", "minutes_correction", self.correction_view),
            ("corrections/<int:correction>/", "minutes_settle", self.settle_view),
        ]
        wrap = self.admin_site.admin_view
        mine = [
            path(f"<path:object_id>/minutes/{ending}", wrap(self._opened(view)), name=f"meetings_meeting_{name}")
            for ending, name, view in pages
        ]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    # --- Notes and what comes out of items ---

    def minutes_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Show every session and item with its note, and the matters arising."""
        return self._minutes(request, meeting)

    def save_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Save all that was typed on the page; what is refused comes back as it was typed, with both texts."""
        if not _is_sent(request, may_take_minutes):
            return HttpResponseRedirect(minutes_address(meeting))
        sent = save_page(meeting, request.POST, by=cast(User, request.user))
        _say_saved(request, sent)
        if sent.is_refused:
            return self._minutes(request, meeting, sent)
        return HttpResponseRedirect(minutes_address(meeting))

    def note_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Save one note while somebody types; answers with its new revision, or with both texts."""
        if not _is_sent(request, may_take_minutes):
            return HttpResponseRedirect(minutes_address(meeting))
        typed = next(iter(read_notes(request.POST).values()), None)
        if typed is None:
            return JsonResponse({"refusal": _("No note was sent.")}, status=400)
        try:
            saved = save_notes(meeting, [typed], by=cast(User, request.user))
        except ValidationError as error:
            return JsonResponse({"refusal": " ".join(error.messages)}, status=403)
        newest = saved.newest.get(typed.item)
        answer = {"number": newest.number if newest else 0, "text": newest.text if newest else ""}
        if not saved.stale:
            return JsonResponse(answer)
        context = {"stale": stale_part(saved.stale[0]), "is_live": True, "key": typed.item}
        comparison = render_to_string("admin/meetings/meeting/minutes_stale.html", context, request)
        return JsonResponse({**answer, "comparison": comparison}, status=409)

    def revisions_view(self, request: HttpRequest, meeting: Meeting, item: int) -> HttpResponse:
        """Show every revision of an item's note, and two of them side by side."""
        found = get_object_or_404(AgendaItem.objects.prefetch_related("topics"), pk=item, session__meeting=meeting)
        notes = NoteRevision.objects.visible_to(cast(User, request.user)).filter(item=found).order_by("-number")
        newest = notes.first()
        if newest is None:
            raise Http404
        first = _chosen(notes, request.GET.get("first", ""), max(newest.number - 1, 1))
        second = _chosen(notes, request.GET.get("second", ""), newest.number)
        context = self._meeting_context(request, meeting) | {
            "subtitle": _("Revisions"),
            "item": found,
            "page": paginate(request, notes.select_related("by", "restores"), PER_PAGE),
            "newest": newest,
            "first": first,
            "second": second,
            "comparison": compare(first.text, second.text),
            "may_write": may_take_minutes(request.user),
        }
        return TemplateResponse(request, "admin/meetings/meeting/minutes_revisions.html", context)

    def restore_note_view(self, request: HttpRequest, meeting: Meeting, item: int) -> HttpResponse:
        """Bring an earlier revision of a note back as a new one."""
        address = reverse("admin:meetings_meeting_minutes_revisions", args=[meeting.pk, item])
        if not _is_sent(request, may_take_minutes):
            return HttpResponseRedirect(address)
        notes = NoteRevision.objects.filter(item=item, item__session__meeting=meeting)
        number, began_from = (_number(request.POST.get(name, "")) for name in ("revision", "from"))
        revision = get_object_or_404(notes.select_related("item__session__meeting"), number=number)

        def write() -> None:
            restore_note(revision, began_from=began_from, by=cast(User, request.user))

        _try(request, write, _("Revision %(number)d is the note again.") % {"number": number})
        return HttpResponseRedirect(address)

    # --- Circulating, correcting, approving ---

    def circulate_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Circulate the minutes: letters are prepared, to be looked at and released."""
        out: list[HandedOut] = []

        def circulate(meeting: Meeting, **typed: Any) -> None:
            out.append(hand_out(meeting, **typed, site=site_of(request)))

        done = self._act(request, meeting, CirculateForm(request.POST), circulate, _("The minutes are circulated."))
        if out and out[0].mailing:
            return prepared(request, out[0].mailing)
        if out:
            messages.warning(
                request,
                _(
                    "Nobody is written to: no organisation that was there or invited has a contact with a working mail address."
                ),
            )
        return done

    def readers_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Show who got the minutes, and what became of each letter."""
        site, may_change = site_of(request), may_approve_minutes(request.user)
        readers = readers_of(meeting).visible_to(cast(User, request.user))
        people = [
            {
                "invitee": reader,
                "organisation": reader.copy.organisation,
                "state": letter_state(reader.letter),
                "link": reader_address(reader, site) if may_change and reader.stands else "",
            }
            for reader in readers
        ]
        context = self._meeting_context(request, meeting) | {
            "title": _("Who has the minutes"),
            "people": people,
            "may_change": may_change,
        }
        return TemplateResponse(request, "admin/meetings/meeting/minutes_readers.html", context)

    def reader_view(self, request: HttpRequest, meeting: Meeting, reader: int) -> HttpResponse:
        """Take a personal link back, or make it anew."""
        address = reverse("admin:meetings_meeting_minutes_readers", args=[meeting.pk])
        if _is_sent(request, may_approve_minutes):
            change_link(request, get_object_or_404(readers_of(meeting), pk=reader))
        return HttpResponseRedirect(address)

    def approve_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Note that they were approved."""
        return self._act(request, meeting, ApproveForm(request.POST), approve, _("The minutes are approved."))

    def reopen_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Take the approval back."""
        return self._act(request, meeting, ReopenForm(request.POST), reopen, _("The minutes are open again."))

    def audience_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Choose who reads them once they are approved."""
        return self._act(request, meeting, AudienceForm(request.POST), set_audience, _("The audience is chosen."))

    def correction_view(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """Record a correction that came in."""
        form = CorrectionForm(request.POST, meeting=meeting)
        return self._act(request, meeting, form, record_correction, _("The correction is recorded."))

    def settle_view(self, request: HttpRequest, meeting: Meeting, correction: int) -> HttpResponse:
        """Accept or decline a correction."""
        found = get_object_or_404(Correction.objects.select_related("minutes"), pk=correction, minutes__meeting=meeting)

        def settle(_meeting: Meeting, **typed: Any) -> None:
            settle_correction(found, **typed)

        return self._act(request, meeting, SettleForm(request.POST), settle, _("The correction is settled."))

    # --- Steps ---

    def _act(
        self, request: HttpRequest, meeting: Meeting, form: Any, action: Callable[..., Any], said: str
    ) -> HttpResponse:
        """Do something with the minutes as a whole, for those who may; refused, the page says why and keeps what was typed."""
        if not _is_sent(request, may_approve_minutes):
            return HttpResponseRedirect(minutes_address(meeting, "standing"))
        if not form.is_valid():
            for reasons in form.errors.values():
                messages.error(request, " ".join(reasons))
        elif _try(request, lambda: action(meeting, **form.cleaned_data, by=request.user), said):
            return HttpResponseRedirect(minutes_address(meeting, "standing"))
        return self._minutes(request, meeting, form=form)

    def _minutes(
        self, request: HttpRequest, meeting: Meeting, sent: Sent | None = None, form: Any = None
    ) -> HttpResponse:
        user = cast(User, request.user)
        page = read_page(user, meeting, sent)
        context = self._meeting_context(request, meeting) | {
            "subtitle": _("Minutes"),
            "page": page,
            "is_refused": bool(sent and sent.is_refused),
            "minutes": page.minutes,
            "may_write": may_take_minutes(user) and not page.minutes.is_approved,
            "may_follow_up": may_take_minutes(user),
            "may_approve": may_approve_minutes(user),
            "groups": list(WorkingGroup.objects.visible_to(user)),
            "names": list(Organisation.objects.visible_to(user).order_by("key").values_list("name", flat=True)[:MOST_OFFERED]),
            "outcomes": ActionOutcome.choices,
            "audiences": Audience.choices,
            "typed": {name: request.POST.get(name, "") for name in ("corrections_until", "on", "reason")},
            "correction_form": form if isinstance(form, CorrectionForm) else CorrectionForm(meeting=meeting),
        }  # fmt: skip
        status = 409 if page.stale or page.gone else 200
        return TemplateResponse(request, "admin/meetings/meeting/minutes.html", context, status=status)


def minutes_address(meeting: Meeting, part: str = "") -> str:
    """Give the address of a meeting's minutes page, or of a part of it."""
    address = reverse("admin:meetings_meeting_minutes", args=[meeting.pk])
    return f"{address}#{part}" if part else address


def _is_sent(request: HttpRequest, may: Callable[[Any], bool]) -> bool:
    """Whether something is to be done, by somebody who may. Raises PermissionDenied."""
    if request.method == "POST" and not may(request.user):
        raise PermissionDenied
    return request.method == "POST"


def _try(request: HttpRequest, write: Callable[[], Any], said: str) -> bool:
    """Do it and say so, or say what speaks against it; gives whether it was done."""
    try:
        write()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, said)
    return True


def _say_saved(request: HttpRequest, sent: Sent) -> None:
    number = sent.notes.number + sent.number
    if number:
        said = ngettext("%(number)d thing saved.", "%(number)d things saved.", number)
        messages.success(request, said % {"number": number})
    if sent.refusal:
        messages.error(request, sent.refusal)
    if sent.decisions or sent.actions or sent.follow_ups:
        messages.error(request, _("Some of what you typed is not saved yet: see the remarks below."))
    if not number and not sent.is_refused:
        messages.info(request, _("Nothing was changed."))


def _chosen(notes: Any, text: str, otherwise: int) -> NoteRevision:
    """Give the revision of a number. Raises Http404 for one that is not there."""
    found: NoteRevision = get_object_or_404(notes.select_related("by"), number=_number(text) if text else otherwise)
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
