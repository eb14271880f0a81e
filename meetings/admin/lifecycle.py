"""The steps of a meeting's life, each a page that says what stands in the way and what it would do; and its report."""

import zoneinfo
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.closing.publishing import proposed_report, proposed_summary, publish_report
from meetings.dossier import read_dossier
from meetings.lifecycle import (
    NEEDS_REASON,
    Overtaken,
    announce_to_invited,
    check_step,
    move_meeting,
    possible_steps,
    take_step,
    waiting_invitations,
)
from meetings.lifecycle.words import BUTTONS, consequences
from meetings.models import Meeting, MeetingStep, Step
from meetings.texts import sanitise
from members.history import version_of
from members.models import User


class StepForm(forms.Form):
    """Why a step is taken."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Kept in the meeting's log. Of a cancelled, postponed or moved meeting it is public."),
    )


class MoveForm(StepForm):
    """Where a meeting is moved."""

    start_on = forms.DateField(
        label=gettext_lazy("New first day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("It stays as long as it was, and its sessions keep their hours."),
    )
    field_order = ("start_on", "reason")


class AnnounceForm(StepForm):
    """Whether invitations go out with it."""

    release = forms.BooleanField(
        label=gettext_lazy("Let the prepared invitations go out"),
        required=False,
        help_text=gettext_lazy("Left empty, the announcement is silent and they wait."),
    )


class ReportForm(forms.Form):
    """A meeting's report, ready to edit."""

    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("One or two sentences for lists and previews."),
    )
    report = forms.CharField(
        label=gettext_lazy("Report"),
        widget=forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Headings, paragraphs, lists, links; other markup is taken out."),
    )

    def clean_report(self) -> str:
        return sanitise(self.cleaned_data["report"])


class LifecycleMixin:
    """The admin of meetings, with a page for each step of a meeting's life."""

    if TYPE_CHECKING:
        opts: Any
        admin_site: AdminSite

    def get_urls(self) -> list[Any]:
        """Add the pages of the steps, and of the report."""
        wrap = self.admin_site.admin_view
        mine = [
            path("<path:object_id>/step/<str:step>/", wrap(self.step_view), name="meetings_meeting_step"),
            path("<path:object_id>/report/", wrap(self.report_view), name="meetings_meeting_report"),
        ]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Show what a step would do, and take it once that is confirmed."""
        meeting = self._meeting(request, object_id)
        if step not in Step.values:
            raise Http404
        with timezone.override(zoneinfo.ZoneInfo(meeting.timezone)):
            return self._step(request, meeting, Step(step))

    def _step(self, request: HttpRequest, meeting: Meeting, step: Step) -> HttpResponse:
        version = version_of(Meeting, meeting.pk)
        form = _form_of(meeting, step)(request.POST or None)
        form.fields["reason"].required = step in NEEDS_REASON
        if request.method != "POST" or not form.is_valid():
            return self._step_page(request, meeting, step, form, version)
        try:
            self._take(request, meeting, step, form.cleaned_data)
        except Overtaken:
            messages.error(request, _("Somebody changed this meeting meanwhile: look again before you go on."))
            return self._step_page(request, meeting, step, form, version, status=409)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self._step_page(request, meeting, step, form, version)
        messages.success(request, _("%(meeting)s: %(step)s.") % {"meeting": meeting, "step": step.label})
        return HttpResponseRedirect(_after(meeting, step))

    def _take(self, request: HttpRequest, meeting: Meeting, step: Step, data: dict[str, Any]) -> MeetingStep:
        """Take a step as somebody confirmed it. Raises Overtaken or ValidationError."""
        seen = request.POST.get("_version", "")
        told: dict[str, Any] = {"by": cast(User, request.user), "reason": data["reason"]}
        told["version"] = int(seen) if seen.isascii() and seen.isdigit() else -1
        if step == Step.MOVE:
            return move_meeting(meeting, data["start_on"], **told)
        if data.get("release"):
            return announce_to_invited(meeting, **told)
        return take_step(meeting, step, **told)

    def _step_page(
        self, request: HttpRequest, meeting: Meeting, step: Step, form: forms.Form, version: int, status: int = 200
    ) -> HttpResponse:
        checks = check_step(read_dossier(cast(User, request.user), meeting), step)
        context = self._page(request, meeting, BUTTONS[step]) | {
            "step": step,
            "form": form,
            "checks": checks,
            "consequences": consequences(meeting, step),
            "record_version": version,
            "button": BUTTONS[step],
        }
        page = TemplateResponse(request, "admin/meetings/meeting/step.html", context, status=status)
        return page.render()

    def report_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the report that the record tells, ready to edit; publish it on the page and in the news."""
        meeting = self._meeting(request, object_id)
        version = version_of(Meeting, meeting.pk)
        initial = {
            "report": meeting.report or proposed_report(meeting),
            "summary": meeting.summary or proposed_summary(meeting),
        }
        form = ReportForm(request.POST or None, initial=initial)
        status = 200
        if request.method == "POST" and form.is_valid() and "_publish" in request.POST:
            seen = request.POST.get("_version", "")
            try:
                item = publish_report(
                    meeting,
                    **form.cleaned_data,
                    by=cast(User, request.user),
                    version=int(seen) if seen.isdecimal() else -1,
                )
            except ValidationError as error:
                form.add_error(None, error)
                status = 409
            else:
                messages.success(request, _("Published on the meeting's page, in the news and in the feeds."))
                return HttpResponseRedirect(item.get_absolute_url())
        shown = form.cleaned_data["report"] if form.is_bound and form.is_valid() else form["report"].value()
        context = self._page(request, meeting, _("Report")) | {
            "form": form,
            "record_version": version,
            "proposed": proposed_report(meeting) if meeting.report else "",
            "preview": mark_safe(sanitise(shown or "")),  # noqa: S308  nothing but harmless markup is left
        }
        return TemplateResponse(request, "admin/meetings/meeting/report.html", context, status=status)

    def _meeting(self, request: HttpRequest, object_id: str) -> Meeting:
        meeting: Meeting | None = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if not self.has_change_permission(request, meeting):  # type: ignore[attr-defined]
            raise PermissionDenied
        if meeting is None:
            raise Http404
        return meeting

    def _page(self, request: HttpRequest, meeting: Meeting, subtitle: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
            "meeting": meeting,
            "title": meeting.title,
            "subtitle": subtitle,
        }


def _form_of(meeting: Meeting, step: Step) -> type[StepForm]:
    """Where invitations wait, an announcement asks whether they go out."""
    if step == Step.MOVE:
        return MoveForm
    return AnnounceForm if step == Step.ANNOUNCE and waiting_invitations(meeting).exists() else StepForm


def _after(meeting: Meeting, step: Step) -> str:
    """A closed meeting's report comes next; else its workspace."""
    page = "report" if step == Step.CLOSE else "workspace"
    return reverse(f"admin:meetings_meeting_{page}", args=[meeting.pk])


def life_of(meeting: Meeting) -> dict[str, Any]:
    """Give what a workspace shows of a meeting's life: the steps taken, and those that may follow; one query."""
    steps: list[tuple[Step, Any]] = [(step, BUTTONS[step]) for step in possible_steps(meeting)]
    return {"steps": steps, "steps_taken": list(meeting.steps.select_related("taken_by"))}
