"""The life of a meeting: which step may follow which, what each asks for, and taking it.

draft → announced → under way → held → closed; moved, postponed and cancelled on the way; reopened after closing.
"""

from meetings.lifecycle.checks import Checks, check_step
from meetings.lifecycle.rules import NEEDS_REASON, possible_steps
from meetings.lifecycle.taking import Overtaken, announce_to_invited, move_meeting, take_step, waiting_invitations

__all__ = [
    "NEEDS_REASON",
    "Checks",
    "Overtaken",
    "announce_to_invited",
    "check_step",
    "move_meeting",
    "possible_steps",
    "take_step",
    "waiting_invitations",
]
