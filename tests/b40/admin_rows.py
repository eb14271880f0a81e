"""For the admin's tests: one more row of any model with the rows that it needs, people, and what a browser sends."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.db import models
from django.forms import FileField, MultiWidget
from django.forms.boundfield import BoundField
from django.test import Client
from django.urls import reverse
from PIL import Image

from b40.models import OldAddress
from meetings.models import (
    ActionItem,
    ActionReminder,
    ActionReport,
    AgendaItem,
    AnnouncedDelegate,
    Attendance,
    Ballot,
    CalendarLink,
    CheckIn,
    Correction,
    DatePoll,
    Decision,
    Delegate,
    Digest,
    DigestEntry,
    Document,
    DocumentVersion,
    Guest,
    Invitation,
    Invitee,
    JoiningInstructions,
    Letter,
    Mailing,
    Meeting,
    MeetingStep,
    MeetingTemplate,
    Minutes,
    MinutesCopy,
    MinutesReader,
    NewsItem,
    NoteRevision,
    ParticipantReport,
    Photo,
    PollOption,
    Preference,
    RememberedMatch,
    Session,
    SessionAnswer,
    Snapshot,
    StatedTotal,
    Subscription,
    TemplateSession,
    Voter,
)
from members.models import (
    AccountInvitation,
    BoardSeatChange,
    Consent,
    Country,
    DeadAddress,
    ErasureRequest,
    Mandate,
    MembershipChange,
    OfficeChange,
    Organisation,
    OrganisationName,
    Person,
    Presidency,
    ProposedChange,
    Source,
    StatedMemberCount,
    User,
    Viewing,
)
from workinggroups.models import (
    FormerName,
    GroupSeat,
    ParticipationChange,
    Topic,
    TopicProposal,
    TopicSupport,
    WorkingGroup,
)

START = dt.date(2020, 1, 1)


def day(number: int) -> dt.date:
    """A day of its own for every number."""
    return START + dt.timedelta(days=30 * number)


def picture() -> ContentFile[bytes]:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "#6cc068").save(out, "PNG")
    return ContentFile(out.getvalue(), "picture.png")


def country(number: int) -> Country:
    code = f"{chr(65 + number // 26)}{chr(65 + number % 26)}"
    return Country.objects.get_or_create(code=code, defaults={"name": f"Land {number}", "native_names": ["Земя"]})[0]


def city(number: int) -> Organisation:
    fields = {"name": f"City {number}", "country": country(number)}
    return Organisation.objects.get_or_create(slug=f"city-{number}", defaults=fields)[0]


def group(number: int) -> WorkingGroup:
    return WorkingGroup.objects.get_or_create(slug=f"group-{number}", defaults={"name": f"Group {number}"})[0]


def topic(number: int) -> Topic:
    fields = {"title": f"Topic {number}", "group": group(number)}
    return Topic.objects.get_or_create(slug=f"topic-{number}", defaults=fields)[0]


def person(number: int) -> Person:
    return Person.objects.get_or_create(name=f"Person {number}")[0]


def source(number: int) -> Source:
    return Source.objects.get_or_create(url=f"https://example.org/{number}", defaults={"title": f"Page {number}"})[0]


def presidency(number: int) -> Presidency:
    return Presidency.objects.get_or_create(started_on=day(number), defaults={"city": city(number)})[0]


def meeting(number: int) -> Meeting:
    fields = {
        "title": f"Meeting {number}",
        "kind": "working_groups",
        "mode": "in_person",
        "status": "held",
        "start_on": day(number),
        "host_city": city(number),
        "country": country(number),
        "timezone": "Europe/Sofia",
    }
    return Meeting.objects.get_or_create(slug=f"meeting-{number}", defaults=fields)[0]


def news_item(number: int) -> NewsItem:
    fields = {"title": f"News {number}", "published_on": day(number), "meeting": meeting(number)}
    made = NewsItem.objects.get_or_create(slug=f"news-{number}", defaults=fields)[0]
    made.organisations.add(city(number))
    return made


def session(number: int) -> Session:
    made = Session.objects.get_or_create(meeting=meeting(number), order=number)[0]
    made.working_groups.add(group(number))
    return made


def agenda_item(number: int) -> AgendaItem:
    made = AgendaItem.objects.get_or_create(session=session(number), order=number)[0]
    made.topics.add(topic(number))
    return made


def action_item(number: int) -> ActionItem:
    made = ActionItem.objects.create(meeting=meeting(number), group=group(number), text=f"Action {number}")
    made.owners.add(city(number))
    return made


def office_change(number: int) -> OfficeChange:
    return OfficeChange.objects.create(
        office="president", presidency=presidency(number), person=person(number), latest=day(number)
    )


MAKERS: dict[type[models.Model], Callable[[int], Any]] = {
    Country: country,
    Source: source,
    Organisation: city,
    OrganisationName: lambda n: OrganisationName.objects.create(organisation=city(n), text=f"Град {n}"),
    MembershipChange: lambda n: MembershipChange.objects.create(organisation=city(n), status="member", latest=day(n)),
    StatedMemberCount: lambda n: StatedMemberCount.objects.create(on=day(n), members=n),
    Presidency: presidency,
    Person: person,
    OfficeChange: office_change,
    BoardSeatChange: lambda n: BoardSeatChange.objects.create(city=city(n), latest=day(n)),
    User: lambda n: User.objects.create_user(f"user-{n}", password="a-long-password"),
    Group: lambda n: Group.objects.create(name=f"Rights {n}"),
    WorkingGroup: group,
    Topic: topic,
    FormerName: lambda n: FormerName.objects.create(group=group(n), name=f"Old {n}", latest=day(n)),
    ParticipationChange: lambda n: ParticipationChange.objects.create(
        group=group(n), organisation=city(n), latest=day(n)
    ),
    GroupSeat: lambda n: GroupSeat.objects.create(mandate=MAKERS[Mandate](n), group=group(n)),
    Meeting: meeting,
    Session: session,
    AgendaItem: agenda_item,
    JoiningInstructions: lambda n: JoiningInstructions.objects.create(meeting=meeting(n), note=f"Room {n}"),
    Attendance: lambda n: Attendance.objects.create(meeting=meeting(n), session=session(n), organisation=city(n)),
    Mandate: lambda n: Mandate.objects.create(organisation=city(n), person=person(n)),
    Delegate: lambda n: Delegate.objects.create(attendance=MAKERS[Attendance](n), name=f"Delegate {n}"),
    DeadAddress: lambda n: DeadAddress.objects.create(address=f"gone-{n}@example.org"),
    RememberedMatch: lambda n: RememberedMatch.objects.create(name=f"Participant {n}", organisation=city(n)),
    Guest: lambda n: Guest.objects.create(meeting=meeting(n), name=f"Guest {n}"),
    Decision: lambda n: Decision.objects.create(meeting=meeting(n), text=f"Decision {n}"),
    StatedTotal: lambda n: StatedTotal.objects.create(meeting=meeting(n), what="cities", number=n),
    Document: lambda n: Document.objects.create(meeting=meeting(n), title=f"Document {n}"),
    MeetingTemplate: lambda n: MeetingTemplate.objects.create(name=f"Template {n}", title="Round, {month} {year}"),
    TemplateSession: lambda n: TemplateSession.objects.create(template=MAKERS[MeetingTemplate](n)),
    DocumentVersion: lambda n: DocumentVersion.objects.create(document=MAKERS[Document](n), number=1),
    ActionItem: action_item,
    NewsItem: news_item,
    OldAddress: lambda n: OldAddress.objects.create(path=f"/v2/old-{n}/", organisation=city(n)),
    Photo: lambda n: Photo.objects.create(meeting=meeting(n), image=picture(), alt=f"Photo {n}"),
}

# What is written on pages of its own kind, or by the system, and only looked at in lists: no form.
LOOKED_AT: set[type[models.Model]] = {
    CheckIn, Mailing, Letter, MeetingStep, Snapshot, Minutes, NoteRevision, Correction, Invitation, Invitee, SessionAnswer,
    AnnouncedDelegate, DatePoll, PollOption, Ballot, Voter, Preference,
    ParticipantReport, AccountInvitation, Viewing, TopicProposal, TopicSupport, ActionReport, ActionReminder,
    ProposedChange,
    Subscription, CalendarLink, Digest, DigestEntry, Consent, ErasureRequest,
    MinutesCopy, MinutesReader,
}  # fmt: skip


def secretariat_user(name: str = "elif") -> User:
    """A member of the secretariat's staff, as the migrations empower it."""
    user = User.objects.create_user(name, password="a-long-password", is_staff=True)
    user.groups.add(Group.objects.get(name="Secretariat"))
    return user


