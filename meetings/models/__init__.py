from meetings.models.attendance import Attendance, Capacity, Channel, Delegate, Guest, Presence
from meetings.models.mail import Letter, Mailing, MailingKind
from meetings.models.materials import Document, DocumentKind, Photo
from meetings.models.meetings import DatePrecision, Meeting, MeetingKind, MeetingStatus, Mode
from meetings.models.news import NewsItem, NewsKind
from meetings.models.outcomes import Decision, StatedTotal
from meetings.models.reports import ParticipantReport, RememberedMatch
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
    "Mailing",
    "MailingKind",
    "Meeting",
    "MeetingKind",
    "MeetingStatus",
    "Mode",
    "NewsItem",
    "NewsKind",
    "ParticipantReport",
    "Photo",
    "Presence",
    "RememberedMatch",
    "Session",
    "StatedTotal",
]
