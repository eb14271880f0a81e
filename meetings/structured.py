"""A meeting, and a piece of news, as schema.org says them, for search engines."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.models import DatePrecision, Meeting, MeetingStatus, Mode, NewsItem, Photo

if TYPE_CHECKING:
    from members.models import Organisation
    from workinggroups.models import Topic

ATTENDANCE_MODES = {Mode.ONLINE: "Online", Mode.IN_PERSON: "Offline", Mode.HYBRID: "Mixed"}
STATUSES = {MeetingStatus.CANCELLED: "EventCancelled", MeetingStatus.POSTPONED: "EventPostponed"}


def in_a_sentence(meeting: Meeting, cities: int) -> str:
    """Describe a meeting for who has not seen its page. Takes how many cities came; 0 when it is not known."""
    if meeting.summary:
        return f"{meeting.days}: {meeting.summary}"
    words = {"kind": capfirst(meeting.get_kind_display()), "days": meeting.days, "number": cities}
    if not cities:
        return _("%(kind)s of the B40 Balkan Cities Network, %(days)s.") % words
    return (
        ngettext(
            "%(kind)s of the B40 Balkan Cities Network, %(days)s, with %(number)d city.",
            "%(kind)s of the B40 Balkan Cities Network, %(days)s, with %(number)d cities.",
            cities,
        )
        % words
    )


def event(request: HttpRequest, meeting: Meeting, topics: "Iterable[Topic]") -> dict[str, Any]:
    """Describe a meeting (schema.org Event) with the topics on its table; only what is on record is said."""
    url = request.build_absolute_uri(meeting.get_absolute_url())
    said = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{url}#event",
        "name": meeting.title,
        "url": url,
        "description": meeting.summary,
        **_days(meeting),
        "eventStatus": f"https://schema.org/{STATUSES.get(MeetingStatus(meeting.status), 'EventScheduled')}",
        "eventAttendanceMode": f"https://schema.org/{ATTENDANCE_MODES[Mode(meeting.mode)]}EventAttendanceMode",
        "location": _locations(meeting, url),
        "organizer": _network(request),
        "about": [
            {"@type": "Thing", "name": topic.title, "url": request.build_absolute_uri(topic.get_absolute_url())}
            for topic in topics
        ],
        "image": request.build_absolute_uri(reverse("og_image", args=["meeting", meeting.slug])),
    }
    return {key: value for key, value in said.items() if value}


def news_article(
    request: HttpRequest, item: NewsItem, spoken_of: "Iterable[Organisation]", photos: Iterable[Photo]
) -> dict[str, Any]:
    """Describe a piece of news (schema.org NewsArticle) with what it speaks of; only what is on record is said."""
    url = request.build_absolute_uri(item.get_absolute_url())
    card = reverse("og_image", args=["news", item.slug])
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "headline": item.title,
        "url": url,
        "mainEntityOfPage": url,
        "description": item.gist,
        "articleSection": str(item.get_kind_display()),
        "datePublished": item.published_on,
        "dateModified": item.updated_at,
        "author": _network(request),
        "publisher": _network(request),
        "about": [_about(request, organisation) for organisation in spoken_of],
        "citation": [source.url for source in item.sources.all()],
        "image": [request.build_absolute_uri(address) for address in [*(photo.image.url for photo in photos), card]],
    }
    return {key: value for key, value in said.items() if value}


def _about(request: HttpRequest, organisation: "Organisation") -> dict[str, str]:
    url = request.build_absolute_uri(organisation.get_absolute_url())
    return {"@type": "City" if organisation.is_city else "Organization", "name": organisation.name, "url": url}


def _network(request: HttpRequest) -> dict[str, str]:
    home = request.build_absolute_uri(reverse("home"))
    name = _("B40 Balkan Cities Network")
    return {"@type": "Organization", "@id": f"{home}#network", "name": name, "url": home}


def _days(meeting: Meeting) -> dict[str, str]:
    """ISO 8601 dates, of no more precision than is known."""
    if meeting.date_precision == DatePrecision.MONTH:
        return {"startDate": f"{meeting.start_on:%Y-%m}"}
    return {"startDate": meeting.start_on.isoformat(), "endDate": meeting.known_by.isoformat()}


def _locations(meeting: Meeting, url: str) -> list[dict[str, Any]]:
    online = [{"@type": "VirtualLocation", "url": url}] if meeting.mode != Mode.IN_PERSON else []
    return [*_places(meeting), *online]


def _places(meeting: Meeting) -> list[dict[str, Any]]:
    town = meeting.host_city.name if meeting.host_city else meeting.place
    address = {"addressLocality": town, "addressCountry": meeting.country.name if meeting.country else ""}
    known = {key: value for key, value in address.items() if value}
    if not known:
        return []
    return [
        {
            "@type": "Place",
            "name": meeting.venue or town or known["addressCountry"],
            "address": {"@type": "PostalAddress", **known},
        }
    ]
