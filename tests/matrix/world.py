"""A network in which everything that could leak bears a word of its own, and everybody who could look."""

import datetime as dt
from types import SimpleNamespace

from django.contrib.auth.models import Group

from meetings.desk.tokens import token_of as check_in_token
from meetings.following.own_calendar import token_of as calendar_token
from meetings.inviting.links import token_of
from tests import factories
from tests.cast import delegate

# Who is asked: nobody signed in, a mandate that ended, a city outside the group, an observer, a city of the group, its lead,
# the coordinating city, the city that prepares the drafts, the secretariat, an administrator.
WHO = ("public", "ended", "other", "observer", "city", "lead", "coordinator", "host", "staff", "admin")
TODAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


def make_world() -> SimpleNamespace:
    """Give the network: its people under the names of `WHO`, and what addresses need."""
    world = SimpleNamespace(public=None)
    _organisations(world)
    _people(world)
    _meetings(world)
    _invited(world)
    _topics(world)
    _papers(world)
    _minutes(world)
    _waiting(world)
    _links(world)
    return world


def _member(name: str, **fields):
    return factories.MembershipChangeFactory(
        organisation__name=name, organisation__slug=name.lower(), **fields
    ).organisation


def _organisations(world) -> None:
    world.sofia, world.varna, world.skopje, world.zagreb = map(_member, ("Sofia", "Varna", "Skopje", "Zagreb"))
    world.iclei = factories.OrganisationFactory(name="ICLEI", slug="iclei", observer=True)
    factories.MembershipChangeFactory(organisation=world.iclei, status="observer")
    world.presidency = factories.PresidencyFactory(city=world.zagreb, started_on=dt.date(2026, 1, 1))
    world.presidency_url = world.presidency.get_absolute_url()
    world.group = factories.WorkingGroupFactory(name="Climate", slug="climate")
    for city, role in ((world.sofia, "member"), (world.skopje, "coordinator")):
        factories.ParticipationChangeFactory(group=world.group, organisation=city, role=role)


def _people(world) -> None:
    world.city = delegate(world.sofia, groups=[world.group])
    world.own_mandate = world.city.person.mandates.get()
    world.lead = delegate(world.sofia, role="lead")
    world.coordinator = delegate(world.skopje, groups=[world.group])
    world.host, world.other, world.observer = delegate(world.zagreb), delegate(world.varna), delegate(world.iclei)
    world.ended = delegate(world.sofia, ends_on=TODAY - dt.timedelta(days=1))
    world.staff = factories.UserFactory(staff=True)
    world.staff.groups.add(Group.objects.get_or_create(name="Secretariat")[0])
    world.admin = factories.UserFactory(staff=True, is_superuser=True)
    person = factories.PersonFactory(name="Zvcontactname")
    world.mandate = factories.MandateFactory(
        organisation=world.sofia, person=person, role="contact", email="zvcontactmail@example.org", phone="+359 zvphone"
    )


def _meetings(world) -> None:
    fields = {"mode": "hybrid", "timezone": "Europe/Istanbul"}
    world.held = factories.MeetingFactory(
        title="Held round", slug="held", status="held", start_on=dt.date(2026, 2, 1), **fields
    )
    world.held_session = factories.SessionFactory(meeting=world.held, working_groups=[world.group])
    world.next = factories.MeetingFactory(
        title="Next round", slug="spring", status="announced", start_on=TODAY, host_city=world.zagreb, **fields
    )
    times = {"starts_at": NOON - dt.timedelta(hours=1), "ends_at": NOON + dt.timedelta(hours=2)}
    world.session = factories.SessionFactory(meeting=world.next, working_groups=[world.group], **times)
    world.draft = factories.MeetingFactory(
        title="Zvdraftmeeting", slug="zv-draft", status="draft", kind="summit", start_on=dt.date(2026, 6, 1),
        host_city=world.zagreb, **fields
    )  # fmt: skip
    factories.SessionFactory(meeting=world.draft, working_groups=[world.group])
    factories.SnapshotFactory(meeting=world.held, number=1)
    factories.NewsItemFactory(title="Zvdraftnews", slug="zv-draft-news", draft=True)
    factories.NewsItemFactory(title="Zvwaitingnews", slug="zv-waiting-news", waiting=True)
    row = factories.AttendanceFactory(meeting=world.held, organisation=world.sofia)
    factories.DelegateFactory(attendance=row, name="Zvdelegatename", email="zvdelegate@example.org")


