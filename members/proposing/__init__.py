"""Changes of an organisation's public page: proposed by its delegates, decided by the secretariat."""

from members.proposing.deciding import Answer, decide, digest_of
from members.proposing.telling import ProposedLine, lines_of
from members.proposing.writing import ProposalStale, column, propose, shown_state, waiting_for, withdraw

__all__ = [
    "Answer",
    "ProposalStale",
    "ProposedLine",
    "column",
    "decide",
    "digest_of",
    "lines_of",
    "propose",
    "shown_state",
    "waiting_for",
    "withdraw",
]
