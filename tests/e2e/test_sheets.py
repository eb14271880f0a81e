"""A table goes through the browser: preview, problem, import, taken back."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from members.models import Organisation, User
from tests import factories
from tests.b40.admin_rows import client_of


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "look",
    [
        pytest.param({"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}, id="desk"),
        pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}, id="phone"),
    ],
)
def test_a_table_comes_in_and_is_taken_back(
    page: Page,
    live_server: Any,
    look: dict[str, Any],
    settings: Any,
    tmp_path: Path,
    axe_violations: Callable[[Page], list[str]],
) -> None:
    settings.VAR_DIR = tmp_path
    country = factories.CountryFactory(code="BG", name="Bulgaria")
    factories.OrganisationFactory(name="Sofia", slug="sofia", country=country)
    key = client_of(User.objects.create_superuser("elif", password="a-long-password")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    page.set_viewport_size(look["viewport"])
    page.emulate_media(color_scheme=look["color_scheme"])
    table = tmp_path / "cities.csv"

    page.goto("/admin/")
    page.get_by_role("link", name="Tables in and out").click()
    assert axe_violations(page) == []
    page.get_by_role("link", name=re.compile("Import.*cities and other")).click()
    assert axe_violations(page) == []

    table.write_text("slug,name,country,note\nsofia,,,Capital\nvarna,Варна,XX,\n", encoding="utf-8")
    page.get_by_label("File").set_input_files(table)
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text("No country of this code or name is on record.")).to_be_visible()
    expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    page.get_by_role("link", name="Another file").click()
    table.write_text("slug,name,country,note\nsofia,,,Capital\nvarna,Varna,BG,\n", encoding="utf-8")
    page.get_by_label("File").set_input_files(table)
    page.get_by_role("button", name="Show what would happen").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported: 1 added, 1 changed, 0 as they were.")).to_be_visible()
    assert set(Organisation.objects.values_list("slug", "note")) == {("sofia", "Capital"), ("varna", "")}
    assert axe_violations(page) == []

    page.get_by_role("button", name="Take back: cities.csv").click()
    expect(page.get_by_text("2 records are as they were before.")).to_be_visible()
    assert list(Organisation.objects.values_list("slug", "note")) == [("sofia", "")]