def permitted(name: str) -> User:
    """Staff of the secretariat; made here in full, since a test with a live server empties what migrations brought."""
    user = User.objects.create_user(name, password="a-long-password", is_staff=True)
    group, _made = Group.objects.get_or_create(name="Secretariat")
    apps = ("members", "workinggroups", "meetings")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=apps))
    user.groups.add(group)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def typed(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send from a form page, with some fields typed over; None takes a field out."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    forms = [response.context["adminform"].form]
    forms += [form for formset in formsets for form in (formset.management_form, *formset.forms)]
    sent: dict[str, Any] = {}
    for form in forms:
        for field in form:
            sent.update(_sent(field))
    sent["_version"] = response.context.get("record_version")
    sent.update(changes)
    return {name: value for name, value in sent.items() if value is not None}


def confirmed(client: Client, page: str) -> Any:
    """Delete a record as a browser would: ask, then confirm what was shown."""
    shown = client.get(page).context["record_version"]
    return client.post(page, {"post": "yes", "_version": shown})


def _sent(field: BoundField) -> dict[str, Any]:
    value, widget = field.value(), field.field.widget
    if isinstance(field.field, FileField) or value is None or value is False:
        return {}
    if isinstance(widget, MultiWidget):
        parts = value if isinstance(value, list) else widget.decompress(value)  # a refused page holds what was typed
        return {f"{field.html_name}_{at}": part for at, part in enumerate(parts) if part is not None}
    return {field.html_name: "on" if value is True else value}
