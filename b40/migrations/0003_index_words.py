"""Fill the index of words from the records that were there before it."""

from typing import Any

from django.db import migrations

# Model → the relation to the record that its words find, None for its own; as in the apps' `searched.py`.
SEARCHED = {
    ("members", "Organisation"): None,
    ("members", "OrganisationName"): "organisation",
    ("members", "Person"): None,
    ("workinggroups", "WorkingGroup"): None,
    ("workinggroups", "FormerName"): "group",
    ("workinggroups", "Topic"): None,
    ("meetings", "Meeting"): None,
    ("meetings", "Document"): None,
}


def index(apps: Any, schema_editor: Any) -> None:
    """Index every row that there is."""
    search_word = apps.get_model("members", "SearchWord")
    for (app, name), owner in SEARCHED.items():
        model = apps.get_model(app, name)
        for row in model.objects.order_by("pk").iterator(2_000):
            found = model._meta.get_field(owner).related_model if owner else model
            address = {
                "kind": found._meta.label_lower,
                "object_id": getattr(row, f"{owner}_id") if owner else row.pk,
                "part": f"{model._meta.label_lower}:{row.pk}" if owner else "",
            }
            words = {word[:40] for word in row.search.split()}
            search_word.objects.bulk_create(search_word(word=word, **address) for word in sorted(words))


class Migration(migrations.Migration):
    dependencies = [
        ("b40", "0002_secretariat_group"),
        ("members", "0003_search_words"),
        ("workinggroups", "0001_initial"),
        ("meetings", "0003_files_found_by_name"),
    ]

    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
