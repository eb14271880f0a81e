"""The yearly report of a presidency: as a page, as a paper, as a workbook, and each table by itself."""

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from b40.pages.presidencies import get_term_or_404, neighbours
from b40.yearly.paper import pdf_of
from b40.yearly.period import ReportPeriod, period_before, term_period
from b40.yearly.report import Question, Report, read_report
from b40.yearly.silence import RULES, USUAL_RULE, SilenceRule
from b40.yearly.workbook import csv_of, xlsx_of
from meetings.closing.writing import XLSX
from members.filters import DayField
from members.models import Presidency

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_YEARS = 5
YEARS = (1900, 2200)


def rule_choices() -> list[tuple[str, str]]:
    """Give the rules of silence to choose from, the usual one first."""
    others = [(rule.key, rule.label) for rule in RULES if rule != USUAL_RULE]
    return [("", USUAL_RULE.label), *others]


class ReportForm(forms.Form):
    """Asks for other days than the term's, or for another rule of silence. What cannot be read is left out, and said."""

    start = DayField(label=gettext_lazy("From"))  # type: ignore[arg-type]  # a lazy text
    end = DayField(label=gettext_lazy("To"))  # type: ignore[arg-type]
    silent = forms.ChoiceField(
        label=gettext_lazy("Silent means: not on record for"), required=False, choices=rule_choices
    )

    def clean(self) -> dict[str, Any]:
        """Both days or none, in order, and no more than some years. Raises ValidationError otherwise."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if bool(start) != bool(end) and not self.errors:
            raise ValidationError(_("Give both days, or neither."))
        if any(day and not YEARS[0] <= day.year <= YEARS[1] for day in (start, end)):
            raise ValidationError(_("The days lie too far from ours: give years from %d to %d.") % YEARS)
        if start and end and start > end:
            raise ValidationError(_("The first day lies after the last."))
        if start and end and end - start > dt.timedelta(days=366 * LONGEST_YEARS):
            raise ValidationError(_("A report covers five years at most."))
        return cleaned

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """The two days asked for; None for the term."""
        self.is_valid()
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        return (start, end) if start and end and not self.non_field_errors() else None

    @property
    def rule(self) -> SilenceRule:
        self.is_valid()
        asked = self.cleaned_data.get("silent")
        return next((rule for rule in RULES if rule.key == asked), USUAL_RULE)

    @property
    def remarks(self) -> list[str]:
        """What was not understood, a sentence each."""
        return [str(error) for errors in self.errors.values() for error in errors]

    @property
    def query(self) -> str:
        """What was asked and understood, as it stands in an address."""
        days = self.days
        asked = {"start": days[0].isoformat(), "end": days[1].isoformat()} if days else {}
        if self.rule != USUAL_RULE:
            asked["silent"] = self.rule.key
        return f"?{urlencode(asked)}" if asked else ""


@login_not_required
@require_safe
def report_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a presidency's report, of its term or of other days."""
    term, form = get_term_or_404(request.user, slug), ReportForm(request.GET)
    report = read_report(_question(term, form))
    context = {
        "report": report,
        "presidency": term,
        "form": form,
        "is_running": report.period.last >= timezone.localdate(),
        **neighbours(request.user, term),
    }
    return TemplateResponse(request, "b40/yearly/report.html", context)


@login_not_required
@require_safe
def report_paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the report as PDF."""
    return _file(request, slug, "pdf", "application/pdf", pdf_of)


@login_not_required
@require_safe
def report_workbook(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the report as XLSX."""
    return _file(request, slug, "xlsx", XLSX, xlsx_of)


@login_not_required
@require_safe
def report_table(request: HttpRequest, slug: str, table: str) -> HttpResponse:
    """Give one table of the report as CSV."""

    def write(report: Report) -> bytes:
        if table not in report.tables:
            raise Http404
        return csv_of(report.tables[table])

    return _file(request, slug, "csv", "text/csv; charset=utf-8", write, name=f"-{table}")


@login_not_required
@require_safe
def report_in_office(request: HttpRequest) -> HttpResponse:
    """Lead to the report of the presidency in office; to the list of terms when there is none."""
    term = Presidency.objects.visible_to(request.user).select_related("city").on(timezone.localdate())
    address = reverse("members:presidency_report", args=[term.slug]) if term else reverse("members:presidency_list")
    return HttpResponseRedirect(address)


def _question(term: Presidency, form: ReportForm) -> Question:
    today = timezone.localdate()
    period = ReportPeriod(*form.days) if form.days else term_period(term, today)
    before = period_before(period, today)
    earlier = before.term if before else None
    address = reverse("members:presidency_report", args=[earlier.slug]) if earlier else ""
    return Question(period, before, form.rule, address)


def _file(
    request: HttpRequest, slug: str, ending: str, kind: str, write: "Callable[[Report], bytes]", *, name: str = ""
) -> HttpResponse:
    term, form = get_term_or_404(request.user, slug), ReportForm(request.GET)
    response = HttpResponse(write(read_report(_question(term, form))), content_type=kind)
    disposition = "inline" if ending == "pdf" else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="b40-report-{term.slug}{name}.{ending}"'
    return response
