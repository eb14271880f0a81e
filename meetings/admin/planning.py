"""Templates of meetings, and planning from them: choose the days, see what would be made, make the drafts."""

import datetime as dt
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetings.models import Meeting, MeetingTemplate, TemplateSession
from meetings.planning.drafting import MOST_DAYS, PlannedMeeting, draft, keep_as_template, plan, series
from meetings.planning.ready import make_ready_templates
from members.admin.base import RecordAdmin, StackedRecordInline
from members.models import User


class PlanForm(forms.Form):
    """When a template's meetings shall be."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(
        label=gettext_lazy("Starts"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("In the template's own time zone."),
    )
    number = forms.IntegerField(
        label=gettext_lazy("How many meetings"), min_value=1, max_value=MOST_DAYS, initial=1, required=False
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("Weeks from one to the next"), min_value=1, max_value=104, initial=12, required=False
    )
    others = forms.CharField(
        label=gettext_lazy("Other days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For a series without a rule: one day a line, as in 2027-03-18."),
    )

    def clean_others(self) -> list[dt.date]:
        """Read the days. Raises ValidationError naming the line that is none."""
        days = []
        for number, line in enumerate(self.cleaned_data["others"].split(), 1):
            try:
                days.append(dt.date.fromisoformat(line))
            except ValueError as error:
                words = {"number": number, "text": line[:40]}
                raise ValidationError(
                    _("Day %(number)d, “%(text)s”, is no date: write it as 2027-03-18.") % words
                ) from error
        return days

    @property
    def days(self) -> list[dt.date]:
        data = self.cleaned_data
        return [*series(data["first"], data["weeks"] or 1, data["number"] or 1), *data["others"]]


class TemplateSessionInline(StackedRecordInline[TemplateSession, MeetingTemplate]):
    model = TemplateSession
    fields = ("title", "working_groups", ("day", "pause", "minutes", "order"), "items")
    list_prefetch_related = ("working_groups",)
    extra = 1


@admin.register(TemplateSession)
class TemplateSessionAdmin(RecordAdmin[TemplateSession]):
    fields = ("template", *TemplateSessionInline.fields)
    list_display = ("__str__", "template", "day", "minutes")
    list_select_related = ("template",)
    list_prefetch_related = ("working_groups",)
    search_fields = ("title",)

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(Q(title__icontains=text.strip()) | Q(template__name__icontains=text.strip()))


@admin.register(MeetingTemplate)
class MeetingTemplateAdmin(RecordAdmin[MeetingTemplate]):
    list_display = ("name", "kind", "mode", "starts", "timezone", "plan_link")
    search_fields = ("name",)
    inlines: ClassVar = [TemplateSessionInline]
    fields = ("name", "title", ("kind", "mode"), ("starts", "timezone"), "summary")
    change_list_template = "admin/meetings/meetingtemplate/change_list.html"
    change_form_template = "admin/meetings/meetingtemplate/change_form.html"

    def get_urls(self) -> list[Any]:
        """Add planning from a template, and making the ready ones."""
        wrap = self.admin_site.admin_view
        mine = [
            path("ready/", wrap(self.ready_view), name="meetings_meetingtemplate_ready"),
            path("from/<int:pk>/", wrap(self.keep_view), name="meetings_meetingtemplate_from"),
            path("<int:pk>/plan/", wrap(self.plan_view), name="meetings_meetingtemplate_plan"),
        ]
        return [*mine, *super().get_urls()]

    @admin.display(description=gettext_lazy("plan"))
    def plan_link(self, template: MeetingTemplate) -> SafeString:
        word = _("Plan from it")
        address = reverse("admin:meetings_meetingtemplate_plan", args=[template.pk])
        return format_html('<a href="{}" aria-label="{}: {}">{}</a>', address, word, template.name, word)

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(name__icontains=text.strip())

    def ready_view(self, request: HttpRequest) -> HttpResponse:
        """Make the ready templates that are not there yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            made = make_ready_templates(by=cast(User, request.user))
            text = ngettext("%(number)d template was made.", "%(number)d templates were made.", len(made))
            messages.success(request, text % {"number": len(made)})
        return HttpResponseRedirect(reverse("admin:meetings_meetingtemplate_changelist"))

    def keep_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a template of a meeting."""
        meeting = Meeting.objects.visible_to(request.user).filter(pk=pk).first()
        if not self.has_add_permission(request):
            raise PermissionDenied
        if meeting is None:
            raise Http404
        if request.method == "POST":
            try:
                template = keep_as_template(
                    meeting, name=request.POST.get("name", "").strip(), by=cast(User, request.user)
                )
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                messages.success(request, _("Kept as a template: look it through before you plan from it."))
                return HttpResponseRedirect(reverse("admin:meetings_meetingtemplate_change", args=[template.pk]))
        return HttpResponseRedirect(_workspace(meeting))

    def plan_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the meetings that a template would make, then make them."""
        template = self.get_object(request, str(pk))
        if not request.user.has_perms(["meetings.add_meeting", "meetings.add_session"]):
            raise PermissionDenied
        if template is None:
            raise Http404
        form = PlanForm(request.POST or None, initial={"starts": template.starts})
        planned: list[PlannedMeeting] = []
        if request.method == "POST" and form.is_valid():
            try:
                planned = plan(template, form.days, form.cleaned_data["starts"])
                if "_draft" in request.POST:
                    return self._draft(request, template, form)
            except ValidationError as error:
                form.add_error(None, error)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
            "title": template.name,
            "subtitle": _("Plan from it"),
            "template": template,
            "form": form,
            "planned": planned,
            "number": sum(each.same is None for each in planned),
        }
        return TemplateResponse(request, "admin/meetings/meetingtemplate/plan.html", context)

    def _draft(self, request: HttpRequest, template: MeetingTemplate, form: PlanForm) -> HttpResponse:
        made = draft(template, form.days, form.cleaned_data["starts"], by=cast(User, request.user))
        if not made:
            messages.info(request, _("These meetings are on record already: nothing was made."))
            return HttpResponseRedirect(reverse("admin:meetings_meeting_changelist"))
        text = ngettext("%(number)d draft was made.", "%(number)d drafts were made.", len(made))
        messages.success(request, text % {"number": len(made)})
        return HttpResponseRedirect(
            _workspace(made[0]) if len(made) == 1 else reverse("admin:meetings_meeting_changelist")
        )


def _workspace(meeting: Meeting) -> str:
    return reverse("admin:meetings_meeting_workspace", args=[meeting.pk])
