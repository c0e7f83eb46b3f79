"""Everything about oneself: with a fresh code by mail, as a file to read and for programs, with the pictures."""

import io
import json
import zipfile

import pytest

from holdord.conversations.models import Fact, Message, Request
from holdord.conversations.rules import IncomingFile
from holdord.files.actions import keep
from holdord.fulfilment.codes import figures_of
from holdord.fulfilment.models import Code, NoContact
from holdord.kernel import clock as the_clock
from tests.fulfilment.conftest import desk
from tests.portal.test_requests import Page

__all__ = ["desk"]


@pytest.fixture
def page(desk):
    file = IncomingFile(blob=keep(b"a letter", now=the_clock.now()), name="brev.txt", content_type="text/plain")
    message = desk.writes("Min adresse er Nygade 7.", files=[file])
    Fact.objects.create(conversation=message.conversation, label="Adresse", value="Nygade 7", at=the_clock.now())
    desk.writes("En hemmelighed", by="mette@post.example")
    return Page(message.conversation)


def test_a_file_with_everything_for_who_has_the_code(page, clock):
    assert "The code from your mail" in page.presses("Fetch everything about me")
    figures = figures_of(Code.objects.get())
    wrong = page.client.post(f"{page.path}codes/export/proof/", {"code": "1"})
    assert wrong.status_code == 422
    answer = page.client.post(f"{page.path}codes/export/proof/", {"code": figures})
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    told = json.loads(packed.read("all.json"))
    assert [row["address"] for row in told["addresses"]] == ["henrik@post.example"]
    assert told["cases"][0]["messages"][0]["text"] == "Min adresse er Nygade 7."
    assert told["cases"][0]["facts"][0]["value"] == "Nygade 7"
    files = [name for name in packed.namelist() if name.startswith("files/")]
    assert packed.read(files[0]) == b"a letter"
    assert "Nygade 7" in packed.read("read.html").decode()
    assert "hemmelighed" not in "".join(packed.read(name).decode() for name in packed.namelist())
    assert figures not in "".join(packed.read(name).decode() for name in packed.namelist())
    assert Request.objects.get().state == "fulfilled"
    # It is said by mail too, in case it was somebody else.
    assert "Du har fået alt, vi har om dig" in Message.objects.latest("pk").text
    # The code is used up; another one fetches it again.
    assert page.client.post(f"{page.path}codes/export/proof/", {"code": figures}).status_code == 422


def test_the_link_alone_gives_nothing(page, clock):
    assert page.client.post(f"{page.path}codes/export/proof/", {"code": ""}).status_code == 422
    assert page.client.get(f"{page.path}codes/export/proof/").status_code == 302
    assert page.client.get(f"{page.path}codes/export/").status_code == 302
    assert page.client.post(f"{page.path}codes/cancel/").status_code == 404
    for _ in range(3):
        assert page.client.post(f"{page.path}codes/export/").status_code == 303
    assert page.client.post(f"{page.path}codes/export/").status_code == 429


def test_no_more_contact_until_they_say_so(page, clock):
    page.presses("Do not contact me")
    assert NoContact.objects.count() == 1
    page.presses("You may contact me again")
    assert NoContact.objects.count() == 0


def test_after_five_codes_in_a_day_no_other_is_sent_and_it_says_when(page, clock):
    for _ in range(5):
        assert page.client.post(f"{page.path}codes/export/").status_code == 303
        clock.passes(minutes=16)
    full = page.client.post(f"{page.path}codes/export/?lang=en")
    assert (full.status_code, "the next can be sent tomorrow 9:00" in full.text) == (429, True)
    assert Code.objects.count() == 5
    clock.passes(days=1)
    assert page.client.post(f"{page.path}codes/export/").status_code == 303
