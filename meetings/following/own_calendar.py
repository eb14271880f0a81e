"""The calendar of one account, at a secret address. What it holds is asked anew at each fetch."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.calendar import Entry, Naming, read_entries, recent, scope_of_feeds
from meetings.inviting.links import signed, unsigned
from meetings.models import CalendarLink, Coming, Invitation, Meeting, Session, Subscription
from meetings.models.meetings import MeetingQuerySet
from members.models import User
from members.rights import mandates_of, organisations_of
from workinggroups.rights import groups_of

PURPOSE = "meetings.following.calendar"


def token_of(link: CalendarLink) -> str:
    """Give what makes the secret address of a calendar."""
    return signed(link.key, PURPOSE)


def link_behind(token: str) -> CalendarLink | None:
    """Find the link that an address bears; None when it was not made here, was switched off, or its account is closed."""
    key = unsigned(token, PURPOSE)
    found = CalendarLink.objects.standing().filter(key=key) if key else CalendarLink.objects.none()
    return found.select_related("user").first()


def standing_link(user: User) -> CalendarLink | None:
    """Give the link of an account that opens its calendar today, if there is one."""
    return CalendarLink.objects.visible_to(user).standing().first()


@transaction.atomic
def make_link(user: User) -> CalendarLink:
    """Make a new address of an account's calendar; the one before is dead from now on."""
    switch_off(user)
    return CalendarLink.objects.create(user=user)


@transaction.atomic
def switch_off(user: User) -> None:
    """Let no address open an account's calendar any more."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    for link in CalendarLink.objects.filter(user=user, revoked_at__isnull=True):
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])


def note_use(link: CalendarLink) -> None:
    """Note the day on which a calendar was last read; once a day."""
    today = timezone.localdate()
    if link.last_used_on != today:
        link.last_used_on = today
        link.save(update_fields=["last_used_on"])


def meetings_of(user: User) -> MeetingQuerySet:
    """Give the meetings that concern an account today.

    With a mandate: those of its groups, those to which its organisations are invited or at which they host, and those
    of the network as a whole, drafts only when it may see them. Without one: public meetings of the groups it follows.
    """
    if not mandates_of(user).exists():
        return _of_groups(AnonymousUser(), Q(working_groups__in=_followed(user)))
    own = organisations_of(user)
    theirs = Q(working_groups__in=groups_of(user)) | Q(working_groups__isnull=True)
    sessions = Session.objects.filter(theirs).order_by().values("meeting")
    invited = Invitation.objects.visible_to(user).filter(organisation__in=own).order_by().values("meeting")
    wanted = Q(pk__in=sessions) | Q(pk__in=invited) | Q(host_city__in=own) | Q(sessions__isnull=True)
    visible = Meeting.objects.visible_to(user)
    return visible.filter(pk__in=Meeting.objects.filter(wanted).order_by().values("pk"))


def _of_groups(user: User | AnonymousUser, which: Q) -> MeetingQuerySet:
    sessions = Session.objects.filter(which).order_by().values("meeting")
    return Meeting.objects.visible_to(user).filter(pk__in=sessions)


def _followed(user: User) -> Any:
    followed = Subscription.objects.visible_to(user).confirmed().filter(user=user)
    return followed.order_by().values("groups")


def own_entries(request: HttpRequest, user: User) -> list[Entry]:
    """Read the entries of an account's calendar: one a meeting, with its programme and what was answered.

    One entry a meeting, since it bears the identity of the entry in the invitation and in the public feed: a calendar
    that has both shows it once. How to join is never told: the address may be read by whoever gets hold of it.
    """
    meetings = list(recent(meetings_of(user)).prefetch_related("sessions__working_groups"))
    answers = _answers(user, meetings)
    return [
        _with_answers(entry, meeting, answers.get(meeting.pk, []))
        for entry, meeting in zip(read_entries(request, meetings), meetings, strict=True)
    ]


def _answers(user: User, meetings: Iterable[Meeting]) -> dict[int, list[Invitation]]:
    found: dict[int, list[Invitation]] = {}
    own = Invitation.objects.visible_to(user).filter(
        organisation__in=organisations_of(user), meeting__in=[meeting.pk for meeting in meetings]
    )
    for invitation in own.select_related("organisation").order_by("organisation__key", "pk"):
        found.setdefault(invitation.meeting_id, []).append(invitation)
    return found


def _with_answers(entry: Entry, meeting: Meeting, invitations: list[Invitation]) -> Entry:
    lines = [_answer_in_words(invitation) for invitation in invitations]
    moments = [invitation.answered_at for invitation in invitations if invitation.answered_at]
    coming = [invitation.coming for invitation in invitations]
    return replace(
        entry,
        description="\n\n".join(part for part in ("\n".join(lines), _programme(meeting), entry.description) if part),
        changed=max([entry.changed, *moments]),
        is_open=bool(coming) and Coming.YES not in coming and not meeting.took_place,
    )


def _answer_in_words(invitation: Invitation) -> str:
    said = invitation.get_coming_display() if invitation.coming else _("not answered yet")
    return f"{invitation.organisation.name}: {said}"


def _programme(meeting: Meeting) -> str:
    """Give the sessions with their times on the clocks of the meeting's zone, when there are several."""
    zone = zoneinfo.ZoneInfo(meeting.timezone)
    sessions = [session for session in meeting.sessions.all() if session.starts_at]
    if len(sessions) < 2:
        return ""
    return "\n".join(
        f"{session.starts_at.astimezone(zone):%d.%m. %H:%M} {session}" for session in sessions if session.starts_at
    )


def naming_of_own() -> Naming:
    """Name the calendar of an account; not whose it is, since the address may be handed on."""
    return Naming(_("My B40 meetings"), scope_of_feeds())
