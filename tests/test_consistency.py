"""What a reviewer would say again and again, said once."""

import ast
import re
from pathlib import Path

import factory
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.template import engines
from django.template.loader import render_to_string

from b40.models import LoadedRecord, SheetImport
from members.models import Change, SearchWord
from tests import factories

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
LAYERS = ["members", "workinggroups", "meetings", "b40"]
OURS = [model for label in LAYERS for model in apps.get_app_config(label).get_models()]
# Django and the library of accounts find these by their name alone.
FOUND_BY_NAME = re.compile(r"^(?:400|403|404|429|500)\.html$|^(?:admin|account|mfa|usersessions)/")
CODE = [path for label in LAYERS for path in (ROOT / label).rglob("*.py") if "migrations" not in path.parts]


def identify(path):
    return str(path.relative_to(ROOT))


def name_of(page):
    return page.relative_to(TEMPLATES).as_posix()


def without_comments(page):
    return re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


# --- Templates -------------------------------------------------------------------------------------------------------


def test_every_template_is_used():
    texts = [without_comments(page) for page in PAGES] + [path.read_text(encoding="utf-8") for path in CODE]
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    named = "".join(texts) + tests

    unused = {
        name_of(page) for page in PAGES if not FOUND_BY_NAME.match(name_of(page)) and f'"{name_of(page)}' not in named
    }

    assert unused == set()


@pytest.mark.parametrize("template", PAGES, ids=identify)
def test_template_has_nothing_that_the_content_security_policy_refuses(template):
    text = without_comments(template)

    assert re.findall(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*application/ld\+json)", text) == []


@pytest.mark.parametrize("template", PAGES, ids=identify)
def test_template_loads_what_it_uses_in_alphabetical_order(template):
    """A library is used when one of its tags or filters stands in the template."""
    text = without_comments(template)
    loaded = [name for line in re.findall(r"{% load ([\w ]+) %}", text) for name in line.split()]
    used = set(re.findall(r"{%-?\s*(\w+)", text)) | set(re.findall(r"\|(\w+)", text))

    assert loaded == sorted(set(loaded))
    assert {name for name in loaded if not provided_by(name) & used} == set()


def provided_by(name):
    library = engines["django"].engine.template_libraries[name]
    return set(library.tags) | set(library.filters)


def test_gallery_of_components_can_be_drawn(rf):
    shown = render_to_string("components/gallery.html", request=rf.get("/"))

    assert shown.count("<h1") == 1
    assert "Thessaloniki" in shown


# --- Models ----------------------------------------------------------------------------------------------------------

# What nobody enters: what the loader last read, what changed (shown on the history pages), and the index of words.
KEPT_BY_THE_SYSTEM = {LoadedRecord, Change, SearchWord, SheetImport}


def test_every_model_has_a_factory():
    made = {
        candidate._meta.model
        for candidate in vars(factories).values()
        if isinstance(candidate, type) and issubclass(candidate, factory.django.DjangoModelFactory)
    }

    assert {model for model in OURS if model not in made and model not in KEPT_BY_THE_SYSTEM} == set()


def test_every_model_is_in_the_admin_by_itself_or_within_another():
    inlines = {
        inline.model
        for model_admin in admin.site._registry.values()
        for inline in model_admin.inlines
        if issubclass(inline, InlineModelAdmin)
    }

    missing = {model for model in OURS if model not in admin.site._registry and model not in inlines}

    assert missing - KEPT_BY_THE_SYSTEM == set()


def test_no_relation_points_to_an_app_above():
    def level(model):
        return LAYERS.index(model._meta.app_label) if model._meta.app_label in LAYERS else -1

    upwards = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and level(field.related_model) > level(model)
    ]

    assert upwards == []


def test_every_constraint_says_in_a_sentence_which_rule_is_broken():
    silent = [
        constraint.name
        for model in OURS
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]

    assert silent == []


# --- Views -----------------------------------------------------------------------------------------------------------


def guarded_models():
    """The models whose rows are not for everybody to see."""
    return {model.__name__ for model in OURS if hasattr(model._default_manager, "visible_to")}


def is_public(path):
    views = {"views.py", "news.py", "calendar.py", "media.py", "feeds.py", "records.py", "standing.py"}
    return path.parent == ROOT / "b40" / "pages" or (path.name in views and path.parent.name in LAYERS)


@pytest.mark.parametrize("path", [path for path in CODE if is_public(path)], ids=identify)
def test_what_a_page_shows_starts_at_visible_to(path):
    """Every ``Model.objects.…`` of a guarded model goes on with ``visible_to``, but where `remembered` weighs it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    weighed = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "over"
        for part in ast.walk(node)
    }
    guarded = guarded_models()

    unguarded = [
        f"{path.name}:{node.lineno} {node.value.value.id}.objects.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "objects"
        and isinstance(node.value.value, ast.Name)
        and node.value.value.id in guarded
        and node.attr != "visible_to"
        and id(node) not in weighed
    ]

    assert unguarded == []


def test_code_files_stay_short():
    long = {
        identify(path): lines for path in CODE if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }

    assert long == {}
