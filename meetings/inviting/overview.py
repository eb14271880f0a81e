"""The answers to an invitation, by organisation: for the secretariat."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from meetings.inviting.told import facts_of, off_of, uninformed
from meetings.models import (
    AnnouncedDelegate,
    Coming,
    Invitation,
    Invitee,
    Letter,
    Mailing,
    Meeting,
    PersonalLink,
    Session,
    SessionAnswer,
)
from members.models import User

UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Person:
    """Somebody who was written to, and what became of the letter."""

    invitee: PersonalLink
    state: str


@dataclass(frozen=True)
class Row:
    """One organisation's answer."""

    invitation: Invitation
    people: list[Person]
    delegates: list[AnnouncedDelegate]
    alternates: list[AnnouncedDelegate]
    sessions: list[str]

    @property
    def is_written_to(self) -> bool:
        """Whether a letter to somebody of it was released."""
        letters = [person.invitee.letter for person in self.people if person.invitee.stands]
        return any(letter and letter.mailing.released_at for letter in letters)

    @property
    def state(self) -> str:
        return self.invitation.coming or UNANSWERED


@dataclass(frozen=True)
class Overview:
    """All answers of a meeting. `unknowing` were told another time or place than is planned now."""

    meeting: Meeting
    rows: list[Row]
    sessions: Sequence[Session]
    unknowing: list[Invitee]
    waiting: list[Mailing]

    @property
    def counts(self) -> dict[str, int]:
        """How many organisations answered what, unanswered ones among them."""
        counted = Counter(row.state for row in self.rows)
        return {state: counted[state] for state in (*Coming.values, UNANSWERED)}

    @property
    def remindable(self) -> int:
        """How many organisations can be reminded: not answered, open, and somebody's letter is released."""
        return sum(row.state == UNANSWERED and row.invitation.is_open and row.is_written_to for row in self.rows)

    @property
    def telling(self) -> str:
        """Which letters tell the unknowing what is so now."""
        return _telling(self.meeting)

    @property
    def announced(self) -> int:
        """How many people are announced by those who come."""
        return sum(len(row.delegates) for row in self.rows if row.state == Coming.YES)

    @property
    def by_session(self) -> list[tuple[Session, int]]:
        """How many organisations come to each session; who said nothing of a session, comes as to the meeting."""
        words = [{one.session_id: one.coming for one in row.invitation.session_answers.all()} for row in self.rows]
        states = [row.state for row in self.rows]
        return [
            (session, sum(said.get(session.pk, state) == Coming.YES for said, state in zip(words, states, strict=True)))
            for session in self.sessions
        ]

    def only(self, state: str) -> list[Row]:
        """Keep the rows of one state; all when it names none."""
        return [row for row in self.rows if row.state == state] if state in self.counts else self.rows


def read_overview(user: User, meeting: Meeting) -> Overview:
    """Read all answers of a meeting; a fixed number of queries."""
    sessions = list(meeting.sessions.prefetch_related("working_groups"))
    titles = {session.pk: str(session) for session in sessions}
    invitees = Invitee.objects.select_related("letter__mailing")
    invitations = (
        Invitation.objects.visible_to(user).filter(meeting=meeting).select_related("organisation", "entered_by")
    )
    found = invitations.prefetch_related(Prefetch("invitees", invitees), "delegates", "session_answers")
    rows = [_row(meeting, invitation, titles) for invitation in found.order_by("organisation__key", "pk")]
    people = [invitee for row in rows for invitee in row.invitation.invitees.all()]
    waiting = Mailing.objects.visible_to(user).filter(meeting=meeting, released_at__isnull=True)
    return Overview(meeting, rows, sessions, uninformed(people, facts_of(meeting, sessions)), list(waiting))


def _row(meeting: Meeting, invitation: Invitation, titles: dict[int, str]) -> Row:
    invitation.meeting = meeting
    delegates = list(invitation.delegates.all())
    return Row(
        invitation,
        [Person(one, _letter_state(one)) for one in invitation.invitees.all()],
        [one for one in delegates if not one.is_alternate],
        [one for one in delegates if one.is_alternate],
        [_word(one, titles) for one in invitation.session_answers.all()],
    )


def _word(answer: SessionAnswer, titles: dict[int, str]) -> str:
    return f"{titles[answer.session_id]}: {answer.get_coming_display()}"


def _letter_state(invitee: Invitee) -> str:
    if not invitee.stands:
        return _("link taken back")
    return letter_state(invitee.letter)


def letter_state(letter: Letter | None) -> str:
    """Say what became of a letter."""
    if letter is None:
        return _("not written to yet")
    if letter.sent_at:
        return _("sent %(when)s") % {"when": date_format(localtime(letter.sent_at), "j F, H:i")}
    if letter.failed_at:
        return _("could not be delivered")
    return _("on its way") if letter.mailing.is_going_out else _("waits for release")


@dataclass(frozen=True)
class Standing:
    """How a meeting's invitations stand, in a line."""

    invited: int
    answered: int
    coming: int
    unknowing: int
    telling: str


def read_standing(meeting: Meeting, sessions: Sequence[Session]) -> Standing:
    """Count who was invited, who answered, and who does not know of the present time and place; one query."""
    invitees = list(Invitee.objects.filter(invitation__meeting=meeting).select_related("invitation"))
    invitations = {invitee.invitation_id: invitee.invitation for invitee in invitees}.values()
    return Standing(
        invited=len(invitations),
        answered=sum(one.is_answered for one in invitations),
        coming=sum(one.coming == Coming.YES for one in invitations),
        unknowing=len(uninformed(invitees, facts_of(meeting, sessions))),
        telling=_telling(meeting),
    )


def _telling(meeting: Meeting) -> str:
    return "cancellation" if off_of(meeting) else "change"
