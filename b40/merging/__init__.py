"""Merging two records of one organisation: one stays, the other's rows, names and addresses go over to it.

`relations` finds every relation to an organisation, `joining` knows when two rows say the same, `choices` which values
differ, `plan` what would happen and what stands in the way, `applying` does it in one transaction.
"""

from b40.merging.applying import MergeRefused, MergeStale, merge
from b40.merging.plan import Obstacle, Plan, Seen, plan_merge

__all__ = ["MergeRefused", "MergeStale", "Obstacle", "Plan", "Seen", "merge", "plan_merge"]
