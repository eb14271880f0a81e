"""What a meeting's page shows to those who speak for an organisation: their answer, how to join, what is meant for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meetings.desk.expected import places_of
from meetings.inviting.letters import secretariat
from meetings.inviting.own import OwnAnswer, own_answers
from meetings.models import STANDS, Invitation, Meeting, Minutes

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


@dataclass(frozen=True)
class OwnPage:
    """A meeting as it concerns the reader. `concerns` says whether a group in which they sit meets, or they are invited."""

    answers: list[OwnAnswer]
    concerns: bool
    is_anybody_invited: bool
    joins: bool
    checks_minutes: bool
    papers: int
    secretariat: dict[str, str]

    @property
    def invited(self) -> list[OwnAnswer]:
        return [each for each in self.answers if each.invitation]

    @property
    def without(self) -> list[Any]:
        """The reader's organisations, as long as none of them is invited to what concerns the reader."""
        return [] if self.invited else [each.organisation for each in self.answers]


def read_own(
    user: "User | AnonymousUser", meeting: Meeting, documents: Sequence[dict[str, Any]] = ()
) -> OwnPage | None:
    """Give what a meeting's page shows to its reader alone; None, without a query, to a visitor, and to whom it says
    nothing. A fixed number of queries.
    """
    if not user.is_authenticated or user.person_id is None:
        return None
    answers = own_answers(user, [meeting])[meeting.pk]
    if not answers:
        return None
    own = OwnPage(
        answers=answers,
        concerns=Meeting.objects.filter(pk=meeting.pk).concerning(user).exists(),
        is_anybody_invited=Invitation.objects.filter(meeting=meeting).exists(),
        joins=meeting.status in STANDS and places_of(user, meeting).exists(),
        checks_minutes=Minutes.objects.to_check_by(user).filter(meeting=meeting).exists(),
        papers=sum(bool(paper["audience"]) for paper in documents),
        secretariat=secretariat(),
    )
    return own if own.invited or own.joins or own.checks_minutes or own.papers or _is_awaited(own, meeting) else None


def _is_awaited(own: OwnPage, meeting: Meeting) -> bool:
    """Whether the reader may wonder why there is nothing to answer."""
    return own.concerns and meeting.status in STANDS and not meeting.is_over
