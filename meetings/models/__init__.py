from meetings.models.attendance import Attendance, Capacity, Channel, Delegate, Guest, Presence
from meetings.models.lifecycle import MeetingStep, Snapshot, Step
from meetings.models.mail import Letter, LetterState, Mailing, MailingKind, MailingState
from meetings.models.materials import Document, DocumentKind, Photo
from meetings.models.meetings import STANDS, TOOK_PLACE, DatePrecision, Meeting, MeetingKind, MeetingStatus, Mode
from meetings.models.news import NewsItem, NewsKind
from meetings.models.outcomes import Decision, StatedTotal
from meetings.models.planning import MeetingTemplate, TemplateSession
from meetings.models.sessions import AgendaItem, Session

__all__ = [
    "AgendaItem",
    "Attendance",
    "Capacity",
    "Channel",
    "DatePrecision",
    "Decision",
    "Delegate",
    "Document",
    "DocumentKind",
    "Guest",
    "Letter",
    "LetterState",
    "Mailing",
    "MailingKind",
    "MailingState",
    "Meeting",
    "MeetingKind",
    "MeetingStatus",
    "MeetingStep",
    "MeetingTemplate",
    "Mode",
    "NewsItem",
    "NewsKind",
    "Photo",
    "Presence",
    "STANDS",
    "Session",
    "Snapshot",
    "StatedTotal",
    "Step",
    "TOOK_PLACE",
    "TemplateSession",
]
