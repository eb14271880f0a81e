"""One factory a model: the plainest valid row, with the rows that it needs.

What is special about a row is written in its test, or asked for as a trait.
"""

import datetime as dt
import io

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from b40 import models as project
from meetings import models as meetings
from meetings.closing.freezing import record_of
from members import models as members
from workinggroups import models as groups

FIRST_DAY = dt.date(2021, 11, 30)
FREE_CODES = [f"Q{letter}" for letter in "MNOPQRSTUVWXYZ"] + [f"X{letter}" for letter in "ABCDEFGHIJLMNOPQRSTUVWXYZ"]


def day(number):
    """A day for every number, all of them past: other than those of the next thousand numbers."""
    return FIRST_DAY + dt.timedelta(days=number % 1_000)


def picture_file(width=600, height=400):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#6cc068").save(out, "PNG")
    return ContentFile(out.getvalue(), "picture.png")


def pdf_file(name="agenda.pdf"):
    return ContentFile(b"%PDF-1.7\n%%EOF\n", name)


# --- members ---------------------------------------------------------------------------------------------------------


class UserFactory(DjangoModelFactory):
    class Meta:
        model = members.User

    class Params:
        staff = factory.Trait(is_staff=True)
        delegate = factory.Trait(
            person=factory.SubFactory("tests.factories.PersonFactory"),
            email=factory.LazyAttribute(lambda user: f"{user.username}@example.org"),
        )

    username = factory.Sequence("user-{}".format)


class CountryFactory(DjangoModelFactory):
    class Meta:
        model = members.Country
        django_get_or_create = ("code",)

    # Codes that ISO 3166-1 leaves to their users, so that a test may name real countries beside these.
    code = factory.Sequence(lambda n: FREE_CODES[n % len(FREE_CODES)])
    name = factory.LazyAttribute(lambda country: f"Country {country.code}")


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = members.Source

    url = factory.Sequence("https://example.org/{}".format)
    title = factory.Sequence("Page {}".format)


class OrganisationFactory(DjangoModelFactory):
    """A city; `observer=True` makes a network of cities without country, which is what most observers are."""

    class Meta:
        model = members.Organisation

    class Params:
        observer = factory.Trait(kind=members.Kind.NETWORK, country=None, name=factory.Sequence("Network {}".format))

    kind = members.Kind.CITY
    name = factory.Sequence("City {}".format)
    slug = factory.Sequence("organisation-{}".format)
    country = factory.SubFactory(CountryFactory)


class OrganisationNameFactory(DjangoModelFactory):
    class Meta:
        model = members.OrganisationName

    organisation = factory.SubFactory(OrganisationFactory)
    text = factory.Sequence("Град {}".format)


class MembershipChangeFactory(DjangoModelFactory):
    """From the founding day on the organisation is a member; the day is known."""

    class Meta:
        model = members.MembershipChange

    organisation = factory.SubFactory(OrganisationFactory)
    status = members.Status.MEMBER
    latest = FIRST_DAY
    earliest = factory.SelfAttribute("latest")


class StatedMemberCountFactory(DjangoModelFactory):
    class Meta:
        model = members.StatedMemberCount

    on = factory.Sequence(day)
    members = 23


class PresidencyFactory(DjangoModelFactory):
    """Each begins a year after the one before, and is another city's."""

    class Meta:
        model = members.Presidency

    city = factory.SubFactory(OrganisationFactory)
    started_on = factory.Sequence(lambda n: FIRST_DAY + dt.timedelta(days=365 * n))


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = members.Person

    name = factory.Sequence("Person {}".format)


class MandateFactory(DjangoModelFactory):
    """A city's contact."""

    class Meta:
        model = members.Mandate

    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.SubFactory(PersonFactory)


class AccountInvitationFactory(DjangoModelFactory):
    """One that can still be taken up."""

    class Meta:
        model = members.AccountInvitation

    mandate = factory.SubFactory(MandateFactory)
    address = factory.Sequence("invited-{}@example.org".format)
    key = factory.Sequence("{:032x}".format)
    invited_by = factory.SubFactory(UserFactory, staff=True)


class ViewingFactory(DjangoModelFactory):
    class Meta:
        model = members.Viewing

    user = factory.SubFactory(UserFactory, staff=True)


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = members.Consent

    person = factory.SubFactory(PersonFactory)
    purpose = members.Purpose.PUBLIC_NAME
    text_version = "2026-11"


