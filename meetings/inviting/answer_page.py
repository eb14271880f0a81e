"""What the page of an answer shows, and how it takes one: the same behind a personal link and to whoever is signed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from meetings.inviting.answering import AnswersClosed, AnswerStale, stored_answer
from meetings.inviting.forms import AnswerForms
from meetings.inviting.letters import secretariat
from meetings.inviting.sittings import sittings_of, zone_of
from meetings.models import Invitation, Session
from meetings.papers import papers_of
from meetings.programme import read_programme

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


@dataclass(frozen=True)
class Refusal:
    """Why an answer was not written, as the page shows it: its status, the forms with what was typed, and what stands
    there now.
    """

    status: int
    forms: AnswerForms | None = None
    invitation: Invitation | None = None
    further: dict[str, Any] = field(default_factory=dict)


def sessions_of(invitation: Invitation) -> list[Session]:
    """Give the sessions that are answered one by one; two queries."""
    return list(invitation.meeting.sessions.prefetch_related("working_groups"))


def take_answer(forms: AnswerForms, write: Callable[[], Invitation]) -> Refusal | None:
    """Write what was typed. None when it is written; else why not, nothing of it lost."""
    if not forms.is_valid():
        return Refusal(422, forms)
    try:
        write()
    except AnswersClosed:
        return Refusal(403, further={"is_too_late": True})
    except AnswerStale as stale:
        forms.show_over(stale.invitation.edition)
        return Refusal(409, forms, stale.invitation, {"is_stale": True})
    return None


def answer_context(
    user: "User | AnonymousUser", invitation: Invitation, forms: AnswerForms | None = None
) -> dict[str, Any]:
    """Give what the page shows of an invitation and its answer, with the papers and topics that the reader may see."""
    meeting = invitation.meeting
    programme = read_programme(user, meeting)
    return {
        "invitation": invitation,
        "meeting": meeting,
        "organisation": invitation.organisation,
        "sittings": sittings_of(programme, zone_of(invitation.organisation)),
        "documents": papers_of(user, meeting),
        "secretariat": secretariat(),
        "answer": answer_in_words(invitation),
        "is_open": invitation.is_open,
        "forms": forms or AnswerForms(invitation, programme.sessions),
        "is_noted": False,
        "is_stale": False,
        "is_too_late": False,
    }


def answer_in_words(invitation: Invitation) -> dict[str, Any]:
    """Give an organisation's answer as pages show it."""
    answer = stored_answer(invitation)
    return {
        "coming": invitation.get_coming_display(),
        "mode": invitation.get_mode_display(),
        "remarks": answer.remarks,
        "sessions": [(str(one.session), one.get_coming_display()) for one in _session_answers(invitation)],
        "delegates": [one for one in answer.delegates if not one.is_alternate],
        "alternates": [one for one in answer.delegates if one.is_alternate],
    }


def _session_answers(invitation: Invitation) -> Any:
    return invitation.session_answers.select_related("session").prefetch_related("session__working_groups")
