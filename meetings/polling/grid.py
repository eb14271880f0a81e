"""What every organisation says of every option, with sums, holidays and hours: for the secretariat."""

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from meetings.inviting.overview import Person, letter_state
from meetings.models import Ballot, DatePoll, PollOption, Session, Suits, Voter
from meetings.scheduling import FreeDay, Hour, countries_of_members, free_days, hours_of
from members.models import Country, User


@dataclass(frozen=True)
class Column:
    """An option with its sums, and what speaks for and against its day."""

    option: PollOption
    counts: dict[str, int]
    free: list[FreeDay]
    hours: list[Hour]
    is_best: bool

    @property
    def is_answered(self) -> bool:
        return any(self.counts.values())


@dataclass(frozen=True)
class Line:
    """One organisation: a word on each option, "" for none."""

    ballot: Ballot
    words: list[tuple[str, str]]
    people: list[Person]


@dataclass(frozen=True)
class Grid:
    """A poll, read."""

    columns: list[Column]
    lines: list[Line]
    withdrawn: list[PollOption]

    @property
    def answered(self) -> int:
        return sum(line.ballot.is_answered for line in self.lines)


def read_grid(user: User, poll: DatePoll) -> Grid:
    """Read a poll with all its answers; a fixed number of queries."""
    options = list(poll.options.all())
    offered = [option for option in options if not option.withdrawn_at]
    for option in options:
        option.poll = poll
    voters = Voter.objects.select_related("letter__mailing")
    ballots = Ballot.objects.visible_to(user).filter(poll=poll).select_related("organisation", "entered_by")
    found = list(
        ballots.prefetch_related("preferences", Prefetch("voters", voters)).order_by("organisation__key", "pk")
    )
    return Grid(
        _columns(poll, offered, found),
        [_line(ballot, offered) for ballot in found],
        [option for option in options if option.withdrawn_at],
    )


def _columns(poll: DatePoll, offered: Sequence[PollOption], ballots: Sequence[Ballot]) -> list[Column]:
    said = [(one.option_id, one.suits) for ballot in ballots for one in ballot.preferences.all()]
    counts = {option.pk: {suits: said.count((option.pk, suits)) for suits in Suits.values} for option in offered}
    best = max((_rank(each) for each in counts.values()), default=None)
    countries = countries_of_members(poll.meeting.start_on) if offered else []
    return [
        Column(
            option,
            counts[option.pk],
            _free(poll, option, countries),
            hours_of(Session(starts_at=option.starts_at, ends_at=option.ends_at), countries),
            any(counts[option.pk].values()) and _rank(counts[option.pk]) == best,
        )
        for option in offered
    ]


def _rank(counts: dict[str, int]) -> tuple[int, int, int]:
    """Most can come, then most gladly, then fewest cannot."""
    return (counts["yes"] + counts["maybe"], counts["yes"], -counts["no"])


def _free(poll: DatePoll, option: PollOption, countries: list[Country]) -> list[FreeDay]:
    zone = zoneinfo.ZoneInfo(poll.timezone)
    return free_days(option.starts_at.astimezone(zone).date(), option.ends_at.astimezone(zone).date(), countries)


def _line(ballot: Ballot, offered: Sequence[PollOption]) -> Line:
    words = {one.option_id: one.suits for one in ballot.preferences.all()}
    labels = dict(Suits.choices)
    said = [(words.get(option.pk, ""), str(labels.get(words.get(option.pk, ""), ""))) for option in offered]
    people = [Person(voter, letter_state(voter.letter)) for voter in ballot.voters.all()]
    return Line(ballot, said, people)
