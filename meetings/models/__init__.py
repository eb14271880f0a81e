from meetings.models.action_items import (
    ActionItem,
    ActionOutcome,
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
from meetings.models.invitations import (
    AnnouncedDelegate,
    Coming,
    Invitation,
    Invitee,
    SessionAnswer,
    TakingPart,
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
    "ActionItem",
    "ActionOutcome",
    "AgendaItem",
    "AnnouncedDelegate",
    "Attendance",
    "Audience",
    "Ballot",
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
    "Document",
    "DocumentKind",
    "DocumentVersion",
    "Guest",
    "Invitation",
    "Invitee",
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
    "RememberedMatch",
    "STANDS",
    "Session",
    "SessionAnswer",
    "Snapshot",
    "StatedTotal",
    "Step",
    "Suits",
    "TOOK_PLACE",
    "TakingPart",
    "TemplateSession",
    "Voter",
]
