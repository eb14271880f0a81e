"""What is written to those who are invited: the invitation, a reminder, a change, a cancellation."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.calendar import location_of
from meetings.inviting.addressees import Addressee
from meetings.inviting.entry import CANCEL, REQUEST, write_entry
from meetings.inviting.sittings import public_programme, sittings_of, zone_of
from meetings.inviting.told import told_before
from meetings.mail import Draft
from meetings.models import MailingKind, Meeting
from meetings.programme import Programme


@dataclass(frozen=True)
class Occasion:
    """A meeting about which letters of one kind are written; `site` is the address of the site, without a slash."""

    kind: MailingKind
    meeting: Meeting
    programme: Programme
    site: str

    @property
    def public_url(self) -> str:
        """The meeting's page, once everybody may see it."""
        return "" if self.meeting.is_draft else f"{self.site}{self.meeting.get_absolute_url()}"

    @property
    def join_url(self) -> str:
        """Where those who sign in find how to join; it stands in no letter itself."""
        return f"{self.site}{reverse('my:home')}"


def occasion(kind: MailingKind, meeting: Meeting, site: str) -> Occasion:
    """Read what letters about a meeting need; six queries."""
    return Occasion(kind, meeting, public_programme(meeting), site)


def write_letters(about: Occasion, addressees: Iterable[Addressee]) -> list[Draft]:
    """Write a letter to each; asks no query."""
    return [_write(about, one) for one in addressees]


def _write(about: Occasion, one: Addressee) -> Draft:
    meeting = about.meeting
    method = CANCEL if about.kind == MailingKind.CANCELLATION else REQUEST
    context = _context(about, one)
    return Draft(
        address=one.address,
        name=one.name,
        organisation=one.organisation,
        mandate=one.mandate,
        subject=subject_of(about.kind, meeting),
        text=render_to_string("emails/meeting.txt", context),
        html=render_to_string("emails/meeting.html", context),
        calendar=write_entry(
            meeting, about.programme.sessions, address=one.address, name=one.name, method=method, url=about.public_url
        ),
        method=method,
    )


def _context(about: Occasion, one: Addressee) -> dict[str, object]:
    meeting = about.meeting
    sittings = sittings_of(about.programme, zone_of(one.organisation))
    return {
        "kind": about.kind.value,
        "meeting": meeting,
        "addressee": one,
        "sittings": sittings,
        "city": one.organisation.name,
        "where": location_of(meeting),
        "before": told_before(one.told, meeting.timezone),
        "public_url": about.public_url,
        "join_url": about.join_url,
        "secretariat": secretariat(),
    }


def subject_of(kind: MailingKind, meeting: Meeting) -> str:
    """Say in the subject what is asked, about what and when."""
    words = {"title": meeting.title, "days": meeting.days}
    subjects = {
        MailingKind.INVITATION: _("Invitation: %(title)s, %(days)s"),
        MailingKind.REMINDER: _("Please answer: %(title)s, %(days)s"),
        MailingKind.CHANGE: _("Changed: %(title)s, now %(days)s"),
        MailingKind.CANCELLATION: _("Cancelled: %(title)s, %(days)s"),
    }
    if kind == MailingKind.CANCELLATION and meeting.is_postponed:
        return shortened(_("Postponed: %(title)s, %(days)s") % words)
    return shortened(subjects[kind] % words)


def shortened(subject: str) -> str:
    """Cut a subject to what a letter keeps."""
    return subject if len(subject) <= 250 else f"{subject[:249]}…"


def secretariat() -> dict[str, str]:
    """Name the secretariat and its mail address, to write to."""
    name, address = parseaddr(settings.MAIL_REPLY_TO)
    return {"name": name or address, "address": address}
