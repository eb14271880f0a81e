"""Records that take seconds to make, made once in a test run, and their rows laid into the database for each test."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction


class Kept:
    """The rows that a function writes, in the real way but only once; they are rolled back and kept aside.

    `lay()` writes them again as they were, with the same keys and moments, without signals. Keys given out later lie
    above them, so that it does not matter what a test wrote before. `made` is what the function gave.
    """

    def __init__(self, write: Callable[[], Any]) -> None:
        with transaction.atomic():
            before = {model: set(model._base_manager.values_list("pk", flat=True)) for model in tables()}
            self.made = write()
            self.rows = {model: added(model, known) for model, known in before.items()}
            transaction.set_rollback(True)
        if connection.vendor == "sqlite":  # where rolling back gives the keys free again; PostgreSQL never does
            self.reserve_keys()

    def lay(self) -> None:
        """Write the rows into the database of the running test."""
        with transaction.atomic():
            for model, rows in self.rows.items():
                fields = [field for field in model._meta.concrete_fields if not field.generated]
                size = connection.ops.bulk_batch_size(fields, rows)
                for start in range(0, len(rows), size or 1):
                    # `raw`: the moments of writing stay those of the rows.
                    model._base_manager._insert(
                        rows[start : start + size], fields=fields, using=connection.alias, raw=True
                    )

    def reserve_keys(self) -> None:
        with connection.cursor() as cursor:
            for model, rows in self.rows.items():
                highest = max((row.pk for row in rows if isinstance(row.pk, int)), default=0)
                name = model._meta.db_table
                cursor.execute("SELECT 1 FROM sqlite_sequence WHERE name = %s", [name])
                known = cursor.fetchone()
                if highest and known:
                    cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s", [highest, name])
                elif highest:
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, highest])


def tables() -> list[Any]:
    """Give the model of every table, those of many-to-many links too."""
    return [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]


def added(model: Any, known: set[Any]) -> list[models.Model]:
    return [row for row in model._base_manager.all() if row.pk not in known]
