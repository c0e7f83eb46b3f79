"""A company's hue: on its form and case pages, with contrast kept whatever the hue."""

import re

import pytest
from django.test import Client

from holdord.conversations import case_links
from holdord.conversations.models import Participant
from holdord.people.models import Inbox
from holdord.portal.look import stylesheet
from tests.conftest import MovableClock
from tests.desk.conftest import Three, three  # noqa: F401 - a fixture
from tests.factories import small_desk
from tests.web.test_contrast import CSS, PAIRS, PUBLIC, contrast, linear, tokens


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_hue_can_be_read(scheme: str) -> None:
    side = 0 if scheme == "light" else 1
    short = {}
    for hue in range(360):
        table = {**PUBLIC, **tokens(stylesheet(hue))}
        for front, ground, least in [*PAIRS, ("fjord", "canvas", 4.5), ("fjord", "raised", 4.5)]:
            found = contrast(table[front][side], table[ground][side])
            if found < least:
                short[f"{hue}: {front} on {ground}"] = round(found, 2)
        mark = linear(re.findall(r"--p-mark: (oklch\([^)]*\))", stylesheet(hue))[0])
        if contrast(mark, table["fjord-deep"][side]) < 3:
            short[f"{hue}: the ring of the hero"] = 0
    assert short == {}


def test_only_the_hue_is_turned() -> None:
    assert set(tokens(stylesheet(25))) - {"p-mark"} == {"fjord", "fjord-hi", "on-fjord", "fjord-wash", "fjord-deep"}
    ours = re.findall(r"--fjord-deep:\s*light-dark\(oklch\(([\d.]+) ([\d.]+)", CSS)
    assert re.findall(r"--fjord-deep:\s*light-dark\(oklch\(([\d.]+) ([\d.]+) 25", stylesheet(25)) == ours


@pytest.mark.django_db
def test_the_form_and_the_case_page_wear_it(clock: MovableClock) -> None:
    desk = small_desk()
    message = desk.writes("Hej")
    token = case_links.token_for(Participant.objects.get(conversation=message.conversation, is_customer=True))
    pages = [f"/write/{desk.inbox.slug}/", f"/write/{desk.inbox.slug}/sent/", f"/case/{token}/"]
    assert not [page for page in pages if "/look/" in Client().get(page).text]
    Inbox.objects.update(hue=25)
    assert [page for page in pages if 'href="/look/25.css"' in Client().get(page).text] == pages
    css = Client().get("/look/25.css")
    assert css.headers["Content-Type"] == "text/css; charset=utf-8"
    assert css.text == stylesheet(25)
    assert Client().get("/look/360.css").status_code == 404


def test_an_administrator_chooses_it(three: Three) -> None:  # noqa: F811 - the fixture
    ada, address = three.browser(three.ada), f"/settings/inboxes/{three.desk.inbox.pk}/look/"
    ada.post(address, {"hue": "145"})
    assert Inbox.objects.get(pk=three.desk.inbox.pk).hue == 145
    ada.post(address, {"hue": "12000"})
    assert Inbox.objects.get(pk=three.desk.inbox.pk).hue == 145
    assert re.search(r'<option value="145" selected>Green', ada.get(address.replace("look", "hours")).text)
    ada.post(address, {"hue": ""})
    assert Inbox.objects.get(pk=three.desk.inbox.pk).hue is None
    assert three.browser(three.alice).post(address, {"hue": "145"}).status_code == 403
