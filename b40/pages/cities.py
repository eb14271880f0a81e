"""The register of member cities, on any day, and each city's page."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from b40.pages.organisation import organisation_page
from meetings.participation import count_meetings
from members.counting import count_member_cities
from members.dates import days_label
from members.filters import RegisterForm
from members.freshness import remembered
from members.maps import MapPoint
from members.models import Country, MembershipChange, Organisation, Presidency, StatedMemberCount, Status
from members.paging import paginate
from members.register import Period, founded_on, period_on, periods, since_label, stated_by
from members.register_map import register_points
from members.resolver import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from members.models import User
    from members.models.organisations import OrganisationQuerySet

CITIES_PER_PAGE = 120


@login_not_required
@require_safe
def city_list(request: HttpRequest) -> HttpResponse:
    """Show the register of a day, today's unless another is asked for: by country, with a map and the day's numbers."""
    form = RegisterForm(request.GET)
    cities = form.narrow(request.user)
    presidency = Presidency.objects.visible_to(request.user).select_related("city").on(form.day)
    seen = survey(form, cities, presidency)
    keys = (
        cities.filter(country__isnull=False)
        .order_by("country__name", "country", "key", "pk")
        .values_list("pk", flat=True)
    )
    page = paginate(request, numbered(keys, seen.found), CITIES_PER_PAGE)
    context = {
        "form": form,
        "day": form.day,
        "page": page,
        "survey": seen,
        "counted": count_member_cities([form.day])[form.day],
        "countries": country_lists(request.user, page.object_list, form.day, seen.totals),
        "remarks": remarks(form),
        "suggestion": "" if seen.found else suggestion(form),
        **stated_numbers(form.day),
    }
    return TemplateResponse(request, "members/cities.html", context)


@login_not_required
@require_safe
def city_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a city; an organisation that is none has its page among the observers."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user).select_related("country"), slug=slug)
    return organisation_page(request, organisation) if organisation.is_city else redirect(organisation)


@dataclass(frozen=True)
class Entry:
    """A city's line in the register of a day."""

    city: Organisation
    spell: Period[MembershipChange]
    meetings: int

    @property
    def status(self) -> str:
        return self.spell.change.status

    @property
    def is_member(self) -> bool:
        return self.status == Status.MEMBER

    @property
    def since(self) -> str:
        """Since when it is what it is, in words."""
        change = self.spell.change
        return change.when if self.status == Status.ENDED else since_label(change)


@dataclass(frozen=True)
class CountryList:
    """The entries of one country that stand on the page, and how many it has on all pages."""

    country: Country
    entries: list[Entry]
    total: int


def country_lists(
    user: "User | AnonymousUser", keys: "Iterable[int]", day: dt.date, totals: dict[str, int]
) -> list[CountryList]:
    """Read the cities of one page with what the log says of them on a day and how often they came; four queries."""
    log = Prefetch("membership_changes", MembershipChange.objects.filter(latest__lte=day))
    shown = Organisation.objects.visible_to(user).filter(pk__in=list(keys)).order_by("country__name", "key", "pk")
    cities = list(shown.select_related("country").prefetch_related("names", log).defer("description", "search"))
    attended = count_meetings(user, cities, day)
    entries = [entry for city in cities if (entry := _entry(city, day, attended.get(city.pk, 0)))]
    by_country = groupby(entries, key=lambda entry: entry.city.country)
    return [CountryList(country, list(rows), totals[country.pk]) for country, rows in by_country if country]


def _entry(city: Organisation, day: dt.date, meetings: int) -> Entry | None:
    spell = period_on(periods(city.membership_changes.all()), day)
    return Entry(city, spell, meetings) if spell else None


@dataclass(frozen=True)
class Survey:
    """The register asked for, in numbers and on the map."""

    totals: dict[str, int]  # cities by the code of their country
    points: list[MapPoint]
    are_points_cities: bool

    @property
    def found(self) -> int:
        return sum(self.totals.values())

    @property
    def legend(self) -> list[dict[str, str]]:
        """The marks on the map, in words."""
        marks = {
            "host": _("presiding city"),
            "member": _("member city"),
            "candidate": _("candidate"),
            "other": _("ended"),
        }
        shown = {point.state for point in self.points if self.are_points_cities}
        return [{"state": state, "label": label} for state, label in marks.items() if state in shown]


def survey(form: RegisterForm, cities: "OrganisationQuerySet", presidency: Presidency | None) -> Survey:
    """Count and draw the cities asked for; once for each question and state of the record."""
    presiding = presidency.city_id if presidency else None
    asked = [str(form.cleaned_data.get(name)) for name in ("q", "country", "status")]
    return remembered(["register", form.day, presiding, asked], lambda: _survey(cities, form.day, presiding))


def _survey(cities: "OrganisationQuerySet", day: dt.date, presiding: int | None) -> Survey:
    counts = cities.order_by().values("country").annotate(number=Count("pk"))
    totals = dict(counts.values_list("country", "number"))
    return Survey(totals, *register_points(cities, day, presiding=presiding))


class Numbered:
    """Rows whose number is known, so that a paginator need not count them again."""

    ordered = True

    def __init__(self, rows: "QuerySet[Any, int]", number: int) -> None:
        self.rows, self.number = rows, number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, wanted: slice) -> "QuerySet[Any, int]":
        return self.rows[wanted]


def numbered(rows: "QuerySet[Any, int]", number: int) -> "QuerySet[Any, int]":
    """Give rows to a paginator together with their number; all that it asks of a QuerySet, `Numbered` has."""
    return cast("QuerySet[Any, int]", Numbered(rows, number))


def stated_numbers(day: dt.date) -> dict[str, Any]:
    """Give what sources state of the number of members: the last numbers up to a day."""
    stated = stated_by(day)
    return {
        "stated": stated,
        "stated_words": _(" or ").join(str(count.members) for count in stated),
        "stated_note": stated_note(stated),
        "stated_sources": list(dict.fromkeys(source for count in stated for source in count.sources.all())),
    }


def stated_note(stated: "Sequence[StatedMemberCount]") -> str:
    """Say how the stated numbers are known, and which of them are doubtful."""
    doubtful = [count for count in stated if count.is_doubtful]
    if not doubtful:
        return " ".join(count.basis for count in stated)
    words = _("%(number)d (%(certainty)s): %(basis)s")
    return " ".join(
        words % {"number": count.members, "certainty": count.get_certainty_display(), "basis": count.basis}
        for count in stated
    )


def remarks(form: RegisterForm) -> list[str]:
    """What must be said of the question.

    A day that is none, a day before the founding, a day yet to come, a filter that could not be read.
    """
    unread = [form.fields[name].label for name in form.errors if name != "on"]
    said = [_("The filter “%(field)s” could not be read and was left out.") % {"field": label} for label in unread]
    if form.complaint:
        said.append(_("%(complaint)s Below is the register of today.") % {"complaint": form.complaint})
    founding = founded_on() if form.is_asked else None
    if founding and form.day < founding:
        first = days_label(founding, None)
        said.append(_("The network was not yet founded on this day: its register begins on %(day)s.") % {"day": first})
    if form.day > timezone.localdate():
        said.append(_("This day is yet to come. Below is what the record says so far."))
    return said


def suggestion(form: RegisterForm) -> str:
    """Where a name finds nothing: what the name resolver has to say of it."""
    text = form.cleaned_data.get("q", "")
    return resolve(text).message if text else ""
