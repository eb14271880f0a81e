"""The secretariat's answer to a proposal, field by field. What it accepts is written as any other change of the record."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.history import acting
from members.history.values import loaded
from members.models import PICTURES, Organisation, ProposedChange, User, Verdict
from members.proposing.writing import ProposalStale, column, let_go_of_files, locked, present_state


@dataclass(frozen=True)
class Answer:
    """Whether one field is accepted; if not, why."""

    is_accepted: bool
    reason: str = ""


def digest_of(proposal: ProposedChange) -> str:
    """Tell the proposal and the record that somebody looked at from any later state of the two."""
    now = present_state(proposal.organisation)
    shown = [proposal.pk, proposal.edition, proposal.is_waiting, {name: now[name] for name in proposal.fields}]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]


def decide(
    proposal: ProposedChange, answers: Mapping[str, Answer], *, by: User, seen: str, word: str = ""
) -> ProposedChange:  # fmt: skip
    """Answer a proposal: what is accepted is on record at once, in one batch of the history with the answer itself.

    Takes an answer for each proposed field, what was looked at (`digest_of`), and a word to the organisation. Raises
    ProposalStale when the proposal or one of these fields of the record changed since, ValidationError when an answer
    or the reason of a refusal is missing, or a rule of the record forbids a value; nothing is written then.
    """
    reason = _("proposed by %(who)s") % {"who": proposal.proposer}
    with transaction.atomic(), acting(user=by, reason=reason):
        found = locked(proposal)
        if not found.is_waiting or digest_of(found) != seen:
            raise ProposalStale
        _check(found, answers)
        accepted = [name for name in found.fields if answers[name].is_accepted]
        if accepted:
            _write(found, accepted)
        found.refused = {name: answers[name].reason for name in found.fields if name not in accepted}
        found.verdict = _verdict(len(accepted), len(found.fields))
        found.reason, found.decided_at, found.decided_by = word, timezone.now(), by
        let_go_of_files(found)
        found.full_clean(exclude=["organisation"])
        found.save()
    return found


def _check(proposal: ProposedChange, answers: Mapping[str, Answer]) -> None:
    """Every field has an answer, every refusal its reason. Raises ValidationError by field."""
    missing = {name: _("Accept it, or not.") for name in proposal.fields if name not in answers}
    silent = {
        name: _("Say why it is not accepted: the organisation reads it.")
        for name in proposal.fields
        if name in answers and not answers[name].is_accepted and not answers[name].reason.strip()
    }
    if missing or silent:
        raise ValidationError({**missing, **silent})


def _verdict(accepted: int, proposed: int) -> Verdict:
    if accepted == proposed:
        return Verdict.ACCEPTED
    return Verdict.PARTLY if accepted else Verdict.REJECTED


def _write(proposal: ProposedChange, accepted: list[str]) -> None:
    """Write the accepted fields into the record."""
    organisation = proposal.organisation
    for name in accepted:
        _set(organisation, proposal, name, proposal.fields[name][1])
    organisation.full_clean(exclude={each.name for each in Organisation._meta.fields if each.name not in accepted})
    organisation.save()


def _set(organisation: Organisation, proposal: ProposedChange, name: str, value: Any) -> None:
    if name in PICTURES and value:
        getattr(organisation, name).adopt(getattr(proposal, name))
    else:
        setattr(organisation, name, loaded(column(name), value))
