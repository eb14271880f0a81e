"""Who may do what with meetings, beyond what Django's own permissions say of one model."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


def may_record_attendance(user: "User | AnonymousUser") -> bool:
    """Whether somebody may fill in a meeting's attendance: adding, changing and clearing go together there."""
    return user.has_perms([f"meetings.{act}_attendance" for act in ("add", "change", "delete")])


def may_record_reports(user: "User | AnonymousUser") -> bool:
    """Whether somebody may bring in participant reports: they write the ledger, and the names of those who were there."""
    reports = user.has_perms([f"meetings.{act}_participantreport" for act in ("add", "change")])
    return may_record_attendance(user) and reports
