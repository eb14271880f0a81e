"""Participant reports: upload, preview with decisions, recording, taking back; and what was decided about people."""

import zoneinfo
from collections.abc import Callable
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings.admin.looking import LookedAtAdmin
from meetings.models import Channel, Meeting, ParticipantReport, RememberedMatch, Session
from meetings.models.reports import key_of
from meetings.permissions import may_record_reports
from meetings.reports.applying import (
    AlreadyRecorded,
    NotApplied,
    Overtaken,
    Undecided,
    Unseen,
    apply,
    keep_report,
    take_back,
)
from meetings.reports.plan import Plan, label_of, plan_of, read_people
from meetings.reports.reading import GREATEST_FILE
from meetings.reports.refusals import UnreadableReport
from members.admin.base import RecordAdmin
from members.history import RestoreRefused
from members.models import Organisation, Status, User

# So many names are offered while somebody types; a larger network's are typed whole.
MOST_OFFERED = 250
ZONES = ["UTC", *sorted(zone for zone in zoneinfo.available_timezones() if zone.startswith("Europe/"))]

_TOLD: dict[type[NotApplied], Any] = {
    Overtaken: gettext_lazy("The record changed since this page was shown. Nothing was written: look at what would happen now. Your choices still stand."),
    Undecided: gettext_lazy("Nothing was written yet: some people are still to be decided."),
    Unseen: gettext_lazy("Nothing was written yet: look at what your choices mean, then record."),
    AlreadyRecorded: gettext_lazy("This report is recorded already. Take it back first; then it can be recorded otherwise."),
}  # fmt: skip


class ReportForm(forms.ModelForm[ParticipantReport]):
    """A file, what it is of, and how its times are written. Valid once the file could be read."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "As Zoom or Teams gave it: .csv, or .xlsx. You see what each line means before anything is written."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Program"),
        required=False,
        choices=[("", gettext_lazy("told by the file")), (Channel.ZOOM, "Zoom"), (Channel.TEAMS, "Microsoft Teams")],
    )
    timezone = forms.ChoiceField(
        label=gettext_lazy("Times written in"),
        help_text=gettext_lazy("Zoom and Teams write the local time of whoever downloaded the file."),
    )
    session = forms.ModelChoiceField(
        queryset=Session.objects.none(),
        label=gettext_lazy("Of"),
        required=False,
        empty_label=gettext_lazy("Whole meeting"),
    )

    class Meta:
        model = ParticipantReport
        fields = ("file", "session", "channel", "timezone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.instance.meeting
        cast(Any, self.fields["session"]).queryset = meeting.sessions.prefetch_related("working_groups")
        zones = sorted({*ZONES, meeting.timezone})
        cast(Any, self.fields["timezone"]).choices = [(zone, zone.replace("_", " ")) for zone in zones]

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > GREATEST_FILE:
            raise ValidationError(_("The file has more than 5 MB: no participant report is that large."))
        self.instance.raw, self.instance.file_name = file.read(), file.name[:200]
        return file

    def clean(self) -> dict[str, Any]:
        """Read the file: what cannot be read is not kept."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "file" in cleaned and "timezone" in cleaned and "session" in cleaned:
            self._read(cleaned)
        return cleaned

    def _read(self, cleaned: dict[str, Any]) -> None:
        self.instance.session, self.instance.timezone = cleaned["session"], cleaned["timezone"]
        self.instance.channel = cleaned.get("channel") or ""
        try:
            report, _people = read_people(self.instance)
        except UnreadableReport as error:
            self.add_error("file", str(error))
            return
        cleaned["channel"] = self.instance.channel or report.layout.channel
        if not cleaned["channel"]:
            self.add_error("channel", _("The file does not tell whether Zoom or Teams wrote it: choose one."))


View = Callable[..., HttpResponse]
Guard = Callable[[View], View]
_SENT_OR_ASKED = require_http_methods(["GET", "HEAD", "POST"])


