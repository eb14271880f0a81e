from typing import Any

from django.db import migrations


def number_files(apps: Any, schema_editor: Any) -> None:
    """Make every file on record the first version of its document; when it came here was not kept."""
    database = schema_editor.connection.alias
    documents = apps.get_model("meetings", "Document").objects.using(database).exclude(file="")
    versions = apps.get_model("meetings", "DocumentVersion").objects.using(database)
    for document in documents.filter(versions__isnull=True).iterator():
        versions.create(document=document, number=1, file=document.file.name)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0010_minutes")]

    operations = [migrations.RunPython(number_files, migrations.RunPython.noop, elidable=True)]
