"""A change of status with its source: a short form, the log as it would read, then one new line of it."""

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.dates import parse_window
from members.history import lock, version_of
from members.log import broken_rules, change_status, log_with
from members.models import Certainty, MembershipChange, Organisation, Source, Status


class StatusForm(forms.Form):
    """What became of an organisation, when, and who says so."""

    required_css_class = "required"

    status = forms.ChoiceField(label=gettext_lazy("Became"), choices=[("", "–"), *Status.choices])
    when = forms.CharField(
        label=gettext_lazy("When"),
        max_length=40,
        help_text=gettext_lazy("A day (2024-01-30), a month (2024-01), a year (2024), or two of them (2024-01/2024-03)."),
    )  # fmt: skip
    known_by = forms.BooleanField(
        label=gettext_lazy("Only known by then"),
        required=False,
        help_text=gettext_lazy("When it happened is not known; by then it had."),
    )
    how = forms.CharField(
        label=gettext_lazy("How"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("As in “signed the membership declaration at the Zagreb summit”."),
    )
    certainty = forms.ChoiceField(label=gettext_lazy("Certainty"), choices=Certainty.choices)
    source = forms.URLField(
        label=gettext_lazy("Source"),
        max_length=600,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=gettext_lazy("The address of the page or paper that says so."),
    )
    basis = forms.CharField(
        label=gettext_lazy("How we know"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("What the source says, or how we know without one. Public."),
    )

    def clean_when(self) -> tuple[Any, Any]:
        """Read a window. Raises ValidationError saying how one is written."""
        try:
            return parse_window(self.cleaned_data["when"])
        except ValueError as error:
            raise ValidationError(
                _("This is no date: write 2021-11-30 for a day, 2021-11 for a month, 2021 for a year.")
            ) from error

    def clean(self) -> dict[str, Any]:
        """A change of status says where it stands, or how it is known."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("source") and not data.get("basis") and "source" not in self.errors:
            self.add_error("source", _("Give the address of a source, or say below how we know."))
        return data

    def line(self, organisation: Organisation) -> MembershipChange:
        """Make the line of the log that was typed, unsaved."""
        data = self.cleaned_data
        earliest, latest = data["when"]
        same = {name: data[name] for name in ("status", "how", "certainty", "basis")}
        earliest = None if data["known_by"] else earliest
        return MembershipChange(organisation=organisation, earliest=earliest, latest=latest, **same)

    @property
    def digest(self) -> str:
        """Tell what was typed from anything else that could be."""
        typed = sorted((name, str(value)) for name, value in self.cleaned_data.items())
        return hashlib.sha256(repr(typed).encode()).hexdigest()[:32]


class StatusMixin:
    """An admin of organisations on whose pages a change of status is recorded."""

    if TYPE_CHECKING:
        admin_site: AdminSite
        opts: Any

    def get_urls(self) -> list[Any]:
        """Add the page that records a change of status."""
        view = self.admin_site.admin_view(self.status_view)
        mine = [path("<path:object_id>/status/", view, name="members_organisation_status")]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    def status_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a change, show the log with it, and write it once that is confirmed."""
        organisation = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if organisation is None:
            raise Http404
        if not self._may_change_status(request, organisation):
            raise PermissionDenied
        form = StatusForm(request.POST or None)
        with transaction.atomic():
            if request.method == "POST":
                lock(Organisation, organisation.pk)
            version = str(version_of(Organisation, organisation.pk))
            if request.method == "POST" and form.is_valid():
                return self._decide(request, organisation, form, version)
            return self._status_page(request, organisation, form, version)

    def _may_change_status(self, request: HttpRequest, organisation: Organisation) -> bool:
        """Whoever records a change adds a line to the log and a source."""
        added = [self.admin_site.get_model_admin(model) for model in (MembershipChange, Source)]
        may_change: bool = self.has_change_permission(request, organisation)  # type: ignore[attr-defined]
        return may_change and all(page.has_add_permission(request) for page in added)

    def _decide(self, request: HttpRequest, organisation: Organisation, form: StatusForm, version: str) -> HttpResponse:
        """Write what was confirmed, if it is what was shown and nothing changed since; else show the log."""
        line = form.line(organisation)
        is_stale = "_version" in request.POST and request.POST["_version"] != version
        if is_stale:
            messages.error(request, _("Somebody changed this record meanwhile: look again how the log would read."))
        was_shown = request.POST.get("_shown") == form.digest
        if "_record" in request.POST and was_shown and not is_stale and not broken_rules(line):
            return self._record(request, organisation, line, form.cleaned_data["source"])
        return self._status_page(request, organisation, form, version, line, status=409 if is_stale else 200)

    def _record(
        self, request: HttpRequest, organisation: Organisation, line: MembershipChange, source: str
    ) -> HttpResponse:
        change_status(line, source=source)
        self.log_change(request, organisation, _("Change of status: %(line)s.") % {"line": line})  # type: ignore[attr-defined]
        messages.success(request, _("The change is in the log."))
        return HttpResponseRedirect(reverse("admin:members_organisation_change", args=[quote(organisation.pk)]))

    def _status_page(
        self, request: HttpRequest, organisation: Organisation, form: StatusForm, version: str,
        line: MembershipChange | None = None, status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        there = organisation.membership_changes.all()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
            "title": _("Change of status: %(name)s") % {"name": organisation},
            "subtitle": None,
            "organisation": organisation,
            "form": form,
            "record_version": version,
            "log": log_with(line) if line else [],
            "line": line,
            "broken": broken_rules(line) if line else [],
            "shown": form.digest if line else "",
            "present": there,
            "change_url": reverse("admin:members_organisation_change", args=[quote(organisation.pk)]),
        }
        return TemplateResponse(request, "admin/status_change.html", context, status=status)
