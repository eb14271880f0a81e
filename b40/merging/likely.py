"""Records that are likely the same organisation as another: one name in common, or one that sounds alike."""

from django.db.models import Q

from members.models import Organisation
from members.resolver import Outcome, Resolution, suggest

MOST = 6


def likely_same(organisation: Organisation) -> list[Organisation]:
    """Give the records that share a name with an organisation, in any spelling, then those whose names are close."""
    keys = {organisation.loose_key, *organisation.names.values_list("loose_key", flat=True)} - {""}
    sharing = Organisation.objects.filter(Q(loose_key__in=keys) | Q(names__loose_key__in=keys)).distinct()
    close = suggest(Resolution(organisation.name, Outcome.UNKNOWN)).candidates
    found = dict.fromkeys([*sharing.exclude(pk=organisation.pk)[:MOST], *close])
    return [one for one in found if one != organisation][:MOST]
