"""Those who speak for organisations around one meeting: who may answer, join and check in, and who may not."""

import datetime as dt
import zoneinfo

from django.test import Client

from members.models import Mandate, Status, User
from tests import factories
from workinggroups.models import GroupSeat

ISTANBUL = zoneinfo.ZoneInfo("Europe/Istanbul")
DAY = dt.date(2031, 3, 17)
NOW = dt.datetime(2031, 3, 10, 12, tzinfo=ISTANBUL)  # a week before
SECRET = "https://video.example.org/j/8732?pwd=secret"


def at(hour, minute=0, day=DAY):
    return dt.datetime.combine(day, dt.time(hour, minute), ISTANBUL)


def delegate(organisation, role="technical", groups=(), name="", **dates) -> User:
    """An account of a person who acts for an organisation: in the groups named, else in all in which it takes part."""
    person = factories.PersonFactory(**({"name": name} if name else {}))
    user = factories.UserFactory(person=person)
    mandate = Mandate.objects.create(
        organisation=organisation, person=person, role=role, email=f"{user.username}@example.org", **dates
    )
    for group in groups:
        GroupSeat.objects.create(mandate=mandate, group=group)
    return user


def client_of(user: User | None) -> Client:
    """A browser in which somebody is signed in; of a visitor for None."""
    client = Client()
    if user:
        client.force_login(user)
    return client


def member(name, slug, status=Status.MEMBER, **fields):
    organisation = factories.OrganisationFactory(name=name, slug=slug, **fields)
    factories.MembershipChangeFactory(organisation=organisation, status=status)
    return organisation


class Round:
    """An announced hybrid round of one group, in the morning and the afternoon; Sofia and an observer are invited."""

    def __init__(self, **fields):
        self.group = factories.WorkingGroupFactory(name="Climate", slug="climate")
        self.sofia, self.varna = member("Sofia", "sofia"), member("Varna", "varna")
        self.iclei = member("ICLEI", "iclei", Status.OBSERVER, observer=True)
        for city in (self.sofia, self.varna):
            factories.ParticipationChangeFactory(group=self.group, organisation=city)
        fields = {"title": "Spring round", "slug": "spring", "status": "announced", "mode": "hybrid", **fields}
        self.meeting = factories.MeetingFactory(start_on=DAY, timezone="Europe/Istanbul", **fields)
        self.morning = self._session("Morning", 10)
        self.afternoon = self._session("Afternoon", 14)
        self.invitation = self.invite(self.sofia)
        self.invite(self.iclei)

    def _session(self, title, hour):
        times = {"starts_at": at(hour), "ends_at": at(hour + 2)}
        return factories.SessionFactory(meeting=self.meeting, title=title, working_groups=[self.group], **times)

    def invite(self, organisation, **fields):
        return factories.InvitationFactory(meeting=self.meeting, organisation=organisation, **fields)

    def tell_how_to_join(self, **fields):
        fields = {"video_url": SECRET, "dial_in": "Secret code 4411", "directions": "Secret stairs", **fields}
        return factories.JoiningInstructionsFactory(meeting=self.meeting, **fields)

    def people(self):
        """Everybody who may knock, by the part that they play."""
        today = NOW.date()
        return {
            "visitor": None,
            "delegate": delegate(self.sofia),
            "lead": delegate(self.sofia, role="lead"),
            "alternate": delegate(self.sofia, role="alternate"),
            "observer": delegate(self.iclei),
            "of another city": delegate(self.varna),
            "of a group of their own": delegate(member("Split", "split")),
            "ended": delegate(self.sofia, ends_on=today - dt.timedelta(days=1)),
            "to come": delegate(self.sofia, starts_on=DAY + dt.timedelta(days=1)),
            "staff": factories.UserFactory(staff=True),
        }
