from members.models.accounts import AccountInvitation, User, Viewing
from members.models.addresses import DeadAddress
from members.models.changes import Action, Change, place_of
from members.models.countries import Country
from members.models.facts import Certainty, DatedChange, Fact, Source, window_constraint
from members.models.mandates import Mandate, MandateRole
from members.models.membership import Founding, MembershipChange, StatedMemberCount, Status
from members.models.organisations import Keyed, Kind, Organisation, OrganisationName
from members.models.presidencies import BoardSeatChange, Office, OfficeChange, Person, Presidency
from members.models.privacy import CONSENT_TEXTS, Consent, ErasureRequest, Purpose
from members.models.proposals import PICTURES, PROPOSABLE, ProposedChange, Verdict
from members.models.words import SearchWord

__all__ = [
    "PICTURES",
    "PROPOSABLE",
    "AccountInvitation",
    "Action",
    "BoardSeatChange",
    "CONSENT_TEXTS",
    "Certainty",
    "Change",
    "Consent",
    "Country",
    "DatedChange",
    "DeadAddress",
    "ErasureRequest",
    "Fact",
    "Founding",
    "Keyed",
    "Kind",
    "Mandate",
    "MandateRole",
    "MembershipChange",
    "Office",
    "OfficeChange",
    "Organisation",
    "OrganisationName",
    "Person",
    "Presidency",
    "ProposedChange",
    "Purpose",
    "SearchWord",
    "Source",
    "StatedMemberCount",
    "Status",
    "User",
    "Verdict",
    "Viewing",
    "place_of",
    "window_constraint",
]
