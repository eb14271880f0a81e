"""What every test stands on: the order of tests, no network, the browser. The people of the tests follow below."""

import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import caches
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from b40.loading.loading import load
from b40.loading.report import Report
from tests import browser as chromium
from tests.kept import Kept
from tests.shipped import SHIPPED, record_without_april

# --- Order -----------------------------------------------------------------------------------------------------------

BROWSER_FIXTURES = {"page", "context", "new_context", "browser"}
EMPTYING_FIXTURES = {"live_server", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the browser tests. The marker `looks` is for them alone: what bears it does not run on PostgreSQL."""
    if BROWSER_FIXTURES & fixtures_of(item):
        item.add_marker("browser")
    elif item.get_closest_marker("looks"):
        raise pytest.UsageError(f"{item.nodeid} bears the marker `looks` and looks at no page.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put last, in their random order, the tests that empty the database when they end.

    The others rely on the rows that migrations bring. Of the last, those that look at many pages come first: they take
    longest, and no worker is to wait for another in the end.
    """
    items.sort(key=lambda item: (empties_database(item), item.get_closest_marker("looks") is None))


def empties_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    transactional = marker is not None and bool(marker.kwargs.get("transaction"))
    return transactional or bool((BROWSER_FIXTURES | EMPTYING_FIXTURES) & fixtures_of(item))


def fixtures_of(item: Any) -> set[str]:
    """Give the fixtures of a test, without what only bears the name of one: a parameter called `page`."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return set(item.fixturenames) - set(parameters)


# --- No deadlines ----------------------------------------------------------------------------------------------------

# An example that takes long on a machine that does other work too is no fault of the program.
hypothesis.settings.register_profile(
    "shared-machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared-machine")

# --- No network ------------------------------------------------------------------------------------------------------


def is_local(family: int, address: Any) -> bool:
    return family == socket.AF_UNIX or address[0] in {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: Any) -> None:
        if not is_local(self.family, address):
            raise RuntimeError(f"A test tried to reach the network: {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_locally)
        yield


# --- Nothing kept ----------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Begin without what an earlier test left in the caches."""
    for each in caches.all():
        each.clear()


# --- The network's record ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def kept_record(django_db_setup: None, django_db_blocker: Any) -> Kept:
    with django_db_blocker.unblock():
        return Kept(lambda: load(SHIPPED.read_bytes()))


@pytest.fixture
def shipped_record(db: None, kept_record: Kept) -> Report:
    """The shipped record in the database, as loading it left it; gives the loader's report."""
    kept_record.lay()
    return kept_record.made


@pytest.fixture(scope="session")
def kept_without_april(django_db_setup: None, django_db_blocker: Any) -> Kept:
    with django_db_blocker.unblock():
        return Kept(lambda: load(record_without_april()))


@pytest.fixture
def whole_register(db: None, kept_without_april: Kept) -> None:
    """The shipped record without the meeting of 9 April 2025."""
    kept_without_april.lay()


# --- The browser -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the machine's own Chromium. Without one the test fails: it is never skipped."""
    path = chromium.find()
    if path is None:
        pytest.fail(
            "The browser tests need Chromium: run `make test`, or install it (Debian: apt-get install chromium)."
        )
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": ["--disable-dev-shm-usage", *sandbox]}


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address for all: that of the live server comes with browser_context_args, to the tests that ask for a page."""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], live_server: Any) -> dict[str, Any]:
    """Open addresses like "/meetings/" on the live server.

    A test asks for more with the marker of the same name, such as
    ``@pytest.mark.browser_context_args(viewport={"width": 360, "height": 800}, color_scheme="dark")``.
    """
    defaults = {"base_url": live_server.url, "locale": "en-GB", "viewport": {"width": 1440, "height": 900}}
    return {**defaults, "reduced_motion": "reduce", **browser_context_args}


@pytest.fixture
def context(context: BrowserContext, django_db_serialized_rollback: None) -> Iterator[BrowserContext]:
    """A browser that fails its test on what no visitor sees: script errors, refused content, missing files."""
    troubles: list[str] = []
    context.on("console", lambda message: troubles.extend(complaint(message)))
    context.on("weberror", lambda error: troubles.append(str(error.error)))

    yield context

    assert troubles == []


def complaint(message: ConsoleMessage) -> list[str]:
    """Give what the browser's console complains of; that the page itself answered 404 is the test's own business."""
    address = message.location["url"]
    is_answer = message.page is not None and address == message.page.url
    return [f"{message.text} ({address})"] if message.type in {"error", "warning"} and not is_answer else []


# Only what is wrong is described and sent: on most pages, nothing.
LOOK = "options => axe.run(options).then(found => found.violations)"


@pytest.fixture
def axe_violations() -> Callable[[Page], list[str]]:
    """A function that gives the breaches of WCAG 2.2 A and AA on a page, each as "rule: element"."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

    def violations(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(Axe().axe_script)
        found = page.evaluate(LOOK, {"runOnly": tags, "resultTypes": ["violations"]})
        return [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]

    return violations
