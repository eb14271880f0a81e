"""Writing a proposal, changing it while it waits, and taking it back."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.history import lock
from members.history.values import State, differences, held, own_fields
from members.models import PICTURES, PROPOSABLE, Change, Organisation, ProposedChange, User, place_of


class ProposalStale(Exception):
    """The proposal is no longer the one that was shown: it was changed, taken back or answered meanwhile."""


def waiting_for(organisation: Organisation) -> ProposedChange | None:
    """Give the proposal of an organisation that waits, or None."""
    waiting = ProposedChange.objects.waiting().filter(organisation=organisation)
    return waiting.select_related("organisation", "proposed_by__person").first()


def column(name: str) -> models.Field[Any, Any]:
    """Give the column of the record that a name of `PROPOSABLE` means."""
    return next(field for field in own_fields(Organisation) if field.name == name)


def present_state(organisation: Organisation) -> State:
    """Give what the fields that may be proposed hold in a record, as the history stores them."""
    state = held(organisation)
    return {name: state[name] for name in PROPOSABLE}


def shown_state(organisation: Organisation, proposal: ProposedChange | None) -> State:
    """Give what an organisation's form begins with: the record, and over it what waits already."""
    return {**present_state(organisation), **(proposal.wanted if proposal else {})}


@transaction.atomic
def propose(
    organisation: Organisation, wanted: State, *, by: User, seen: State, uploads: Mapping[str, File[bytes]] | None = None
) -> ProposedChange:  # fmt: skip
    """Propose what a page is to say; a proposal that waits becomes its next edition.

    Takes what each field is to hold, what each held when the form was shown, and new pictures by their field. Raises
    ProposalStale when the record or the proposal holds something else by now, ValidationError when nothing would change.
    """
    lock(Organisation, organisation.pk)
    now = Organisation.objects.get(pk=organisation.pk)
    waiting = waiting_for(now)
    if shown_state(now, waiting) != seen:
        raise ProposalStale
    proposal = waiting or ProposedChange(organisation=now, edition=0)
    after = {name: _stage(proposal, name, wanted[name], (uploads or {}).get(name)) for name in PROPOSABLE}
    proposal.fields = differences(present_state(now), after)
    if not proposal.fields:
        raise ValidationError(_nothing_new(waiting))
    proposal.version = Change.objects.of_record(place_of(Organisation, now.pk)).version()
    proposal.edition += 1
    proposal.proposed_by, proposal.proposed_at = by, timezone.now()
    proposal.full_clean(exclude=PICTURES)
    proposal.save()
    return proposal


def _nothing_new(waiting: ProposedChange | None) -> str:
    if waiting:
        return _("This is what the page says already: take the proposal back if nothing is to change.")
    return _("This is what the page says already: change something, then send it.")


def _stage(proposal: ProposedChange, name: str, value: Any, upload: File[bytes] | None) -> Any:
    """Keep a new picture beside the record, and let go of one that is wanted no more. Gives what the field is to hold."""
    if name not in PICTURES:
        return value
    staged = getattr(proposal, name)
    if upload:
        staged.save(str(upload.name), upload, save=False)
        return staged.name
    if staged.name != value:
        setattr(proposal, name, "")
    return value


@transaction.atomic
def withdraw(proposal: ProposedChange, *, by: User, edition: int) -> None:
    """Take a proposal back. Raises ProposalStale when it is no longer the edition that was shown, or does not wait."""
    found = locked(proposal)
    if not found.is_waiting or found.edition != edition:
        raise ProposalStale
    found.withdrawn_at, found.withdrawn_by = timezone.now(), by
    let_go_of_files(found)
    found.save()


def locked(proposal: ProposedChange) -> ProposedChange:
    """Read a proposal anew that nobody else can write, nor its organisation, until the transaction ends."""
    lock(Organisation, proposal.organisation_id)
    return ProposedChange.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=proposal.pk)


def let_go_of_files(proposal: ProposedChange) -> None:
    """Forget the pictures that wait; the history deletes them once the transaction is through."""
    for name in PICTURES:
        setattr(proposal, name, "")
