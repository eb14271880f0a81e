"""A meeting as schema.org says it, for search engines."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.models import DatePrecision, Meeting, MeetingStatus, Mode

if TYPE_CHECKING:
    from workinggroups.models import Topic

ATTENDANCE_MODES = {Mode.ONLINE: "Online", Mode.IN_PERSON: "Offline", Mode.HYBRID: "Mixed"}
STATUSES = {MeetingStatus.CANCELLED: "EventCancelled"}


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
    home = request.build_absolute_uri(reverse("home"))
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
        "organizer": {
            "@type": "Organization",
            "@id": f"{home}#network",
            "name": _("B40 Balkan Cities Network"),
            "url": home,
        },
        "about": [
            {"@type": "Thing", "name": topic.title, "url": request.build_absolute_uri(topic.get_absolute_url())}
            for topic in topics
        ],
        "image": request.build_absolute_uri(reverse("og_image", args=["meeting", meeting.slug])),
    }
    return {key: value for key, value in said.items() if value}


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
