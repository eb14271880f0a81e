"""Mail: prepared as a whole, shown, released by a person, and sent by the worker, one letter a person."""

from meetings.mail.by_itself import give_up_waiting, send_by_itself
from meetings.mail.preparing import Draft, prepare
from meetings.mail.queueing import pause, release, repeatable, resume, send_again, send_failed_again

__all__ = [
    "Draft",
    "give_up_waiting",
    "pause",
    "prepare",
    "release",
    "repeatable",
    "resume",
    "send_again",
    "send_by_itself",
    "send_failed_again",
]
