"""Pictures on the case page: shown when they are safe to show, to nobody else, and nothing is lost."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdord.conversations import actions, case_links
from holdord.conversations.jobs import forget_originals, prepare_pictures
from holdord.conversations.models import Attachment, Message, Participant, Picture
from holdord.files.actions import content_of
from holdord.files.models import Blob
from holdord.web.files import Look, file_address
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk
from tests.portal.test_case import link
from tests.support.photos import HEIC, SECRETS, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


@pytest.fixture
def asked(desk: SmallDesk) -> Message:
    return desk.writes("Malingen flasser av.")


def sends(message: Message, *files: tuple[str, bytes, str], text: str = "Se her") -> list[Attachment]:
    """The customer sends files from the case page; the attachments as they are then."""
    uploads = [SimpleUploadedFile(*file) for file in files]
    response = Client().post(f"{link(message)}messages/", {"text": text, "attached": uploads, "key": ""})
    assert response.status_code == 303
    return list(Attachment.objects.filter(message=Message.objects.latest("pk")).order_by("pk"))


def addresses(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/files/[^"]+)"', page)


def page_of(message: Message) -> str:
    return Client().get(f"{link(message)}?lang=en").text


def test_nobody_is_shown_a_byte_before_it_is_drawn_anew(asked: Message) -> None:
    (waiting,) = sends(asked, ("IMG_2041.JPG", photo(), "image/jpeg"))
    assert waiting.picture == Picture.WAITING
    assert addresses(page_of(asked)) == []
    assert "This picture is being made ready." in page_of(asked)
    assert [Client().get(file_address(waiting.pk, "a.jpg", look)).status_code for look in Look] == [404] * 4
    prepare_pictures()
    small, large = sorted(addresses(page_of(asked)), key=lambda each: len(Client().get(each).content))
    for address, content_type in ((small, "image/webp"), (large, "image/jpeg")):
        answer = Client().get(address)
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert [secret for secret in SECRETS if secret in answer.content] == []


def test_several_pictures_from_a_phone_are_sent_without_a_word(asked: Message) -> None:
    sent = sends(asked, ("a.heic", HEIC.read_bytes(), ""), ("b.jpg", photo(), "image/jpeg"), text="")
    assert prepare_pictures() == 2
    shown = [(each.name, each.content_type, each.width) for each in Attachment.objects.order_by("pk")]
    assert shown == [("a.jpg", "image/jpeg", 480), ("b.jpg", "image/jpeg", 480)]
    assert len(sent) == 2
    assert page_of(asked).count("<img") == 2


def test_what_the_camera_wrote_is_thrown_away_after_a_day(asked: Message, clock: MovableClock) -> None:
    (sent,) = sends(asked, ("a.jpg", photo(), "image/jpeg"))
    original = sent.blob.path
    clock.passes(hours=25)
    forget_originals()
    assert default_storage.exists(original), "it waits still, and is all there is"
    prepare_pictures()
    forget_originals()
    assert not default_storage.exists(original)
    assert not Blob.objects.filter(apart=True).exists()
    sent.refresh_from_db()
    assert content_of(sent.blob)[:3] == b"\xff\xd8\xff"


def test_it_is_kept_where_an_administrator_says_so(asked: Message, clock: MovableClock, settings) -> None:
    settings.KEEP_ORIGINAL_PICTURES = True
    (sent,) = sends(asked, ("a.jpg", photo(), "image/jpeg"))
    prepare_pictures()
    clock.passes(hours=25)
    forget_originals()
    sent.refresh_from_db()
    assert content_of(sent.original) == photo()
    # The customer's page does not offer it, and the address of another look can't be turned into it.
    assert [address for address in addresses(page_of(asked)) if Client().get(address).content == photo()] == []


def test_one_inbox_keeps_them_and_its_customers_read_it(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    left_out = "Where and when they were taken is left out."
    assert left_out in page_of(asked)
    ada, address = Client(), f"/settings/inboxes/{desk.inbox.pk}/form/originals/"
    ada.force_login(desk.agent("Ada", role="administrator"))
    assert ada.post(address, {"keeps_originals": "on"}).status_code == 302
    page = page_of(asked)
    assert (left_out in page, "We keep them as you send them" in page) == (False, True)
    (sent,) = sends(asked, ("a.jpg", photo(), "image/jpeg"))
    prepare_pictures()
    sent.refresh_from_db()
    assert content_of(sent.original) == photo()
    ada.post(address)
    (later,) = sends(asked, ("b.jpg", photo(), "image/jpeg"))
    prepare_pictures()
    later.refresh_from_db()
    assert later.original is None
    lead = Client()
    lead.force_login(desk.agent("Hanne"))
    assert lead.post(address).status_code == 403


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xd8\xff half a picture", "This picture is damaged"), (b"%PDF-1.7", "manual.jpg")],
)
def test_what_cannot_be_shown_is_a_download_and_nothing_is_lost(asked: Message, content: bytes, words: str) -> None:
    sends(asked, ("manual.jpg", content, "image/jpeg"))
    prepare_pictures()
    page = page_of(asked)
    assert words in page
    assert "<img" not in page
    answer = Client().get(addresses(page)[0])
    assert answer.content == content
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_new_link_ends_the_pictures_addresses_of_the_old_one(asked: Message) -> None:
    sends(asked, ("a.jpg", photo(), "image/jpeg"))
    prepare_pictures()
    old = addresses(page_of(asked))
    assert [Client().get(address).status_code for address in old] == [200, 200]
    Client().post(f"{link(asked)}link/")
    assert [Client().get(address).status_code for address in old] == [404, 404]


def test_an_address_ends_after_an_hour_and_stays_the_same_for_half_of_one(asked: Message, clock: MovableClock) -> None:
    sends(asked, ("a.jpg", photo(), "image/jpeg"))
    prepare_pictures()
    clock.moves_to("Mon 11:00")
    first = addresses(page_of(asked))
    clock.passes(minutes=29)
    assert addresses(page_of(asked)) == first
    clock.passes(minutes=31)
    assert Client().get(first[0]).status_code == 200
    clock.passes(minutes=31)
    assert Client().get(first[0]).status_code == 404


def test_nothing_leads_to_another_customers_pictures(desk: SmallDesk, asked: Message) -> None:
    other = desk.writes("Min stol", by="ida@post.example")
    sends(asked, ("a.jpg", photo(), "image/jpeg"))
    sends(other, ("b.jpg", photo(colours=("green", "black")), "image/jpeg"))
    prepare_pictures()
    mine, theirs = addresses(page_of(asked)), addresses(page_of(other))
    assert not set(mine) & set(theirs)
    # A name in the address is only a name; a signature of one look or one file fits no other.
    for own in mine:
        token = own.split("/")[2]
        for tried in (token[:-1] + ("A" if token[-1] != "A" else "B"), token.partition(":")[0], "made:up", ""):
            assert Client().get(f"/files/{tried}/b.jpg").status_code == 404
    # One who is no customer of the case any more loses it.
    participant = Participant.objects.get(conversation=asked.conversation)
    Participant.objects.filter(pk=participant.pk).update(is_customer=False)
    assert {Client().get(address).status_code for address in mine} == {404}


def test_a_picture_hung_on_another_case_is_not_in_this_ones_page(desk: SmallDesk, asked: Message) -> None:
    other = desk.writes("Min stol", by="ida@post.example")
    (theirs,) = sends(other, ("b.jpg", photo(), "image/jpeg"))
    prepare_pictures()
    participant = case_links.customer_in(asked.conversation)
    assert Client().get(file_address(theirs.pk, "b.jpg", Look.LARGE, given_to=participant)).status_code == 404


def test_an_agents_picture_is_drawn_anew_too(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    file = actions.incoming_file(photo(), name="bear.jpg", content_type="image/jpeg", now=clock.now())
    actions.reply(
        asked.conversation, by=desk.agent("Jonas"), text="", seen=asked, not_before=clock.now(), now=clock.now(),
        files=[file],
    )  # fmt: skip
    prepare_pictures()
    desk.sends_all()
    page = page_of(asked)
    assert 'alt="bear.jpg"' in page
    assert SECRETS[0] not in Client().get(addresses(page)[0]).content


def test_one_that_waits_for_the_disk_holds_up_no_other(
    asked: Message, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdord.conversations.jobs._AGAIN_AT", {})
    first, second = sends(asked, ("a.jpg", photo(), "image/jpeg"), ("b.jpg", photo(), "image/jpeg"))
    file = Path(default_storage.path(first.blob.path))
    file.rename(file.with_suffix(".aside"))
    file.mkdir()  # reading it is an OSError that is not the picture's fault
    assert prepare_pictures() == 1
    assert prepare_pictures() == 0
    assert caplog.text.count("could not be prepared yet") == 1, "it is tried again after a while, not at once"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.picture, second.picture) == (Picture.WAITING, Picture.READY)


def test_another_worker_that_was_as_fast_changes_nothing(asked: Message, clock: MovableClock) -> None:
    (sent,) = sends(asked, ("a.jpg", photo(), "image/jpeg"))
    prepare_pictures()
    before = Attachment.objects.values().get()
    sent.picture = Picture.WAITING
    actions.prepare_picture(sent, now=clock.now() + timedelta(seconds=1))
    assert Attachment.objects.values().get() == before
