"""Who may do what with meetings, beyond what Django's own permissions say of one model."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from meetings.desk.expected import places_of
from meetings.models import Invitation
from members.rights import in_the_network, organisations_of
from workinggroups.rights import coordinated_by, seated_in

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from meetings.models import ActionItem, Meeting, Minutes, Session
    from meetings.models.meetings import MeetingQuerySet
    from members.models import Organisation, User


def may_edit_session(user: "User | AnonymousUser", session: "Session") -> bool:
    """Whether somebody may write a session's agenda, topics and notes: the secretariat, and for a session of working
    groups those who speak for a city that coordinates one of them. A plenary is the secretariat's.
    """
    if user.is_staff and user.has_perms(["meetings.change_session", "meetings.change_agendaitem"]):
        return True
    return coordinated_by(user).filter(pk__in=session.working_groups.order_by().values("pk")).exists()


def may_record_attendance(user: "User | AnonymousUser") -> bool:
    """Whether somebody may fill in a meeting's attendance: adding, changing and clearing go together there."""
    return user.has_perms([f"meetings.{act}_attendance" for act in ("add", "change", "delete")])


def may_write_agenda(user: "User | AnonymousUser") -> bool:
    """Whether somebody may write a meeting's agenda: adding, changing and removing items go together there."""
    return user.has_perms([f"meetings.{act}_agendaitem" for act in ("add", "change", "delete")])


def may_take_minutes(user: "User | AnonymousUser") -> bool:
    """Whether somebody may write notes, decisions and actions on a meeting's minutes page, and follow actions up."""
    writes = ["add_noterevision", "add_decision", "add_actionitem", "change_actionitem"]
    return user.has_perms([f"meetings.{each}" for each in writes])


def may_approve_minutes(user: "User | AnonymousUser") -> bool:
    """Whether somebody may circulate, approve and reopen minutes, and record and settle corrections."""
    return user.has_perms([f"meetings.{each}" for each in ("change_minutes", "add_correction", "change_correction")])


def may_send_mail(user: "User | AnonymousUser") -> bool:
    """Whether somebody may release, pause and repeat what is written to the contacts of organisations."""
    return user.is_staff and user.has_perm("meetings.change_mailing")


def may_see_invitations(user: "User | AnonymousUser") -> bool:
    """Whether somebody may read who was invited, by whom a city is represented, and what it answered."""
    return user.has_perms(["meetings.view_invitation", "meetings.view_announceddelegate"])


def may_invite(user: "User | AnonymousUser") -> bool:
    """Whether somebody may invite, write to the invited, and note what they answer."""
    return may_see_invitations(user) and user.has_perms(
        ["meetings.add_invitation", "meetings.change_invitation", "meetings.add_mailing"]
    )


def may_see_polls(user: "User | AnonymousUser") -> bool:
    """Whether somebody may read which city said what of a day."""
    return user.has_perms(["meetings.view_datepoll", "meetings.view_ballot"])


def may_poll(user: "User | AnonymousUser") -> bool:
    """Whether somebody may ask for a date, and take the one that suits: that changes the meeting."""
    return may_see_polls(user) and user.has_perms(
        ["meetings.add_datepoll", "meetings.change_datepoll", "meetings.add_mailing", "meetings.change_meeting"]
    )


def may_record_reports(user: "User | AnonymousUser") -> bool:
    """Whether somebody may bring in participant reports: they write the ledger, and the names of those who were there."""
    reports = user.has_perms([f"meetings.{act}_participantreport" for act in ("add", "change")])
    return may_record_attendance(user) and reports


def may_answer(user: "User | AnonymousUser", invitation: "Invitation") -> bool:
    """Whether somebody may answer an invitation now: they speak for its organisation today, which knows of it, and the
    time to answer is not over. Staff note what they are told on a page of their own.
    """
    return invitation.is_open and Invitation.objects.visible_to_delegate(user).filter(pk=invitation.pk).exists()


def may_check_in(user: "User | AnonymousUser", session: "Session", organisation: "Organisation") -> bool:
    """Whether somebody may say that they are at a session for an organisation: they speak for it today, and it is
    invited to the meeting, or, as long as nobody is, expected at it.
    """
    return places_of(user, session.meeting).filter(pk=organisation.pk).exists()


def correcting_organisations(user: "User | AnonymousUser", minutes: "Minutes") -> list["Organisation"]:
    """Give the organisations for which somebody may ask for corrections of minutes: they speak for them today, and these
    were invited to the meeting, or at it. One query.
    """
    return list(organisations_of(user).filter(pk__in=minutes.organisations_asked().values("pk")).order_by("key", "pk"))


# How long after its last day papers of a meeting are still taken.
PAPERS_AFTERWARDS = dt.timedelta(days=30)


def open_for_papers(user: "User | AnonymousUser", day: dt.date | None = None) -> "MeetingQuerySet":
    """Give the meetings for which somebody may hand papers in, the first first: those to come, under way, or over for no
    longer than a month; none that is called off or closed.
    """
    from meetings.models import Meeting, MeetingStatus  # models ask for rights too

    takes = [MeetingStatus.DRAFT, MeetingStatus.ANNOUNCED, MeetingStatus.UNDER_WAY, MeetingStatus.HELD]
    since = (day or timezone.localdate()) - PAPERS_AFTERWARDS
    return Meeting.objects.visible_to(user).filter(status__in=takes, last_day__gte=since).order_by("start_on", "pk")


def may_hand_in(
    user: "User | AnonymousUser", organisation: "Organisation", meeting: "Meeting", session: "Session | None" = None
) -> bool:
    """Whether somebody may hand in a paper for an organisation: any of the network for a meeting and its plenary sessions,
    for a session of groups one that sits in one of them.
    """
    if not open_for_papers(user).filter(pk=meeting.pk).exists():
        return False
    groups = list(session.working_groups.all()) if session else []
    if groups:
        return any(seated_in(user, group).filter(pk=organisation.pk).exists() for group in groups)
    return in_the_network(user).filter(pk=organisation.pk).exists()


def may_report(user: "User | AnonymousUser", organisation: "Organisation", action: "ActionItem") -> bool:
    """Whether somebody may report how far an action is: they speak for an organisation that owns it, and it is open."""
    owns = organisations_of(user).filter(pk=organisation.pk, action_items=action.pk)
    return action.is_open and owns.exists()


def may_confirm(user: "User | AnonymousUser", action: "ActionItem") -> bool:
    """Whether somebody may say that an action is done: staff with that right, or who coordinates the action's group.

    An owner's own word closes nothing, so a coordinator does not confirm what only their own organisations report: the
    secretariat does.
    """
    if user.is_staff and user.has_perm("meetings.change_actionitem"):
        return True
    if action.group_id is None or not coordinated_by(user).filter(pk=action.group_id).exists():
        return False
    return not organisations_of(user).filter(action_items=action.pk).exists()
