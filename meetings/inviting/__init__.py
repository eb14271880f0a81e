"""Invitations to a meeting: whom to ask, the letters, and the answers that come by personal links.

Nothing is sent from here. What is prepared waits as a mailing for its release.
"""

from meetings.inviting.preparing import prepare_cancellation, prepare_change, prepare_invitations, prepare_reminders

__all__ = ["prepare_cancellation", "prepare_change", "prepare_invitations", "prepare_reminders"]
