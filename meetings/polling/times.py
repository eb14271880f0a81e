"""The options of a poll on the clocks of whoever looks at them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from meetings.inviting.sittings import other_clock
from meetings.models import PollOption


@dataclass(frozen=True)
class Offer:
    """An option as letters and pages tell it. `own_zone` is empty where the city's clocks show the same."""

    option: PollOption
    starts: dt.datetime
    ends: dt.datetime
    own_zone: str


def offers_of(options: Iterable[PollOption], zone: str, own: str) -> list[Offer]:
    """Give options with the hours in a city's zone."""
    return [
        Offer(option, option.starts_at, option.ends_at, own if other_clock(option.starts_at, zone, own) else "")
        for option in options
    ]
