"""What an organisation says of the options: one answer, whoever of it gives it, and nobody's is lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import Ballot, PollOption, Preference, Suits, Voter
from members.history import acting, lock
from members.models import User


@dataclass(frozen=True)
class Vote:
    """A word on each option that was spoken of, by the option's key, and a remark."""

    words: dict[int, str] = field(default_factory=dict)
    remark: str = ""


class VoteStale(Exception):
    """Somebody else answered meanwhile. `ballot` is as it stands now."""

    def __init__(self, ballot: Ballot) -> None:
        super().__init__(str(ballot))
        self.ballot = ballot


class PollClosed(Exception):
    """It can no longer be answered."""


def stored_vote(ballot: Ballot, options: Iterable[PollOption]) -> Vote:
    """Read what an organisation said of some options; one query."""
    offered = {option.pk for option in options}
    words = {one.option_id: one.suits for one in ballot.preferences.all() if one.option_id in offered}
    return Vote(words, ballot.remark)


def vote_by_link(voter: Voter, vote: Vote, *, edition: int) -> Ballot:
    """Write what came by a personal link.

    `edition` is that of the answer which was shown. Raises VoteStale when another was given since, PollClosed when it is
    too late. Giving the same answer again changes nothing.
    """
    name = str(voter)
    with acting(name=name[:150], reason=_("by personal link")):
        return _write(voter.ballot, vote, edition=edition, name=name, by=None)


def enter_vote(ballot: Ballot, vote: Vote, *, edition: int, told_by: str, by: User) -> Ballot:
    """Write what staff were told. Raises VoteStale, PollClosed."""
    with acting(user=by, reason=_("told by %(name)s") % {"name": told_by} if told_by else ""):
        return _write(ballot, vote, edition=edition, name=told_by or by.get_username(), by=by)


@transaction.atomic
def _write(ballot: Ballot, vote: Vote, *, edition: int, name: str, by: User | None) -> Ballot:
    lock(Ballot, ballot.pk)
    current = Ballot.objects.select_related("poll__meeting", "organisation").get(pk=ballot.pk)
    if not current.poll.is_open:
        raise PollClosed
    options = list(PollOption.objects.offered().filter(poll=current.poll_id))
    if current.is_answered and stored_vote(current, options) == vote:
        return current
    if current.edition != edition:
        raise VoteStale(current)
    current.remark = vote.remark
    current.answered_at, current.answered_by, current.entered_by = timezone.now(), name[:200], by
    current.edition += 1
    current.save()
    _write_words(current, options, vote.words)
    return current


def _write_words(ballot: Ballot, options: Iterable[PollOption], words: dict[int, str]) -> None:
    """Write the words on what is offered; what was said of withdrawn options stays."""
    stored = {one.option_id: one for one in ballot.preferences.all()}
    for option in options:
        row, suits = stored.get(option.pk), words.get(option.pk)
        if row and not suits:
            row.delete()
        elif suits and (row is None or row.suits != suits):
            row = row or Preference(ballot=ballot, option=option)
            row.suits = suits
            row.save()


def count_words(options: Iterable[PollOption], *, but: Ballot | None = None) -> dict[int, dict[str, int]]:
    """Count what organisations say of each option, by the options' keys, one of them left out if asked; one query."""
    counts = {option.pk: dict.fromkeys(Suits.values, 0) for option in options}
    said = Preference.objects.filter(option__in=counts)
    if but:
        said = said.exclude(ballot=but)
    for pk, suits, number in said.order_by().values_list("option", "suits").annotate(Count("pk")):
        counts[pk][suits] = number
    return counts
