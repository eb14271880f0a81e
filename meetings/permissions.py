"""Who may do what with meetings, beyond what Django's own permissions say of one model."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


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
