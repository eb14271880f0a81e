"""The front page: what the network is today, counted from the record."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from b40.structured import network, website
from meetings.models import AgendaItem, Document, Meeting, NewsItem
from members.counting import count_member_cities
from members.maps import MapPoint, place, spread_labels
from members.models import Country, OfficeChange, Organisation, Presidency, StatedMemberCount, Status, User
from members.offices import presidents_of
from members.register import period_on
from workinggroups.models import Topic, WorkingGroup

Visitor: TypeAlias = User | AnonymousUser

# Nothing on the page grows with the record beyond these.
CITIES_ON_MAP = 120
GROUPS = 8
TOPICS_A_GROUP = 4
AGENDA_ITEMS = 60
MEETINGS = 4
NEWS = 3


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the network in a page: numbers, presidency, meetings, topics, map, documents."""
    today = timezone.localdate()
    presidency = presiding(request.user, today)
    context = {
        "numbers": numbers(request.user, today),
        "presiding": presidency,
        **meetings(request.user, today),
        "news": latest_news(request.user, today),
        "groups": topics_by_group(request.user),
        **city_map(request.user, today, presidency.presidency.city_id if presidency else None),
        "documents": newest_documents(request.user),
        "structured": [network(request), website(request)],
    }
    return TemplateResponse(request, "b40/home.html", context)


def numbers(user: Visitor, today: dt.date) -> list[dict[str, Any]]:
    """Count member cities, their countries, presidencies and meetings; each number leads to its rows."""
    cities = count_member_cities([today])[today]
    of_country = Organisation.objects.visible_to(user).cities().holding(today, Status.MEMBER)
    countries = Country.objects.filter(Exists(of_country.filter(country=OuterRef("pk")))).count()
    presidencies = Presidency.objects.visible_to(user).filter(started_on__lte=today).count()
    held = Meeting.objects.visible_to(user).count()
    city_list = reverse("members:city_list")
    return [
        _number(cities, ngettext("member city", "member cities", cities), city_list, stated_beside(cities, today)),
        _number(countries, ngettext("country", "countries", countries), city_list),
        _number(presidencies, ngettext("presidency", "presidencies", presidencies), reverse("members:presidency_list")),
        _number(held, ngettext("meeting on record", "meetings on record", held), reverse("meetings:list")),
    ]


def _number(number: int, label: str, url: str, note: str = "") -> dict[str, Any]:
    return {"number": number, "label": label, "url": url, "note": note}


def stated_beside(counted: int, today: dt.date) -> str:
    """Give the last number that a source states, in words, when the record counts another."""
    stated = StatedMemberCount.objects.filter(on__lte=today).order_by("-on", "-members").first()
    if stated is None or stated.members == counted:
        return ""
    when = date_format(stated.on, "F Y")
    return _("identified by name; %(stated)d stated in %(when)s") % {"stated": stated.members, "when": when}


@dataclass(frozen=True)
class Presiding:
    """Who presides: the term, and its president if the record names one."""

    presidency: Presidency
    president: OfficeChange | None


def presiding(user: Visitor, today: dt.date) -> Presiding | None:
    """Give who presides on a day, or None before the first term."""
    terms = Presidency.objects.visible_to(user).with_end().select_related("city")
    term = terms.prefetch_related("city__names", "office_changes__person").on(today)
    if term is None:
        return None
    holder = period_on(presidents_of(term), today)
    return Presiding(term, holder.change if holder else None)


def meetings(user: Visitor, today: dt.date) -> dict[str, list[Meeting]]:
    """Give the next meetings and the latest ones, these with the number of cities that came."""
    visible = Meeting.objects.visible_to(user).select_related("host_city")
    held = visible.that_took_place().with_counts()
    return {"next_meetings": list(visible.upcoming(today)[:MEETINGS]), "latest_meetings": list(held[:MEETINGS])}


def latest_news(user: Visitor, today: dt.date) -> list[NewsItem]:
    """Give the news last published, without drafts, whoever asks."""
    return list(NewsItem.objects.visible_to(user).published(today).with_lines(user)[:NEWS])


def topics_by_group(user: Visitor) -> list[dict[str, Any]]:
    """Give the groups, each with the topics last on its table, the latest first."""
    groups = WorkingGroup.objects.visible_to(user)[:GROUPS]
    rows: dict[int, dict[str, Any]] = {
        group.pk: {"name": group.name, "url": group.get_absolute_url(), "topics": []} for group in groups
    }
    for topic in dict.fromkeys(_latest_topics(user)):
        row = rows.get(topic.group_id or 0)
        if row and len(row["topics"]) < TOPICS_A_GROUP:
            row["topics"].append(topic)
    return list(rows.values())


def _latest_topics(user: Visitor) -> list[Topic]:
    """The topics of the last few meetings that have an agenda on record."""
    discussed = AgendaItem.objects.filter(session__meeting=OuterRef("pk"), topics__isnull=False)
    held = Meeting.objects.visible_to(user).that_took_place().filter(Exists(discussed))[:MEETINGS]
    items = (
        AgendaItem.objects.filter(session__meeting__in=[meeting.pk for meeting in held])
        .order_by("-session__meeting__start_on", "session__order", "order", "pk")
        .prefetch_related(Prefetch("topics", Topic.objects.visible_to(user)))[:AGENDA_ITEMS]
    )
    return [topic for item in items for topic in item.topics.all()]


def city_map(user: Visitor, today: dt.date, presiding_city: int | None) -> dict[str, Any]:
    """Give the member cities' points on the map, the presiding city first, and the same cities by country as its

    text.
    """
    members = Organisation.objects.visible_to(user).cities().holding(today, Status.MEMBER)
    cities = list(members.select_related("country").prefetch_related("names")[:CITIES_ON_MAP])
    cities_by_weight = sorted(cities, key=lambda city: (city.pk != presiding_city, -(city.population or 0)))
    points = [_point(city, is_presiding=city.pk == presiding_city) for city in cities_by_weight]
    return {
        "points": spread_labels(point for point in points if point),
        "map_countries": _by_country(cities),
        "is_map_full": len(cities) == CITIES_ON_MAP,
    }


def _point(city: Organisation, *, is_presiding: bool) -> MapPoint | None:
    if city.latitude is None or city.longitude is None:
        return None
    own = city.own_name
    return place(
        float(city.latitude),
        float(city.longitude),
        city.name,
        native=own.text if own else "",
        language=own.language_tag if own else "",
        href=city.get_absolute_url(),
        state="host" if is_presiding else "member",
    )


def _by_country(cities: list[Organisation]) -> list[tuple[str, list[Organisation]]]:
    countries: dict[str, list[Organisation]] = {}
    for city in cities:
        countries.setdefault(str(city.country), []).append(city)
    return sorted(countries.items())


def newest_documents(user: Visitor) -> list[Document]:
    """Give the papers last dated."""
    documents = Document.objects.visible_to(user).select_related("meeting").filter(dated__isnull=False)
    return list(documents.order_by(F("dated").desc(), "-pk")[:MEETINGS])
