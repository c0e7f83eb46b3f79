"""The first view of a case page on a slow phone network: what it takes, all together."""

import gzip
import re

import pytest
from django.test import Client

from holdord.conversations.jobs import prepare_pictures
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk
from tests.portal.test_case import link
from tests.portal.test_pictures import sends
from tests.support.photos import photo

pytestmark = pytest.mark.django_db
LIMIT = 40_000
"""Bytes, compressed, of the page with its styles, scripts and drawings. Pictures are loaded when they come into sight."""


def weight_of(address: str, seen: set[str]) -> int:
    """The compressed bytes of this address and of all that it makes a browser fetch."""
    if address in seen:
        return 0
    seen.add(address)
    answer = Client(headers={"Accept-Encoding": "gzip"}).get(address)
    assert answer.status_code == 200, address
    packed = "gzip" in answer.headers.get("Content-Encoding", "")
    text = (gzip.decompress(answer.content) if packed else answer.content).decode(errors="replace")
    own = len(answer.content) if packed else len(gzip.compress(answer.content, 6))
    return own + sum(weight_of(each, seen) for each in fetched_by(address, text))


def fetched_by(address: str, text: str) -> set[str]:
    if address.endswith(".js"):
        return {f"{address.rpartition('/')[0]}/{name}" for name in re.findall(r'from "\./([\w-]+\.js)"', text)}
    if ".css" in address or ".svg" in address:
        return set()
    found = re.findall(
        r'<link rel="(?:stylesheet|icon)" href="([^"]+)"|<script src="([^"]+)"|<use href="([^"#]+)#', text
    )
    return {each for group in found for each in group if each}


def test_the_first_view_of_a_case_is_light(clock: MovableClock) -> None:
    clock.moves_to("Mon 10:00")
    desk: SmallDesk = small_desk()
    asked = desk.writes("Hvornår kommer boksen? " * 20)
    sends(asked, ("a.jpg", photo(1200, 900), "image/jpeg"), ("b.jpg", photo(), "image/jpeg"))
    prepare_pictures()
    seen: set[str] = set()
    weight = weight_of(f"{link(asked)}?lang=de", seen)
    assert weight < LIMIT, sorted(seen)
    assert any(each.endswith("pictures.js") for each in seen)