def _invited(world) -> None:
    world.invitation = factories.InvitationFactory(meeting=world.next, organisation=world.sofia, remarks="zvremark")
    for other in (world.skopje, world.iclei):
        factories.InvitationFactory(meeting=world.next, organisation=other)
    world.invitee = factories.InviteeFactory(
        invitation=world.invitation, name="Zvinvitee", address="zvinvitee@example.org"
    )
    factories.AnnouncedDelegateFactory(invitation=world.invitation, name="Zvannounced")
    factories.JoiningInstructionsFactory(meeting=world.next, video_url="https://video.example.org/zvjoin")
    factories.CheckInFactory(session=world.session, organisation=world.sofia, name="Zvcheckin")
    world.letter = factories.LetterFactory(name="Zvletter", address="zvletter@example.org", text="zvlettertext")
    poll = factories.DatePollFactory(meeting=world.draft)
    world.voter = factories.VoterFactory(
        ballot=factories.BallotFactory(poll=poll, organisation=world.sofia, remark="zvballot"), name="Zvvoter"
    )


def _topics(world) -> None:
    factories.TopicFactory(title="Heat", slug="heat", group=world.group)
    factories.TopicFactory(title="Zvdrafttopic", slug="zv-draft-topic", group=world.group, status="draft")
    for status in ("proposed", "declined"):
        reason = {"status_reason": "Not ours"} if status == "declined" else {}
        topic = factories.TopicFactory(
            title=f"Zv{status}topic", slug=f"zv-{status}-topic", group=world.group, status=status, **reason
        )
        factories.TopicProposalFactory(topic=topic, organisation=world.sofia)


def _papers(world) -> None:
    world.papers = {
        audience: factories.DocumentFactory(
            meeting=world.held, title=f"Zv{audience}paper", audience=audience, url="", file=factories.pdf_file(f"{audience}.pdf")
        )
        for audience in ("members", "group", "secretariat")
    }  # fmt: skip
    world.handed_in = factories.DocumentFactory(
        meeting=world.next, title="Zvhandedin", audience="secretariat", handed_in_by=world.sofia
    )


def _minutes(world) -> None:
    item = factories.AgendaItemFactory(session=world.session, title="Open point")
    factories.NoteRevisionFactory(item=item, text="zvopennote")
    item = factories.AgendaItemFactory(session=world.held_session, title="Past point")
    factories.NoteRevisionFactory(item=item, text="zvcirculatednote")
    world.minutes = factories.MinutesFactory(meeting=world.held, circulated=True)
    copy = factories.MinutesCopyFactory(minutes=world.minutes, organisation=world.sofia)
    world.reader = factories.MinutesReaderFactory(copy=copy, name="Zvreader", address="zvreader@example.org")
    factories.CorrectionFactory(minutes=world.minutes, organisation=world.sofia, text="zvcorrection")
    world.action = factories.ActionItemFactory(meeting=world.held, owners=[world.sofia], text="zvaction")
    world.report = factories.ActionReportFactory(action=world.action, organisation=world.sofia, text="zvreport")


def _waiting(world) -> None:
    world.proposal = factories.ProposedChangeFactory(
        organisation=world.sofia, proposed_by=world.city, fields={"description": ["", "zvproposal"]},
        photo=factories.picture_file(width=1600),
    )  # fmt: skip
    world.picture, world.thumbnail = world.proposal.photo.name, small_name(world.proposal.photo)
    factories.SubscriptionFactory(address="zvsubscriber@example.org")
    world.account_invitation = factories.AccountInvitationFactory(mandate=world.mandate)


def small_name(picture) -> str:
    """The stored name of the smallest of a picture's widths."""
    return picture.small_url.partition("/media/")[2]


def _links(world) -> None:
    """The ways in that need no account: each opens what it is for, for whoever holds it."""
    world.links = {
        "answer": token_of(world.invitee),
        "poll": token_of(world.voter),
        "minutes": token_of(world.reader),
        "check_in": check_in_token(world.session),
        "calendar": calendar_token(factories.CalendarLinkFactory(user=world.city)),
    }
