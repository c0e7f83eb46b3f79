"""The form as an administrator built it: every field has a purpose that customers read, answers become facts."""

import re

import pytest
from django.db import IntegrityError
from django.test import Client

from holdord.channels.form import building
from holdord.channels.form.building import NoPurpose, NotAnOrigin, Words, origin_of
from holdord.channels.models import FieldKind, FormField, FormFieldWords
from holdord.conversations.models import Fact, Message, Status
from holdord.kernel import clock as the_clock
from holdord.people.models import Role
from holdord.promises.models import Promise
from tests.conftest import MovableClock
from tests.desk.conftest import Three, three  # noqa: F401 - a fixture
from tests.factories import SmallDesk, small_desk
from tests.portal.test_form import filled, send
from tests.portal.test_help import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def asks(desk: SmallDesk, kind: FieldKind, *, required: bool = False, choices: tuple[str, ...] = ()) -> str:
    """Add a field that is asked for in Danish and English; its name in the form."""
    words = {
        "da": Words("Ordrenummer", "Så vi kan finde din ordre", choices),
        "en": Words("Order number", "So that we find your order", choices),
    }
    return f"field-{building.add_field(desk.inbox, kind, words, is_required=required).pk}"


def page(desk: SmallDesk, lang: str = "en") -> str:
    return Client().get(f"/write/{desk.inbox.slug}/?lang={lang}").text


def test_a_field_without_a_purpose_is_asked_by_nobody(desk: SmallDesk) -> None:
    for words in ({"da": Words("CPR", "  ")}, {"en": Words("Order", "To find it")}, {}):
        with pytest.raises(NoPurpose):
            building.add_field(desk.inbox, FieldKind.LINE, words, is_required=False)
    field = FormField.objects.create(inbox=desk.inbox, kind="line", position=1)
    with pytest.raises(IntegrityError):
        FormFieldWords.objects.create(field=field, language="da", label="CPR", purpose="")


def test_the_customer_reads_what_it_is_for_in_their_language(desk: SmallDesk) -> None:
    asks(desk, FieldKind.LINE)
    assert "So that we find your order" in page(desk)
    assert "Så vi kan finde din ordre" in page(desk, "da")
    # There is no Swedish: the inbox's own language stands in, and says that it is Danish.
    assert re.search(r'<div lang="da">.*?Så vi kan finde din ordre', page(desk, "sv"))


def test_what_was_answered_stands_word_for_word_among_the_facts(desk: SmallDesk) -> None:
    names = [
        asks(desk, FieldKind.LINE), asks(desk, FieldKind.NUMBER), asks(desk, FieldKind.DATE),
        asks(desk, FieldKind.CHOICE, choices=("Chair", "Table")), asks(desk, FieldKind.YES), asks(desk, FieldKind.LINES),
    ]  # fmt: skip
    answers = dict(zip(names, ["A-4711", "2.5", "2026-02-27", "Chair", "on", ""], strict=True))
    assert send(desk, filled(desk, **answers)).status_code == 303
    facts = Fact.objects.filter(message__channel="form", label="Order number").order_by("pk")
    assert [(fact.value, fact.told) for fact in facts] == [
        ("A-4711", True), ("2.5", True), ("Fri 27 Feb", True), ("Chair", True), ("Yes", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (FieldKind.LINE, "", "Fill this in"),
        (FieldKind.NUMBER, "many", "Write a number"),
        (FieldKind.DATE, "tomorrow", "Choose a day"),
        (FieldKind.CHOICE, "Bed", "Choose one of the possibilities"),
        (FieldKind.YES, "", "We need your yes"),
    ],
)
def test_a_fault_says_what_to_do(desk: SmallDesk, kind: FieldKind, value: str, words: str) -> None:
    name = asks(desk, kind, required=True, choices=("Chair", "Table"))
    answer = send(desk, filled(desk, **{name: value}))
    assert answer.status_code == 422
    assert words in answer.text
    assert "The box does not work.</textarea>" in answer.text
    assert not Message.objects.exists()


