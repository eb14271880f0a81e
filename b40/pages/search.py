"""Search over everything public, in any script and spelling."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from b40.pages.findings import Finding, find
from members.models import Organisation
from members.names import fold, fold_loosely
from members.resolver import Outcome, Resolution, resolve

LONGEST = 200
EXAMPLES = ("Selanik", "Скопје", "Σόφια", "heat island", "Athens 2023")


class SearchForm(forms.Form):
    """What may be asked: one line."""

    q = forms.CharField(
        label=_("A city, a meeting, a topic, a person"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
        error_messages={"max_length": _("Please ask in at most 200 characters.")},
    )


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what the record holds under a text, the city that bears it as a name on top.

    Without a text, how to search.
    """
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "text": text, "examples": EXAMPLES, "answered": False}
    if fold(text):
        context |= {"answered": True, **answer(request, text)}
    return TemplateResponse(request, "b40/search.html", context)


def answer(request: HttpRequest, text: str) -> dict[str, Any]:
    """Resolve the text as a name, and find it in every kind of record."""
    resolution = resolve(text)
    best = resolution.organisation
    findings = find(request.user, text, city=best)
    return {
        "best": with_names((best,))[0] if best else None,
        "spelling": spelling(resolution),
        "namesakes": with_names(resolution.candidates) if resolution.outcome == Outcome.AMBIGUOUS else [],
        "suggestions": [] if findings else with_names(resolution.candidates),
        "findings": findings,
        "total": total(findings),
    }


def spelling(resolution: Resolution) -> str:
    """Give the spelling on record by which the organisation was found, "" when it is the English name itself.

    Its names were fetched.
    """
    found = resolution.organisation
    if found is None or fold(resolution.text) == found.key:
        return ""
    key, loose = fold(resolution.text), fold_loosely(resolution.text)
    names = list(found.names.all())
    exact = (name.text for name in names if name.key == key)
    alike = (name.text for name in names if name.loose_key == loose)
    return next(exact, None) or next(alike, "")


def with_names(organisations: tuple[Organisation, ...]) -> list[Organisation]:
    """Give organisations with their countries and names fetched."""
    listed = list(organisations)
    prefetch_related_objects(listed, "country", "names")
    return listed


def total(findings: list[Finding]) -> str:
    """Give how many records were found, "100+" style where counting stopped."""
    number = sum(finding.total for finding in findings)
    return f"{number}+" if any(finding.is_more_than_counted for finding in findings) else str(number)
