"""Which records of the register are found by their words."""

from members import models
from members.words import make_searchable

make_searchable(models.Organisation)
make_searchable(models.OrganisationName, owner="organisation")
make_searchable(models.Person)
