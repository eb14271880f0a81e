from meetings.models.action_items import ActionItem, ActionOutcome
from meetings.models.attendance import Attendance, Capacity, Channel, Delegate, Guest, Presence
from meetings.models.audience import Audience
from meetings.models.checkin import CheckIn
from meetings.models.lifecycle import MeetingStep, Snapshot, Step
from meetings.models.mail import Letter, LetterState, Mailing, MailingKind, MailingState
from meetings.models.materials import Document, DocumentKind, DocumentVersion, Photo
from meetings.models.meetings import STANDS, TOOK_PLACE, DatePrecision, Meeting, MeetingKind, MeetingStatus, Mode
from meetings.models.minutes import Correction, CorrectionOutcome, Minutes, NoteRevision
from meetings.models.news import NewsItem, NewsKind
from meetings.models.outcomes import Decision, StatedTotal
from meetings.models.planning import MeetingTemplate, TemplateSession
from meetings.models.sessions import AgendaItem, Session

__all__ = [
    "ActionItem",
    "ActionOutcome",
    "AgendaItem",
    "Attendance",
    "Audience",
    "Capacity",
    "Channel",
    "CheckIn",
    "Correction",
    "CorrectionOutcome",
    "DatePrecision",
    "Decision",
    "Delegate",
    "Document",
    "DocumentKind",
    "DocumentVersion",
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
    "Minutes",
    "Mode",
    "NewsItem",
    "NewsKind",
    "NoteRevision",
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
