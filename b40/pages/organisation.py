"""What the pages of a city and of an observer or partner share."""

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from b40.pages.structured import organisation as describe
from meetings.attendance import Attendee
from meetings.models import Meeting
from meetings.news import news_about
from meetings.participation import attended_as, cities_met
from members.filters import DayForm
from members.languages import language_name
from members.models import MembershipChange, Organisation, OrganisationName, Presidency, Status
from members.offices import ended_on, seats
from members.paging import paginate
from members.register import Period, membership_words, period_on, periods
from members.register_map import city_point
from workinggroups.models import GroupRole, ParticipationChange, WorkingGroup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from members.models import User
    from members.offices import Seat

MEETINGS_PER_PAGE = 25
COMPANY = 10
_MARKS = {Status.CANDIDATE: "candidate", Status.OBSERVER: "observer", Status.PARTNER: "observer", Status.ENDED: "other"}


def organisation_page(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Show an organisation: what it is called, what it was to the network and when, and where it came."""
    today = timezone.localdate()
    form = DayForm(request.GET)
    membership = periods(organisation.membership_changes.prefetch_related("sources"))
    current = period_on(membership, today)
    offices: dict[str, Any] = {
        "terms": terms_of(request.user, organisation),
        "seats": seats(organisation.board_seat_changes.select_related("city").prefetch_related("sources")),
        "groups": groups_of(organisation),
    }
    context = {
        "organisation": organisation,
        "current": current,
        "sentence": sentence(organisation, current),
        "membership": membership[::-1],
        "founding": next((spell.change for spell in membership if spell.change.founding), None),
        **offices,
        **names_of(organisation),
        **meetings_of(request, organisation, membership),
        "news": news_about(request.user, organisation),
        "company": company_rows(request.user, organisation),
        "form": form,
        "standing": standing(form.day, membership, **offices) if form.is_asked else None,
        "points": [point] if (point := city_point(organisation, _mark(current))) else [],
        "sources": organisation.sources.all(),
        "structured": describe(request, organisation, current),
    }
    return TemplateResponse(request, "members/organisation.html", context)


def sentence(organisation: Organisation, current: Period[MembershipChange] | None) -> str:
    """Introduce an organisation in one sentence, as a search engine shows it."""
    place = f"{organisation.name} ({organisation.country.name})" if organisation.country else organisation.name
    standing = membership_words(current.change) if current else _("nothing on record for today")
    words = _(
        "%(place)s in the B40 Balkan Cities Network: %(standing)s. Offices, working groups, every meeting it came to."
    )
    return words % {"place": place, "standing": standing}


def _mark(current: Period[MembershipChange] | None) -> str:
    return _MARKS.get(Status(current.change.status), "host") if current else "other"


def names_of(organisation: Organisation) -> dict[str, Any]:
    """Give the names in its own languages, those in others with their language, and the mere spellings."""
    names = list(organisation.names.all())
    own = [name for name in names if name.is_native]
    foreign = [name for name in names if not name.is_native and name.language]
    return {
        "own_names": [_in_words(name) for name in own],
        "foreign_names": [_in_words(name) for name in foreign],
        "spellings": [name.text for name in names if not name.is_native and not name.language],
    }


def _in_words(name: OrganisationName) -> dict[str, str]:
    return {"text": name.text, "tag": name.language_tag, "language": language_name(name.language)}


def terms_of(user: "User | AnonymousUser", organisation: Organisation) -> list[Presidency]:
    """Give the presidencies that a city held, the latest first."""
    terms = Presidency.objects.visible_to(user).with_end().filter(city=organisation).select_related("city")
    return list(terms.order_by("-started_on"))


def groups_of(organisation: Organisation) -> list[tuple[WorkingGroup, list[Period[ParticipationChange]]]]:
    """Give the working groups that an organisation took part in, each with its periods there, the latest first."""
    log = organisation.group_changes.select_related("group").prefetch_related("sources")
    ordered = sorted(log, key=lambda change: (change.group.order, change.group.name, change.group_id))
    groups = ((group, periods(changes)) for group, changes in groupby(ordered, key=lambda change: change.group))
    return [
        (group, [spell for spell in spells[::-1] if spell.change.role != GroupRole.LEFT]) for group, spells in groups
    ]


def meetings_of(
    request: HttpRequest, organisation: Organisation, membership: list[Period[MembershipChange]]
) -> dict[str, Any]:
    """Give one page of the meetings that an organisation attended, the latest first, each with the capacity."""
    attended = Meeting.objects.visible_to(request.user).attended_by(organisation)
    page = paginate(request, attended.select_related("host_city").with_counts(), MEETINGS_PER_PAGE)
    listed = list(page.object_list)
    capacities = attended_as(organisation, listed, membership)
    return {
        "page": page,
        "meetings": [{"meeting": meeting, "remarks": attendance_remarks(capacities[meeting.pk])} for meeting in listed],
    }


def attendance_remarks(attendee: Attendee) -> list[str]:
    """Say as what an organisation took part in a meeting, and whether that is less than certain."""
    capacity = _("took part as %(capacity)s") % {"capacity": attendee.capacity_label}
    return [capacity, *([_("not certain")] if attendee.is_doubtful else [])]


def company_rows(user: "User | AnonymousUser", organisation: Organisation) -> list[dict[str, Any]]:
    """Give the cities most often at the same meetings, as `components/bars.html` draws them."""
    return [city_bar(row.city, row.meetings) for row in cities_met(user, organisation, COMPANY)]


def city_bar(city: Organisation, number: int) -> dict[str, Any]:
    """A city as a row of `components/bars.html`."""
    own = city.own_name
    return {
        "label": city.name,
        "value": number,
        "url": city.get_absolute_url(),
        "native": own.text if own else "",
        "language": own.language_tag if own else "",
        "note": "",
    }


def standing(
    day: dt.date,
    membership: list[Period[MembershipChange]],
    *,
    terms: list[Presidency],
    seats: "Iterable[Seat]",
    groups: list[tuple[WorkingGroup, list[Period[ParticipationChange]]]],
) -> dict[str, Any]:
    """Tell what an organisation was on a day."""
    presided = any(_holds(term, day) for term in terms)
    sat = any(seat.holds_on(day) for seat in seats)
    roles = [
        _("%(group)s: %(role)s") % {"group": group, "role": spell.change.get_role_display()}
        for group, spells in groups
        for spell in spells
        if spell.holds_on(day)
    ]
    held = [_("presiding city")] * presided + [_("seat on the Executive Board")] * sat
    return {"day": day, "spell": period_on(membership, day), "held": [*held, *roles]}


def _holds(term: Presidency, day: dt.date) -> bool:
    end = ended_on(term)
    return term.started_on <= day and (end is None or day < end)