def test_an_administrator_builds_it_with_buttons_alone(three: Three) -> None:  # noqa: F811
    inbox, ada = three.desk.inbox, three.browser(three.ada)
    base = f"/settings/inboxes/{inbox.pk}/form/"
    for label in ("Ordrenummer", "Model"):
        said = {
            "kind": "line",
            "label_da": label,
            "purpose_da": "Så vi kan hjælpe",
            "label_de": "Nummer",
            "purpose_de": "Um zu helfen",
        }
        assert ada.post(f"{base}fields/", said).status_code == 302
    refused = ada.post(f"{base}fields/", {"kind": "line", "label_da": "CPR", "purpose_da": "", "label_en": "CPR"})
    assert refused.status_code == 422
    assert refused.text.count("Nothing is asked without a purpose.") == 2
    first, second = FormField.objects.order_by("position")
    ada.post(f"{base}fields/{second.pk}/place/", {"way": "up"})
    ada.post(f"{base}fields/{second.pk}/place/", {"way": "up"})  # it is on top already
    assert list(FormField.objects.order_by("position")) == [second, first]
    ada.post(f"{base}fields/{first.pk}/end/")
    assert list(FormField.objects.all()) == [second]
    for stranger in (three.alice, three.charlie):
        assert three.browser(stranger).get(base).status_code in {302, 403, 404}
        three.browser(stranger).post(f"{base}fields/{second.pk}/end/")
    assert FormField.objects.exists()


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.shop.example/kontakt?a=1", "https://www.shop.example"),
        ("shop.example", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_a_site_is_known_by_its_origin(typed: str, origin: str) -> None:
    assert origin_of(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "*",
        "https://*",
        "http://shop.example",
        "https://a.example; script-src *",
        "javascript:alert(1)",
        "",
        "shop",
        "https://a b.example",
    ],
)
def test_nothing_else_gets_into_the_header(typed: str) -> None:
    with pytest.raises(NotAnOrigin):
        origin_of(typed)


def test_only_an_allowed_site_may_show_it_in_a_frame(desk: SmallDesk) -> None:
    building.allow_site(desk.inbox, "https://shop.example")
    framed = Client().get(f"/write/{desk.inbox.slug}/framed/")
    assert "frame-ancestors 'self' https://shop.example" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert not framed.cookies
    alone = Client().get(f"/write/{desk.inbox.slug}/")
    assert "frame-ancestors 'none'" in alone.headers["Content-Security-Policy"]
    assert alone.headers["X-Frame-Options"] == "DENY"
    script = Client().get(f"/write/{desk.inbox.slug}/embedding.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert b"./framed/" in script.content


def posts(desk: SmallDesk, origin: str, **said: str):  # type: ignore[no-untyped-def]
    headers = {"Origin": origin} if origin else {}
    return Client().post(f"/write/{desk.inbox.slug}/post/?lang=en", said, headers=headers)


def test_a_form_on_the_companys_own_site_posts_here(desk: SmallDesk) -> None:
    building.allow_site(desk.inbox, "https://shop.example")
    done = posts(desk, "https://shop.example", text="Min kasse mangler", email="ida@post.example", name="Ida")
    assert done.status_code == 303
    assert "today by 14:05" in Client().get(done.headers["Location"]).text
    assert Message.objects.get(kind="inbound").conversation.status == Status.OPEN
    # What is missing comes back on our page, with what was typed.
    back = posts(desk, "https://shop.example", text="Min kasse mangler", email="ida")
    assert back.status_code == 422
    assert "Min kasse mangler</textarea>" in back.text


def test_another_site_posts_nothing(desk: SmallDesk) -> None:
    building.allow_site(desk.inbox, "https://shop.example")
    for origin in ("https://evil.example", "https://shop.example.evil.example", "null"):
        assert posts(desk, origin, text="x", email="ida@post.example").status_code == 403
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"website": "filled"},
        {"text": "Buy https://a.example https://b.example https://c.example"},
        {"name": "www.casino.example"},
    ],
)
def test_what_a_robot_may_have_sent_is_kept_and_one_button_makes_it_an_inquiry(
    desk: SmallDesk, clock: MovableClock, more: dict[str, str]
) -> None:
    done = send(desk, filled(desk, **more))
    message = Message.objects.get()
    assert message.conversation.status == Status.DISMISSED
    assert not Promise.objects.exists()
    address = done.headers["Location"]
    assert "We could not tell whether a person sent it." in Client().get(address).text
    assert Message.objects.get().conversation.status == Status.DISMISSED, "looking changes nothing"
    clock.passes(minutes=3)
    for _ in range(2):
        assert Client().post(address).status_code == 303
    assert Message.objects.get(kind="inbound").conversation.status == Status.OPEN
    assert Promise.objects.get().state == "open"
    assert "today by 14:05" in Client().get(address).text
    assert Message.objects.filter(is_automatic=True).count() == 1


