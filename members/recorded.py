"""Which records of the register keep a history, and on whose page each is edited."""

from members import models
from members.history import record_changes_of

for model in (
    models.Country,
    models.Source,
    models.Organisation,
    models.Presidency,
    models.Person,
    models.BoardSeatChange,
    models.StatedMemberCount,
    models.DeadAddress,
    models.AccountInvitation,
    models.ProposedChange,
    models.Consent,
    models.ErasureRequest,
):
    record_changes_of(model)
record_changes_of(models.OrganisationName, part_of=("organisation",))
record_changes_of(models.Mandate, part_of=("organisation",))
record_changes_of(models.MembershipChange, part_of=("organisation",))
record_changes_of(models.OfficeChange, part_of=("presidency",))