class ErasureRequestFactory(DjangoModelFactory):
    class Meta:
        model = members.ErasureRequest

    person = factory.SubFactory(PersonFactory)


class DeadAddressFactory(DjangoModelFactory):
    class Meta:
        model = members.DeadAddress

    address = factory.Sequence("gone-{}@example.org".format)


class ProposedChangeFactory(DjangoModelFactory):
    """A city asks for another description, and waits."""

    class Meta:
        model = members.ProposedChange

    organisation = factory.SubFactory(OrganisationFactory)
    fields = factory.LazyFunction(lambda: {"description": ["", "A city by the sea"]})
    proposed_by = factory.SubFactory(UserFactory, delegate=True)


class OfficeChangeFactory(DjangoModelFactory):
    """A President who takes office with the handover; `secretary=True` makes a Permanent Secretary."""

    class Meta:
        model = members.OfficeChange

    class Params:
        secretary = factory.Trait(
            office=members.Office.PERMANENT_SECRETARY, presidency=None, latest=factory.Sequence(day)
        )

    office = members.Office.PRESIDENT
    presidency = factory.SubFactory(PresidencyFactory)
    person = factory.SubFactory(PersonFactory)
    latest = factory.SelfAttribute("presidency.started_on")
    earliest = factory.SelfAttribute("latest")


class BoardSeatChangeFactory(DjangoModelFactory):
    class Meta:
        model = members.BoardSeatChange

    city = factory.SubFactory(OrganisationFactory)
    latest = FIRST_DAY
    earliest = factory.SelfAttribute("latest")


# --- workinggroups ---------------------------------------------------------------------------------------------------


class WorkingGroupFactory(DjangoModelFactory):
    class Meta:
        model = groups.WorkingGroup

    name = factory.Sequence("Working group {}".format)
    slug = factory.Sequence("group-{}".format)


class FormerNameFactory(DjangoModelFactory):
    class Meta:
        model = groups.FormerName

    group = factory.SubFactory(WorkingGroupFactory)
    name = factory.Sequence("Former name {}".format)
    latest = factory.Sequence(day)
    earliest = factory.SelfAttribute("latest")