def test_a_call_that_was_wanted_is_not_lost_when_a_robot_was_suspected(desk: SmallDesk, clock: MovableClock) -> None:
    when = clock.next("Tue 10:00").isoformat()
    send(desk, filled(desk, website="x", slot=when, phone="70 00 48 21"))
    assert Fact.objects.get(label="Wants to be called").value == "Tue 3 Mar, 10:00, 70 00 48 21"


def test_the_mark_of_another_message_opens_nothing(desk: SmallDesk) -> None:
    done = send(desk, filled(desk, website="x"))
    other = small_desk().inbox.slug
    mark = done.headers["Location"].partition("&m=")[2]
    for address in (
        f"/write/{other}/sent/?m={mark}",
        f"/write/{desk.inbox.slug}/sent/?m={mark}x",
        f"/write/{desk.inbox.slug}/sent/?m=1",
    ):
        Client().post(address)
    assert Message.objects.get().conversation.status == Status.DISMISSED


def test_what_an_agent_dismissed_is_not_brought_back_by_its_writer(desk: SmallDesk, clock: MovableClock) -> None:
    from holdord.conversations import actions

    done = send(desk, filled(desk))
    conversation = Message.objects.get(kind="inbound").conversation
    actions.dismiss(conversation, by=desk.agent("Jonas"), reason="spam", now=clock.now())
    Client().post(done.headers["Location"])
    conversation.refresh_from_db()
    assert conversation.status == Status.DISMISSED


def test_a_machine_that_worked_for_it_may_send_links(desk: SmallDesk) -> None:
    from itertools import count

    from holdord.portal.robots import proves

    links = "https://a.example https://b.example https://c.example"
    said = filled(desk, text=links)
    nonce = next(str(each) for each in count() if proves(str(each), f"{said['offer']}.{said['key']}"))
    send(desk, {**said, "proof": nonce})
    assert Message.objects.get(kind="inbound").conversation.status == Status.OPEN
    # The same work counts once: another form has another key.
    send(desk, {**filled(desk, text=links), "proof": nonce})
    assert Message.objects.filter(conversation__status=Status.DISMISSED).count() == 1


def test_articles_are_beside_the_form_when_there_are_some(desk: SmallDesk) -> None:
    def suggested(text: str):  # type: ignore[no-untyped-def]
        return Client().post(f"/write/{desk.inbox.slug}/articles/?lang=da", {"text": text})

    assert suggested("Min boks genstarter hele tiden").status_code == 204
    published(desk, "Boksen genstarter", "## Prøv først\n\n1. Træk **stikket ud**, hvis boksen genstarter.")
    answer = suggested("Min boks genstarter hele tiden, og boksen er ny")
    assert "Boksen genstarter" in answer.text
    assert "Prøv først Træk stikket ud, hvis boksen genstarter." in answer.text  # the words, without their marks
    assert "Vi svarer dig under alle omstændigheder" in answer.text
    assert suggested("Hvornår kommer regningen?").status_code == 204
    assert not Message.objects.exists()


def test_a_lead_builds_no_form(desk: SmallDesk) -> None:
    browser = Client()
    browser.force_login(desk.agent("Hanne", Role.LEAD, member=False))
    assert browser.get(f"/settings/inboxes/{desk.inbox.pk}/form/").status_code in {302, 403, 404}
    assert the_clock.now()
