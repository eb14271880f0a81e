"""The calendar entry in a letter (RFC 5545, and RFC 5546 for what it asks)."""

from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText
from icalendar.enums import STATUS

from meetings.calendar import PRODUCT, location_of, uid_of, when
from meetings.models import Meeting, Session

REQUEST = "REQUEST"
CANCEL = "CANCEL"


def write_entry(
    meeting: Meeting, sessions: Iterable[Session], *, address: str, name: str, method: str, url: str = ""
) -> str:
    """Ask one person to note a meeting, or to strike it out.

    It is the entry that the public feed shows under the same identity. No answer is asked for by calendar: it counts
    when given by the link in the letter, and the calendars of colleagues see no such link.
    """
    calendar = Calendar()
    for key, value in {"PRODID": PRODUCT, "VERSION": "2.0", "CALSCALE": "GREGORIAN", "METHOD": method}.items():
        calendar.add(key, value)
    start, end = when(meeting, sessions)
    event = Event.new(
        uid=uid_of(meeting),
        sequence=meeting.sequence,
        stamp=timezone.now(),
        status=STATUS.CANCELLED if method == CANCEL else _status(meeting),
        start=start,
        end=end,
        summary=meeting.title,
        location=location_of(meeting) or None,
        description="\n\n".join(part for part in (meeting.summary, url) if part) or None,
        url=url or None,
    )
    event.add("organizer", _person(*parseaddr(settings.MAIL_REPLY_TO)))
    attendee = _person(name, address)
    attendee.params.update(
        {"ROLE": vText("REQ-PARTICIPANT"), "PARTSTAT": vText("NEEDS-ACTION"), "RSVP": vText("FALSE")}
    )
    event.add("attendee", attendee)
    calendar.add_component(event)
    return bytes(calendar.to_ical()).decode()


def _status(meeting: Meeting) -> STATUS:
    return STATUS.TENTATIVE if meeting.is_draft else STATUS.CONFIRMED


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    if name:
        person.params["CN"] = vText(name.replace('"', "'"))
    return person
