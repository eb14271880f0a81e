from meetings.models.attendance import Attendance, Capacity, Channel, Delegate, Guest, Presence
from meetings.models.checkin import CheckIn
from meetings.models.invitations import (
    AnnouncedDelegate,
    Coming,
    Invitation,
    Invitee,
    SessionAnswer,
    TakingPart,
)
from meetings.models.lifecycle import MeetingStep, Snapshot, Step
from meetings.models.links import PersonalLink
from meetings.models.mail import Letter, Mailing, MailingKind
from meetings.models.materials import Document, DocumentKind, Photo
from meetings.models.meetings import STANDS, TOOK_PLACE, DatePrecision, Meeting, MeetingKind, MeetingStatus, Mode
from meetings.models.news import NewsItem, NewsKind
from meetings.models.outcomes import Decision, StatedTotal
from meetings.models.planning import MeetingTemplate, TemplateSession
from meetings.models.polls import Ballot, DatePoll, PollOption, Preference, Suits, Voter
from meetings.models.sessions import AgendaItem, Session

__all__ = [
    "AgendaItem",
    "AnnouncedDelegate",
    "Attendance",
    "Ballot",
    "Capacity",
    "Channel",
    "CheckIn",
    "Coming",
    "DatePoll",
    "DatePrecision",
    "Decision",
    "Delegate",
    "Document",
    "DocumentKind",
    "Guest",
    "Invitation",
    "Invitee",
    "Letter",
    "Mailing",
    "MailingKind",
    "Meeting",
    "MeetingKind",
    "MeetingStatus",
    "MeetingStep",
    "MeetingTemplate",
    "Mode",
    "NewsItem",
    "NewsKind",
    "PersonalLink",
    "Photo",
    "PollOption",
    "Preference",
    "Presence",
    "STANDS",
    "Session",
    "Snapshot",
    "StatedTotal",
    "Step",
    "TOOK_PLACE",
    "TemplateSession",
    "SessionAnswer",
    "StatedTotal",
    "Suits",
    "TakingPart",
    "Voter",
]
