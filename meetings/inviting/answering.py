"""The answer of an organisation: one, whoever of it gives it, and nobody's is lost."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import AnnouncedDelegate, Invitation, Invitee, SessionAnswer
from meetings.permissions import may_answer
from members.history import acting, lock
from members.models import User

MOST_DELEGATES = 40


@dataclass(frozen=True)
class Named:
    """Somebody whom an organisation names."""

    name: str
    function: str = ""
    email: str = ""
    is_alternate: bool = False


@dataclass(frozen=True)
class Answer:
    """All that an organisation answers; `sessions` holds a word for each session that it spoke of, by the session's key."""

    coming: str = ""
    mode: str = ""
    remarks: str = ""
    sessions: dict[int, str] = field(default_factory=dict)
    delegates: tuple[Named, ...] = ()


class AnswerStale(Exception):
    """Somebody else answered meanwhile. `now` is what stands there."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__(str(invitation))
        self.invitation = invitation


class AnswersClosed(Exception):
    """It can no longer be answered but through the secretariat."""


def stored_answer(invitation: Invitation) -> Answer:
    """Read what an organisation answered; two queries."""
    return Answer(
        coming=invitation.coming,
        mode=invitation.mode,
        remarks=invitation.remarks,
        sessions={one.session_id: one.coming for one in invitation.session_answers.all()},
        delegates=tuple(_named(one) for one in invitation.delegates.all()),
    )


def _named(delegate: AnnouncedDelegate) -> Named:
    return Named(delegate.name, delegate.function, delegate.email, delegate.is_alternate)


def answer_by_link(invitee: Invitee, answer: Answer, *, edition: int) -> Invitation:
    """Write an answer that came by a personal link.

    `edition` is that of the answer which was shown. Raises AnswerStale when another was given since, AnswersClosed when
    it is too late. Giving the same answer again changes nothing.
    """
    name = str(invitee)
    with acting(name=name[:150], reason=_("by personal link")):
        return _write(invitee.invitation, answer, edition=edition, name=name, by=None)


def answer_by_account(invitation: Invitation, answer: Answer, *, edition: int, by: User) -> Invitation:
    """Write an answer that somebody gave on their own pages, signed in.

    Raises AnswerStale and AnswersClosed as above, PermissionDenied for whoever speaks no more for the organisation.
    """
    if invitation.is_open and not may_answer(by, invitation):
        raise PermissionDenied
    with acting(user=by):
        return _write(invitation, answer, edition=edition, name=str(by.person or by), by=None)


def enter_answer(invitation: Invitation, answer: Answer, *, edition: int, told_by: str, by: User) -> Invitation:
    """Write an answer that staff were told, by telephone or mail, also after the last day. Raises AnswerStale."""
    with acting(user=by, reason=_("told by %(name)s") % {"name": told_by} if told_by else ""):
        return _write(invitation, answer, edition=edition, name=told_by or by.get_username(), by=by)


@transaction.atomic
def _write(invitation: Invitation, answer: Answer, *, edition: int, name: str, by: User | None) -> Invitation:
    lock(Invitation, invitation.pk)
    current = Invitation.objects.select_related("meeting", "organisation").get(pk=invitation.pk)
    if by is None and not current.is_open:
        raise AnswersClosed
    if current.is_answered and stored_answer(current) == answer:
        return current
    if current.edition != edition:
        raise AnswerStale(current)
    current.coming, current.mode, current.remarks = answer.coming, answer.mode, answer.remarks
    current.answered_at, current.answered_by, current.entered_by = timezone.now(), name[:200], by
    current.edition += 1
    current.full_clean(exclude=["meeting", "organisation"])
    current.save()
    _write_sessions(current, answer.sessions)
    _write_delegates(current, answer.delegates)
    return current


def _write_sessions(invitation: Invitation, words: dict[int, str]) -> None:
    stored = {one.session_id: one for one in invitation.session_answers.all()}
    for pk, row in stored.items():
        if pk not in words:
            row.delete()
    for pk, coming in words.items():
        row = stored.get(pk) or SessionAnswer(invitation=invitation, session_id=pk)
        if row.coming != coming:
            row.coming = coming
            row.save()


def _write_delegates(invitation: Invitation, named: Collection[Named]) -> None:
    """Write the names in their order; a row whose place says the same is left alone."""
    if len(named) > MOST_DELEGATES:
        raise ValidationError(_("These are more than %(most)d names.") % {"most": MOST_DELEGATES})
    rows = list(invitation.delegates.all())
    for row in rows[len(named) :]:
        row.delete()
    for place, one in enumerate(named):
        row = rows[place] if place < len(rows) else AnnouncedDelegate(invitation=invitation)
        if row.pk and row.order == place and _named(row) == one:
            continue
        row.name, row.function, row.email, row.is_alternate, row.order = (
            one.name, one.function, one.email, one.is_alternate, place,
        )  # fmt: skip
        row.save()
