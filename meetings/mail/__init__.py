"""Mail: prepared as a whole, shown, released by a person, and sent by the worker, one letter a person."""

from meetings.mail.preparing import Draft, prepare

__all__ = ["Draft", "prepare"]
