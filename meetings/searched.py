"""Which records of meetings, and which news, are found by their words."""

from meetings import models
from members.words import make_searchable

make_searchable(models.Meeting)
make_searchable(models.Document)
make_searchable(models.NewsItem)
