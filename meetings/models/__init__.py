from meetings.models.action_items import (
    ActionItem,
    ActionOutcome,
)
from meetings.models.action_reports import (
    ActionReminder,
    ActionReport,
    ReportOutcome,
    ReportWord,
)
from meetings.models.attendance import (
    Attendance,
    Capacity,
    Channel,
    Delegate,
    Guest,
    Presence,
)
from meetings.models.audience import (
    Audience,
)
from meetings.models.checkin import (
    CheckIn,
)
from meetings.models.following import (
    CONSENT_TEXT,
    CalendarLink,
    Digest,
    DigestEntry,
    Frequency,
    Subscription,
)
from meetings.models.invitations import (
    AnnouncedDelegate,
    Coming,
    Invitation,
    Invitee,
    SessionAnswer,
    TakingPart,
)
from meetings.models.joining import (
    JoiningInstructions,
)
from meetings.models.lifecycle import (
    MeetingStep,
    Snapshot,
    Step,
)
from meetings.models.links import (
    PersonalLink,
)
from meetings.models.mail import (
    Letter,
    LetterState,
    Mailing,
    MailingKind,
    MailingState,
)
from meetings.models.materials import (
    Document,
    DocumentKind,
    DocumentVersion,
    Photo,
)
from meetings.models.meetings import (
    FOR_ALL,
    RESERVED_SLUGS,
    STANDS,
    TOOK_PLACE,
    DatePrecision,
    Meeting,
    MeetingKind,
    MeetingStatus,
    Mode,
)
from meetings.models.minutes import (
    Correction,
    CorrectionOutcome,
    Minutes,
    NoteRevision,
)
from meetings.models.minutes_copies import (
    MinutesCopy,
    MinutesReader,
)
from meetings.models.news import (
    NewsItem,
    NewsKind,
)
from meetings.models.outcomes import (
    Decision,
    StatedTotal,
)
from meetings.models.planning import (
    MeetingTemplate,
    TemplateSession,
)
from meetings.models.polls import (
    Ballot,
    DatePoll,
    PollOption,
    Preference,
    Suits,
    Voter,
)
from meetings.models.reports import (
    ParticipantReport,
    RememberedMatch,
)
from meetings.models.sessions import (
    AgendaItem,
    Session,
)

__all__ = [
    "FOR_ALL",
    "ActionItem",
    "ActionOutcome",
    "ActionReminder",
    "ActionReport",
    "AgendaItem",
    "AnnouncedDelegate",
    "Attendance",
    "Audience",
    "Ballot",
    "CONSENT_TEXT",
    "CalendarLink",
    "Capacity",
    "Channel",
    "CheckIn",
    "Coming",
    "Correction",
    "CorrectionOutcome",
    "DatePoll",
    "DatePrecision",
    "Decision",
    "Delegate",
    "Digest",
    "DigestEntry",
    "Document",
    "DocumentKind",
    "DocumentVersion",
    "Frequency",
    "Guest",
    "Invitation",
    "Invitee",
    "JoiningInstructions",
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
    "MinutesCopy",
    "MinutesReader",
    "Mode",
    "NewsItem",
    "NewsKind",
    "NoteRevision",
    "ParticipantReport",
    "PersonalLink",
    "Photo",
    "PollOption",
    "Preference",
    "Presence",
    "RESERVED_SLUGS",
    "RememberedMatch",
    "ReportOutcome",
    "ReportWord",
    "STANDS",
    "Session",
    "SessionAnswer",
    "Snapshot",
    "StatedTotal",
    "Step",
    "Subscription",
    "Suits",
    "TOOK_PLACE",
    "TakingPart",
    "TemplateSession",
    "Voter",
]