@admin.register(ParticipantReport)
class ParticipantReportAdmin(LookedAtAdmin, admin.ModelAdmin[ParticipantReport]):
    list_display = ("open_link", "of", "channel", "uploaded_at", "uploaded_by", "state")
    list_filter: ClassVar = ["channel"]
    list_select_related = ("meeting", "session", "uploaded_by")
    list_display_links = None
    search_fields = ("file_name", "meeting__title")
    fields = (
        "meeting",
        "session",
        "file_name",
        "channel",
        "timezone",
        "uploaded_at",
        "uploaded_by",
        "applied_at",
        "applied_by",
        "undone_at",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).without_file().prefetch_related("session__working_groups")  # type: ignore[attr-defined]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A file names people: it may go; what it wrote stays in the ledger."""
        return request.user.has_perm("meetings.delete_participantreport")

    @admin.display(description=gettext_lazy("of"))
    def of(self, report: ParticipantReport) -> str:
        return f"{report.meeting} · {report.session}" if report.session else str(report.meeting)

    @admin.display(description=gettext_lazy("state"))
    def state(self, report: ParticipantReport) -> str:
        return _state(report)

    @admin.display(description=gettext_lazy("file"), ordering="file_name")
    def open_link(self, report: ParticipantReport) -> SafeString:
        return format_html('<a href="{}">{}</a>', _address(report), report.file_name)

    def get_urls(self) -> list[Any]:
        """Add the pages of a report's way into the ledger."""
        pages: list[tuple[str, str, View, Guard]] = [
            ("of-meeting/<int:meeting>/", "upload", self.upload_view, _SENT_OR_ASKED),
            ("<int:pk>/preview/", "preview", self.preview_view, require_safe),
            ("<int:pk>/record/", "record", self.record_view, require_POST),
            ("<int:pk>/take-back/", "take_back", self.take_back_view, require_POST),
            ("<int:pk>/file/", "file", self.file_view, require_safe),
        ]
        wrap = self.admin_site.admin_view
        mine = [
            path(route, wrap(_permitted(view, guard)), name=f"meetings_participantreport_{name}")
            for route, name, view, guard in pages
        ]
        return [*mine, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Head the list with what it lists."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    # --- Pages ---

    def upload_view(self, request: HttpRequest, meeting: int) -> HttpResponse:
        """Take a file that can be read, and go on to what it would write."""
        found = get_object_or_404(Meeting, pk=meeting)
        first = {"timezone": found.timezone, "session": request.GET.get("session")}
        report = ParticipantReport(meeting=found)
        form = ReportForm(request.POST or None, request.FILES or None, instance=report, initial=first)
        with _times_of(found):
            if request.method == "POST" and form.is_valid():
                kept, is_new = keep_report(report, by=cast(User, request.user))
                if not is_new:
                    messages.info(request, _known(kept))
                return HttpResponseRedirect(_address(kept))
            earlier = (
                found.reports.without_file()
                .select_related("session", "uploaded_by")
                .prefetch_related("session__working_groups")
            )
            context: dict[str, Any] = {
                "meeting": found,
                "form": form,
                "reports": [(each, _address(each), _state(each)) for each in earlier],
            }
            return self._page(request, "admin/report_upload.html", _("Upload a participant report"), **context)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what a report would write, or what it wrote."""
        report = _report(pk)
        with _times_of(report.meeting):
            if report.is_recorded:
                return self._page(
                    request,
                    "admin/report_recorded.html",
                    _("Participant report"),
                    meeting=report.meeting,
                    report=report,
                )
            try:
                return self._preview(request, plan_of(report))
            except UnreadableReport as error:  # a later version of ours may refuse what was read once
                messages.error(request, str(error))
                return HttpResponseRedirect(
                    reverse("admin:meetings_participantreport_upload", args=[report.meeting_id])
                )

    def record_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record what was shown and decided, or show what speaks against it, with the choices made so far."""
        report = _report(pk)
        with _times_of(report.meeting):
            try:
                if "look" in request.POST:
                    return self._preview(request, plan_of(report, request.POST.dict()))
                plan = apply(report, request.POST.dict(), by=cast(User, request.user))
            except UnreadableReport:
                return HttpResponseRedirect(_address(report))  # which says why
            except NotApplied as refusal:
                messages.error(request, str(_TOLD[type(refusal)]))
                return self._preview(request, refusal.plan, status=409)
        _say_recorded(request, plan)
        return HttpResponseRedirect(_address(report))

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take back what a report wrote."""
        report = _report(pk)
        try:
            number = take_back(report, by=cast(User, request.user))
            said = ngettext(
                "%(number)d record is as it was before.", "%(number)d records are as they were before.", number
            )
            messages.success(request, said % {"number": number})
        except RestoreRefused as refusal:
            messages.error(request, " ".join([_("Nothing was taken back."), *refusal.reasons]))
        return HttpResponseRedirect(_address(report))

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the file as it was uploaded."""
        report = _report(pk)
        response = HttpResponse(bytes(report.raw), content_type="application/octet-stream")
        name = "".join(
            letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in report.file_name
        )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response

    # --- Parts ---

    def _preview(self, request: HttpRequest, plan: Plan, status: int = 200) -> HttpResponse:
        title = _("What %(file)s would write") % {"file": plan.record.file_name}
        context: dict[str, Any] = {
            "meeting": plan.record.meeting,
            "report": plan.record,
            "plan": plan,
            "names": _names_offered(plan),
        }
        return self._page(request, "admin/report_preview.html", title, status=status, **context)

    def _page(self, request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
        """Draw a page at once, while times are shown in the meeting's zone."""
        shared = {**self.admin_site.each_context(request), "title": capfirst(title), "opts": Meeting._meta}
        return TemplateResponse(request, template, {**shared, **context}, status=status).render()


@admin.register(RememberedMatch)
class RememberedMatchAdmin(RecordAdmin[RememberedMatch]):
    """What was decided about people in reports; deleted, it is asked again."""

    fields = ("name", "email", "organisation")
    list_display = ("name", "email", "organisation", "decided_at", "decided_by")
    list_display_links = ("name", "email")
    list_filter = (("organisation", admin.EmptyFieldListFilter),)
    list_select_related = ("organisation", "decided_by")
    search_fields = ("name",)

    def found(self, rows: Any, text: str) -> Any:
        bodies = Organisation.objects.matching(text)
        named = rows.filter(key__contains=key_of(text)) | rows.filter(email__icontains=text.strip())
        return named | rows.filter(organisation__in=bodies)

    def save_model(self, request: HttpRequest, obj: RememberedMatch, form: Any, change: bool) -> None:
        obj.decided_by, obj.decided_at = cast(User, request.user), timezone.now()
        super().save_model(request, obj, form, change)


# --- Helpers of the pages --------------------------------------------------------------------------------------------


def _permitted(view: View, guard: Guard) -> View:
    """Let in those who may record reports."""

    def permitted(request: HttpRequest, **named: Any) -> HttpResponse:
        if not may_record_reports(request.user):
            raise PermissionDenied
        return view(request, **named)

    return guard(permitted)


def _report(pk: int) -> ParticipantReport:
    found = (
        ParticipantReport.objects.select_related("meeting", "session", "uploaded_by", "applied_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _times_of(meeting: Meeting) -> Any:
    """Show times in the meeting's own zone."""
    return timezone.override(zoneinfo.ZoneInfo(meeting.timezone))


def _address(report: ParticipantReport) -> str:
    return reverse("admin:meetings_participantreport_preview", args=[report.pk])


def _state(report: ParticipantReport) -> str:
    if report.is_recorded:
        return _("recorded")
    return _("taken back") if report.undone_at else _("not recorded yet")


def _known(report: ParticipantReport) -> str:
    if report.is_recorded:
        return _("This very file is recorded already: nothing was changed.")
    return _("This very file was uploaded before: here it is again, with the zone and program chosen now.")


def _names_offered(plan: Plan) -> list[str]:
    """Give the names of the network's organisations on the meeting's day; of a large network none."""
    in_force = [status for status in Status.values if status != Status.ENDED]
    found = Organisation.objects.holding(plan.record.meeting.known_by, *in_force).order_by("key", "pk")
    offered = list(found.only("name", "country")[: MOST_OFFERED + 1])
    return [label_of(each) for each in offered] if len(offered) <= MOST_OFFERED else []


def _say_recorded(request: HttpRequest, plan: Plan) -> None:
    if not plan.does_something:
        messages.info(request, _("The ledger says all of this already: nothing was written to it."))
        return
    told = {"new": plan.count("new"), "changed": plan.count("changed"), "same": plan.count("unchanged")}
    messages.success(
        request, _("Recorded. Organisations: %(new)d added, %(changed)d changed, %(same)d as they were.") % told
    )
