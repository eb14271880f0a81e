"""Which records of working groups are found by their words."""

from members.words import make_searchable
from workinggroups import models

make_searchable(models.WorkingGroup)
make_searchable(models.FormerName, owner="group")
make_searchable(models.Topic)
