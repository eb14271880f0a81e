"""Date polls: which of some days suits, asked by personal links, and the winner made the draft's date."""

from meetings.polling.choosing import choose_date
from meetings.polling.letters import prepare_poll

__all__ = ["choose_date", "prepare_poll"]
