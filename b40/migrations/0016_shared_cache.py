from typing import Any

from django.core.management import call_command
from django.db import migrations


def create(apps: Any, schema_editor: Any) -> None:
    """Make the table of the cache that all processes share: it counts attempts to sign in."""
    call_command("createcachetable", database=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("b40", "0015_secretariat_seats")]

    # The table holds nothing that is not made anew, so going back may leave it.
    operations = [migrations.RunPython(create, migrations.RunPython.noop, elidable=False)]
