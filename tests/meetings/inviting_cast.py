"""A planned meeting, cities with their contacts, and the people who invite them."""

import datetime as dt
import zoneinfo

from meetings.inviting import prepare_invitations
from meetings.inviting.links import token_of
from meetings.models import Invitee, Mailing, Meeting, Voter
from members.models import Country, Mandate, User
from tests import factories

SITE = "https://b40.example.org"
ISTANBUL = zoneinfo.ZoneInfo("Europe/Istanbul")
DAY = dt.date(2031, 3, 17)


def at(hour, minute=0, day=DAY):
    return dt.datetime.combine(day, dt.time(hour, minute), ISTANBUL)


def planned(**fields) -> Meeting:
    """A draft with one session in the morning, Istanbul time."""
    fields = {"title": "Spring round", "slug": "spring-round", "status": "draft", "start_on": DAY, **fields}
    meeting = factories.MeetingFactory(timezone="Europe/Istanbul", **fields)
    factories.SessionFactory(meeting=meeting, title="Opening", starts_at=at(10), ends_at=at(11, 30))
    return meeting


def contact(
    city: str = "Sofia", name: str = "Maria", email: str = "maria@sofia.example.org", code: str = "BG"
) -> Mandate:
    """Somebody who acts for a member city."""
    country, _made = Country.objects.get_or_create(code=code, defaults={"name": f"Land {code}"})
    organisation = factories.OrganisationFactory._meta.model.objects.filter(name=city).first()
    if organisation is None:
        organisation = factories.OrganisationFactory(name=city, country=country)
        factories.MembershipChangeFactory(organisation=organisation)
    return factories.MandateFactory(organisation=organisation, person__name=name, email=email)


def secretary() -> User:
    return User.objects.filter(username="elif").first() or factories.UserFactory(staff=True, username="elif")


def invite(meeting: Meeting, *mandates: Mandate, **how) -> Mailing:
    return prepare_invitations(meeting, mandates, by=secretary(), site=SITE, **how)


def invitee(mandate: Mandate) -> Invitee:
    return Invitee.objects.select_related("invitation").get(mandate=mandate)


def answer_url(mandate: Mandate) -> str:
    return f"/answer/{token_of(invitee(mandate))}/"


def poll_url(mandate: Mandate) -> str:
    return f"/poll/{token_of(Voter.objects.get(mandate=mandate))}/"


def release(mailing: Mailing) -> None:
    """Let a mailing go, as staff do on its page."""
    mailing.released_at = dt.datetime.now(dt.UTC)
    mailing.released_by = secretary()
    mailing.save()