class ParticipationChangeFactory(DjangoModelFactory):
    class Meta:
        model = groups.ParticipationChange

    group = factory.SubFactory(WorkingGroupFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    latest = FIRST_DAY
    earliest = factory.SelfAttribute("latest")


class GroupSeatFactory(DjangoModelFactory):
    class Meta:
        model = groups.GroupSeat

    mandate = factory.SubFactory(MandateFactory)
    group = factory.SubFactory(WorkingGroupFactory)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = groups.Topic

    title = factory.Sequence("Topic {}".format)
    slug = factory.Sequence("topic-{}".format)
    group = factory.SubFactory(WorkingGroupFactory)


class TopicProposalFactory(DjangoModelFactory):
    """A proposal that waits for an answer; give a `topic` of another status for one that was answered."""

    class Meta:
        model = groups.TopicProposal

    topic = factory.SubFactory(TopicFactory, status="proposed")
    organisation = factory.SubFactory(OrganisationFactory)
    by = factory.SubFactory(UserFactory)
    why = "It concerns us all."


class TopicSupportFactory(DjangoModelFactory):
    class Meta:
        model = groups.TopicSupport

    topic = factory.SubFactory(TopicFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    by = factory.SubFactory(UserFactory)


# --- meetings --------------------------------------------------------------------------------------------------------


class MeetingFactory(DjangoModelFactory):
    """A meeting that was held online on a day of its own."""

    class Meta:
        model = meetings.Meeting

    title = factory.Sequence("Meeting {}".format)
    slug = factory.Sequence("meeting-{}".format)
    kind = meetings.MeetingKind.WORKING_GROUPS
    mode = meetings.Mode.ONLINE
    status = meetings.MeetingStatus.HELD
    start_on = factory.Sequence(day)


class SessionFactory(DjangoModelFactory):
    """A plenary session; give `working_groups` for one of groups."""

    class Meta:
        model = meetings.Session
        skip_postgeneration_save = True

    meeting = factory.SubFactory(MeetingFactory)

    @factory.post_generation
    def working_groups(self, create, extracted, **kwargs):
        self.working_groups.set(extracted or [])


class JoiningInstructionsFactory(DjangoModelFactory):
    """How to join a whole meeting, by a video link."""

    class Meta:
        model = meetings.JoiningInstructions

    meeting = factory.SubFactory(MeetingFactory)
    video_url = factory.Sequence("https://video.example.org/room-{}".format)


class AgendaItemFactory(DjangoModelFactory):
    """An item of an agenda; give `topics` that it takes up."""

    class Meta:
        model = meetings.AgendaItem
        skip_postgeneration_save = True

    session = factory.SubFactory(SessionFactory)

    @factory.post_generation
    def topics(self, create, extracted, **kwargs):
        self.topics.set(extracted or [])


class AttendanceFactory(DjangoModelFactory):
    """A city was present at a meeting, says the secretariat."""

    class Meta:
        model = meetings.Attendance

    meeting = factory.SubFactory(MeetingFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class DelegateFactory(DjangoModelFactory):
    class Meta:
        model = meetings.Delegate

    attendance = factory.SubFactory(AttendanceFactory)
    name = factory.Sequence("Delegate {}".format)


class CheckInFactory(DjangoModelFactory):
    """Somebody whom nobody knows checked in for a city at a session, and waits."""

    class Meta:
        model = meetings.CheckIn

    session = factory.SubFactory(SessionFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Newcomer {}".format)
    email = factory.Sequence("newcomer-{}@example.org".format)
    checked_in_at = factory.LazyFunction(timezone.now)


class MailingFactory(DjangoModelFactory):
    """A mailing that waits for its release; `released=True` lets it go."""

    class Meta:
        model = meetings.Mailing

    class Params:
        released = factory.Trait(released_at=factory.LazyFunction(timezone.now))

    kind = "other"
    title = factory.Sequence("Mailing {}".format)


class LetterFactory(DjangoModelFactory):
    class Meta:
        model = meetings.Letter

    mailing = factory.SubFactory(MailingFactory)
    address = factory.Sequence("delegate-{}@example.org".format)
    subject = "Round of the working groups"
    text = "You are invited."


class CalendarLinkFactory(DjangoModelFactory):
    class Meta:
        model = meetings.CalendarLink

    user = factory.SubFactory(UserFactory)


class SubscriptionFactory(DjangoModelFactory):
    """One that holds since a year ago and follows everything; `asked=True` still waits for its confirmation."""

    class Meta:
        model = meetings.Subscription
        skip_postgeneration_save = True

    class Params:
        asked = factory.Trait(confirmed_at=None)

    address = factory.Sequence("reader-{}@example.org".format)
    everything = True
    confirmed_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=365))

    @factory.post_generation
    def organisations(self, create, extracted, **kwargs):
        self.organisations.set(extracted or [])


class DigestFactory(DjangoModelFactory):
    class Meta:
        model = meetings.Digest

    subscription = factory.SubFactory(SubscriptionFactory)
    period = factory.Sequence("daily {}".format)


class DigestEntryFactory(DjangoModelFactory):
    class Meta:
        model = meetings.DigestEntry

    digest = factory.SubFactory(DigestFactory)
    subscription = factory.SelfAttribute("digest.subscription")
    what = factory.Sequence("topic:{}".format)


class MeetingStepFactory(DjangoModelFactory):
    class Meta:
        model = meetings.MeetingStep

    meeting = factory.SubFactory(MeetingFactory)
    step = "hold"
    before = "announced"
    after = "held"
    start_on = factory.SelfAttribute("meeting.start_on")


class MeetingTemplateFactory(DjangoModelFactory):
    class Meta:
        model = meetings.MeetingTemplate

    name = factory.Sequence("Template {}".format)
    title = "Round, {month} {year}"


class TemplateSessionFactory(DjangoModelFactory):
    """A session of an hour; `working_groups=[…]` names its groups."""

    class Meta:
        model = meetings.TemplateSession
        skip_postgeneration_save = True

    template = factory.SubFactory(MeetingTemplateFactory)

    @factory.post_generation
    def working_groups(self, create, extracted, **kwargs):
        self.working_groups.set(extracted or [])


class SnapshotFactory(DjangoModelFactory):
    class Meta:
        model = meetings.Snapshot

    meeting = factory.SubFactory(MeetingFactory, status="closed")
    number = factory.Sequence(lambda n: n + 1)
    record = factory.LazyAttribute(lambda snapshot: record_of(snapshot.meeting))


class InvitationFactory(DjangoModelFactory):
    """A city is invited and has not answered."""

    class Meta:
        model = meetings.Invitation

    class Params:
        answered = factory.Trait(
            coming="yes", answered_at=factory.LazyFunction(timezone.now), answered_by="Maria", edition=1
        )

    meeting = factory.SubFactory(MeetingFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class InviteeFactory(DjangoModelFactory):
    """Somebody of an invited city, who was not written to yet."""

    class Meta:
        model = meetings.Invitee

    invitation = factory.SubFactory(InvitationFactory)
    name = factory.Sequence("Invitee {}".format)
    address = factory.Sequence("invitee-{}@example.org".format)


class SessionAnswerFactory(DjangoModelFactory):
    class Meta:
        model = meetings.SessionAnswer

    invitation = factory.SubFactory(InvitationFactory)
    session = factory.SubFactory(SessionFactory, meeting=factory.SelfAttribute("..invitation.meeting"))
    coming = "yes"


class AnnouncedDelegateFactory(DjangoModelFactory):
    class Meta:
        model = meetings.AnnouncedDelegate

    invitation = factory.SubFactory(InvitationFactory)
    name = factory.Sequence("Announced {}".format)


class DatePollFactory(DjangoModelFactory):
    """An open poll about a draft."""

    class Meta:
        model = meetings.DatePoll

    meeting = factory.SubFactory(MeetingFactory, status="draft")
    timezone = "Europe/Istanbul"


class PollOptionFactory(DjangoModelFactory):
    """A time of its own in days to come, three hours long."""

    class Meta:
        model = meetings.PollOption

    poll = factory.SubFactory(DatePollFactory)
    starts_at = factory.Sequence(lambda n: dt.datetime(2031, 3, 3, 7, tzinfo=dt.UTC) + dt.timedelta(days=n % 1_000))
    ends_at = factory.LazyAttribute(lambda option: option.starts_at + dt.timedelta(hours=3))


class BallotFactory(DjangoModelFactory):
    """A city is asked and has not answered."""

    class Meta:
        model = meetings.Ballot

    poll = factory.SubFactory(DatePollFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class VoterFactory(DjangoModelFactory):
    class Meta:
        model = meetings.Voter

    ballot = factory.SubFactory(BallotFactory)
    name = factory.Sequence("Voter {}".format)
    address = factory.Sequence("voter-{}@example.org".format)


class PreferenceFactory(DjangoModelFactory):
    class Meta:
        model = meetings.Preference

    ballot = factory.SubFactory(BallotFactory)
    option = factory.SubFactory(PollOptionFactory, poll=factory.SelfAttribute("..ballot.poll"))
    suits = "yes"


class ParticipantReportFactory(DjangoModelFactory):
    """A Zoom report of one person who was there for an hour."""

    class Meta:
        model = meetings.ParticipantReport

    meeting = factory.SubFactory(MeetingFactory)
    channel = "zoom"
    timezone = "Europe/Sofia"
    file_name = factory.Sequence("participants_{}.csv".format)
    raw = factory.Sequence(
        lambda n: f"Name (Original Name),Total Duration (Minutes)\nGuest {n} of nobody,60\n".encode()
    )


class RememberedMatchFactory(DjangoModelFactory):
    class Meta:
        model = meetings.RememberedMatch

    name = factory.Sequence("Participant {}".format)
    organisation = factory.SubFactory(OrganisationFactory)


class GuestFactory(DjangoModelFactory):
    class Meta:
        model = meetings.Guest

    meeting = factory.SubFactory(MeetingFactory)
    name = factory.Sequence("Guest {}".format)


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = meetings.Decision

    meeting = factory.SubFactory(MeetingFactory)
    text = factory.Sequence("Decision {}".format)


class StatedTotalFactory(DjangoModelFactory):
    class Meta:
        model = meetings.StatedTotal

    meeting = factory.SubFactory(MeetingFactory)
    what = meetings.StatedTotal.What.PARTICIPANTS
    number = 35


class DocumentFactory(DjangoModelFactory):
    """The mere mention of a paper of a meeting; `kept=True` stores a PDF."""

    class Meta:
        model = meetings.Document

    class Params:
        kept = factory.Trait(file=factory.LazyFunction(pdf_file))

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence("Document {}".format)


class NewsItemFactory(DjangoModelFactory):
    """A piece of news published on a past day of its own; give the `organisations` that it speaks of.

    `draft=True` makes one without a day, `waiting=True` one whose day is tomorrow.
    """

    class Meta:
        model = meetings.NewsItem
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(published_on=None)
        waiting = factory.Trait(published_on=factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=1)))

    title = factory.Sequence("News {}".format)
    slug = factory.Sequence("news-{}".format)
    published_on = factory.Sequence(day)

    @factory.post_generation
    def organisations(self, create, extracted, **kwargs):
        self.organisations.set(extracted or [])


class PhotoFactory(DjangoModelFactory):
    """A picture of a meeting; give a `news_item` to make it one of that."""

    class Meta:
        model = meetings.Photo

    meeting = factory.Maybe("news_item", yes_declaration=None, no_declaration=factory.SubFactory(MeetingFactory))
    news_item = None
    image = factory.LazyFunction(picture_file)
    alt = factory.Sequence("Photo {}".format)


class DocumentVersionFactory(DjangoModelFactory):
    """A former file of a document that is kept."""

    class Meta:
        model = meetings.DocumentVersion

    document = factory.SubFactory("tests.factories.DocumentFactory", kept=True)
    number = factory.Sequence(lambda number: number + 2)
    file = factory.LazyFunction(lambda: pdf_file("former.pdf"))


class MinutesFactory(DjangoModelFactory):
    """Minutes being written; `circulated=True` and `approved=True` take them further."""

    class Meta:
        model = meetings.Minutes

    class Params:
        circulated = factory.Trait(
            circulated_at=factory.LazyFunction(timezone.now), circulated_by=factory.SubFactory(UserFactory, staff=True)
        )
        approved = factory.Trait(
            circulated=True,
            approved_on=factory.LazyFunction(timezone.localdate),
            approved_by=factory.SelfAttribute("circulated_by"),
        )

    meeting = factory.SubFactory(MeetingFactory)


class MinutesCopyFactory(DjangoModelFactory):
    """A city got circulated minutes."""

    class Meta:
        model = meetings.MinutesCopy

    minutes = factory.SubFactory(MinutesFactory, circulated=True)
    organisation = factory.SubFactory(OrganisationFactory)


class MinutesReaderFactory(DjangoModelFactory):
    class Meta:
        model = meetings.MinutesReader

    copy = factory.SubFactory(MinutesCopyFactory)
    name = factory.Sequence("Reader {}".format)
    address = factory.Sequence("reader-{}@example.org".format)


class NoteRevisionFactory(DjangoModelFactory):
    class Meta:
        model = meetings.NoteRevision

    item = factory.SubFactory(AgendaItemFactory)
    number = 1
    text = factory.Sequence("Note {}".format)
    by = factory.SubFactory(UserFactory, staff=True)


class CorrectionFactory(DjangoModelFactory):
    class Meta:
        model = meetings.Correction

    minutes = factory.SubFactory(MinutesFactory, circulated=True)
    organisation = factory.SubFactory(OrganisationFactory)
    text = factory.Sequence("Correction {}".format)


class ActionItemFactory(DjangoModelFactory):
    """An open action of the network; give `owners`."""

    class Meta:
        model = meetings.ActionItem
        skip_postgeneration_save = True

    meeting = factory.SubFactory(MeetingFactory)
    text = factory.Sequence("Action {}".format)

    @factory.post_generation
    def owners(self, create, extracted, **kwargs):
        self.owners.set(extracted or [])


class ActionReportFactory(DjangoModelFactory):
    """An owner says that it is under way; `done=True` says that it is done, and waits."""

    class Meta:
        model = meetings.ActionReport

    class Params:
        done = factory.Trait(says="done")

    action = factory.SubFactory(ActionItemFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    by = factory.SubFactory(UserFactory)
    text = factory.Sequence("Report {}".format)


class ActionReminderFactory(DjangoModelFactory):
    class Meta:
        model = meetings.ActionReminder

    action = factory.SubFactory(ActionItemFactory)
    due_on = factory.Sequence(day)
    days = 14
    mailing = factory.SubFactory(MailingFactory, kind="action")


# --- b40 -------------------------------------------------------------------------------------------------------------


class OldAddressFactory(DjangoModelFactory):
    """An address of the former site that leads to a city; give `organisation=None` and another target instead."""

    class Meta:
        model = project.OldAddress

    path = factory.Sequence("/v2/old-{}/".format)
    organisation = factory.SubFactory(OrganisationFactory)


class ImportedPostFactory(DjangoModelFactory):
    """A post of the former site that waits for a person."""

    class Meta:
        model = project.ImportedPost

    site = "b40network.org/v2"
    post_id = factory.Sequence(lambda number: number + 1)
    title = factory.Sequence("Post {}".format)
    found = factory.LazyAttribute(lambda post: {"post_id": post.post_id, "title": post.title, "kind": "workshop"})
