"""Every route × everybody: the answer is the row's, and no channel tells what its reader may not see."""

import io
import re
import zipfile
from collections.abc import Iterator

import pypdf
import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver

from tests.b40.test_public_routes import routes
from tests.cast import client_of
from tests.matrix.rows import BY_LINK, KNOWN, ROWS, SEEN, SENDS
from tests.matrix.world import NOON, WHO, make_world

pytestmark = pytest.mark.django_db
ADDRESSES = {address: answers for addresses in ROWS.values() for address, answers in addresses.items()}
STAFF = ("staff", "admin")


@pytest.fixture
def world() -> Iterator[object]:
    with time_machine.travel(NOON, tick=False):
        yield make_world()


def browser_of(world, who: str) -> Client:
    user = getattr(world, who)
    return client_of(user) if user else Client()


def answer(response) -> int | str:
    """A status, or where one is led: "in" to sign in, "on" to anything else."""
    if response.status_code in (301, 302):
        return "in" if "/login/" in response["Location"] else "on"
    return response.status_code


def said(response) -> str:
    """Everything that an answer tells, in the small letters: of papers and workbooks what is printed on them."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"%PDF") and "/media/" not in response.request["PATH_INFO"]:
        body = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages).encode()
    elif body.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        body = b"".join(archive.read(name) for name in archive.namelist())
    return body.decode(errors="replace").lower()


def words_in(text: str) -> set[str]:
    return {word for word in re.findall(r"zv[a-z]+", text) if word in SEEN}


def test_every_route_has_a_row():
    named = {name for name, _view in routes(get_resolver().url_patterns) if not name.startswith("admin:")}

    assert named - KNOWN == set()
    assert set(ROWS) - named == set()


def test_whoever_sends_to_what_takes_nothing_else_has_a_row():
    assert {address for address, answers in ADDRESSES.items() if 405 in answers.values()} == set(SENDS)


@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_what_the_rows_say_and_reads_nothing_else(world, who):
    client, wrong, found = browser_of(world, who), {}, {}
    for template, answers in ADDRESSES.items():
        address = template.format(**vars(world))
        response = client.get(address)
        if answer(response) != answers[who]:
            wrong[address] = (answer(response), answers[who])
        if response.status_code == 200 and not address.startswith(BY_LINK):
            for word in words_in(said(response)):
                found.setdefault(word, []).append(address)

    assert wrong == {}
    if who not in STAFF:
        assert {word: where for word, where in found.items() if who not in SEEN[word]} == {}
        assert {word for word, readers in SEEN.items() if who in readers} == set(found)


@pytest.mark.parametrize("who", WHO)
def test_what_one_may_not_read_one_may_not_change(world, who):
    client, wrong = browser_of(world, who), {}
    sent = {"organisation": "sofia", "proposal": world.proposal.pk, "edition": world.proposal.edition}
    for template, answers in ADDRESSES.items():
        expected = SENDS[template][who] if template in SENDS else answers[who]
        got = answer(client.post(template.format(**vars(world)), sent))
        refused = got in ("in", 403, 404)
        fits = not refused if expected == 0 else got in (expected, 405) if expected in ("in", 403, 404) else got != 500
        if not fits:
            wrong[template] = (got, expected)

    assert wrong == {}


@pytest.mark.parametrize("who", [who for who in WHO if who not in STAFF])
def test_nothing_of_the_admin_opens_to_others(world, who):
    client = browser_of(world, who)
    patterns = [each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "admin"]
    addresses = {f"/admin/{re.sub(r'<[^>]+>', '1', route)}" for route in _written(patterns[0].url_patterns)}

    assert len(addresses) > 300
    assert {address for address in addresses if answer(client.get(address)) not in ("in", 403, 404)} <= PUBLIC_OF_ADMIN


# Words of the admin's scripts, and where one signs in and out: they tell nothing.
PUBLIC_OF_ADMIN = {"/admin/jsi18n/", "/admin/logout/", "/admin/login/"}


def _written(patterns, before="") -> Iterator[str]:
    """Every address as it is written in the list of routes; those by regular expressions are the way out of it."""
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _written(pattern.url_patterns, here)
        elif "(?P" not in here:
            yield here
