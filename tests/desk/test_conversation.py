"""An open conversation: read, written, taken back; and nobody else's business."""

import pytest

from holdord.conversations import actions
from holdord.conversations.models import Conversation, Draft, Kind, Message, Outgoing, Status
from holdord.kernel import clock as the_clock
from holdord.people.models import BlockedSender
from holdord.promises.models import Promise
from tests.conftest import MovableClock
from tests.desk.conftest import Three

pytestmark = pytest.mark.django_db


def at(three: Three, *rest: str) -> str:
    return "/".join([f"/conversations/{three.conversation.pk}", *rest, ""])


def test_owner_and_team_read_it_and_others_do_not(three: Three) -> None:
    assert "Boksen kom i mandags" in three.browser(three.alice).get(at(three)).text
    assert "Boksen kom i mandags" in three.browser(three.bob).get(at(three)).text
    refused = three.browser(three.charlie).get(at(three))
    assert refused.status_code == 403
    assert "This is not yours to see" in refused.text
    assert "Boksen" not in refused.text


@pytest.mark.parametrize(
    "rest",
    [
        ("messages",), ("draft",), ("ownership",), ("hand-over",), ("snooze",), ("snooze", "end"), ("closing",),
        ("closing", "end"), ("closing", "agreement"), ("dismissal",), ("dismissal", "end"), ("block",), ("case-link",),
        ("merge",),
    ],
)  # fmt: skip
def test_others_can_do_nothing_with_it(three: Three, rest: tuple[str, ...]) -> None:
    before = Conversation.objects.values().get(pk=three.conversation.pk)
    response = three.browser(three.charlie).post(at(three, *rest), {"text": "x", "kind": "spam", "reason": "x"})
    assert response.status_code == 403
    assert Conversation.objects.values().get(pk=three.conversation.pk) == before


def test_a_reply_is_held_back_for_the_undo_window_and_can_be_taken_back(three: Three) -> None:
    alice = three.browser(three.alice)
    sent = alice.post(
        at(three, "messages"),
        {"kind": "reply", "text": "Du får en ny boks.", "seen": three.first.pk, "send_anyway": "1"},
        follow=True,
    )
    reply = Message.objects.get(kind=Kind.OUTBOUND, is_automatic=False)
    assert "Sent to Henrik." in sent.text
    assert Outgoing.objects.get(message=reply).not_before > the_clock.now()
    undone = alice.post(at(three, "messages", str(reply.pk), "undo"), follow=True)
    assert "Du får en ny boks.</textarea>" in undone.text
    assert Outgoing.objects.get(message=reply).state == "undone"


def test_the_same_form_twice_is_one_message(three: Three) -> None:
    alice = three.browser(three.alice)
    for _ in range(2):
        alice.post(at(three, "messages"), {"kind": "reply", "text": "Hej", "seen": three.first.pk, "once": "abc"})
    assert Message.objects.filter(kind=Kind.OUTBOUND, is_automatic=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_reply_goes_with_what_it_promises_or_not_at_all(three: Three, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(*_arguments: object, **_named: object) -> None:
        raise RuntimeError

    written = {"kind": "reply", "text": "Du får en ny boks.", "seen": three.first.pk, "send_anyway": "1"}
    alice = three.browser(three.alice)
    alice.post(at(three, "messages"), {**written, "once": "first"})
    assert three.conversation.messages.count() == 3  # with the acknowledgement
    monkeypatch.setattr("holdord.desk.views.writing.attach_drafts", stumbles)
    with pytest.raises(RuntimeError):
        alice.post(at(three, "messages"), {**written, "once": "second"})
    assert three.conversation.messages.count() == 3


def test_an_empty_reply_comes_back(three: Three) -> None:
    page = three.browser(three.alice).post(at(three, "messages"), {"kind": "reply", "text": " "})
    assert page.status_code == 422
    assert "Write something first." in page.text


def test_whoever_is_second_is_shown_the_first_reply_and_loses_nothing(three: Three) -> None:
    three.answers("Det har jeg gjort.")
    page = three.browser(three.bob).post(
        at(three, "messages"), {"kind": "reply", "text": "Min tekst", "seen": three.first.pk}
    )
    assert page.status_code == 422
    assert "Alice answered while you wrote." in page.text
    assert "Det har jeg gjort." in page.text
    assert "Min tekst</textarea>" in page.text


def test_not_the_answer_yet_promises_an_update_and_keeps_the_answer_owed(three: Three, clock: MovableClock) -> None:
    due = clock.next("Mon 15:00").isoformat()
    three.browser(three.alice).post(
        at(three, "messages"),
        {"kind": "reply", "text": "Vi ser på det.", "seen": three.first.pk, "not_the_answer": "1", "update_by": due},
    )
    running = dict(Promise.objects.running().values_list("kind", "due_at"))
    assert set(running) == {"answer", "update"}
    assert running["update"] == clock.next("Mon 15:00")


def test_not_the_answer_yet_needs_a_time(three: Three) -> None:
    page = three.browser(three.alice).post(
        at(three, "messages"), {"kind": "reply", "text": "Vi ser på det.", "not_the_answer": "1"}
    )
    assert page.status_code == 422
    assert not Message.objects.filter(kind=Kind.OUTBOUND, is_automatic=False).exists()


def test_a_note_goes_to_nobody(three: Three) -> None:
    three.browser(three.bob).post(at(three, "messages"), {"kind": "note", "text": "Kendt fejl"})
    note = Message.objects.get(kind=Kind.NOTE)
    assert not Outgoing.objects.filter(message=note).exists()


def test_a_draft_is_kept_for_its_writer_alone(three: Three) -> None:
    alice = three.browser(three.alice)
    assert alice.post(at(three, "draft"), {"text": "Kære Henrik"}).text.startswith("Draft saved")
    assert Draft.objects.get().text == "Kære Henrik"
    assert "Kære Henrik" in alice.get(at(three)).text
    assert "Kære Henrik" not in three.browser(three.bob).get(at(three)).text


def thanked(three: Three, clock: MovableClock) -> None:
    three.answers("Boksen er på vej.")
    three.desk.sends_all()
    clock.passes(minutes=5)
    three.desk.writes("Tak!", by="henrik@post.example", conversation=three.conversation, is_only_thanks=True)


def test_after_thanks_it_is_proposed_to_leave_it_closed(three: Three, clock: MovableClock) -> None:
    thanked(three, clock)
    alice = three.browser(three.alice)
    page = alice.get(at(three)).text
    assert "Henrik only says thanks." in page
    assert not Promise.objects.running().exists()
    alice.post(at(three, "closing", "agreement"))
    assert three.conversation.status == Status.CLOSED
    assert "only says thanks" not in alice.get(at(three)).text


def test_thanks_that_ask_for_something_are_owed_an_answer(three: Three, clock: MovableClock) -> None:
    thanked(three, clock)
    three.browser(three.alice).post(at(three, "closing", "end"))
    assert three.conversation.status == Status.OPEN
    assert Promise.objects.running().get().kind == "answer"


def test_whoever_else_is_writing_is_named(three: Three, clock: MovableClock) -> None:
    three.browser(three.bob).post(at(three, "draft"), {"text": "Kære"})
    assert "Bob is writing" in three.browser(three.alice).get(at(three)).text
    clock.passes(minutes=2)
    assert "Bob is writing" not in three.browser(three.alice).get(at(three)).text


def test_files_go_with_the_reply_and_are_served_without_a_login(three: Three) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    alice = three.browser(three.alice)
    upload = SimpleUploadedFile("vejledning.html", b"<script>alert(1)</script>", "text/html")
    page = alice.post(
        at(three, "messages"),
        {"kind": "reply", "text": "Se her", "seen": three.first.pk, "attached": [upload]},
        follow=True,
    ).text
    address = page.split('<a class="tag" href="')[1].split('"')[0]
    response = Client().get(address)
    assert response.content == b"<script>alert(1)</script>"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies
    assert Client().get(address.replace("/files/", "/files/x")).status_code == 404


def test_closing_needs_a_reason_and_can_be_undone(three: Three) -> None:
    alice = three.browser(three.alice)
    assert alice.post(at(three, "closing"), {"reason": ""}).status_code == 422
    assert three.conversation.status == Status.OPEN
    closed = alice.post(at(three, "closing"), {"reason": "Boksen er byttet."}, follow=True)
    assert "Closed, and the customer is told." in closed.text
    assert three.conversation.status == Status.CLOSED
    alice.post(at(three, "closing", "end"))
    assert three.conversation.status == Status.OPEN


def test_closing_is_refused_while_an_answer_is_unsent(three: Three) -> None:
    three.answers()
    refused = three.browser(three.alice).post(at(three, "closing"), {"reason": "Færdig"})
    assert refused.status_code == 422
    assert "has not left yet" in refused.text
    assert three.conversation.status != Status.CLOSED


def test_dismissed_is_not_closed_and_comes_back(three: Three) -> None:
    alice = three.browser(three.alice)
    alice.post(at(three, "dismissal"), {"kind": "spam"})
    assert three.conversation.status == Status.DISMISSED
    assert Promise.objects.get().state == "void"
    alice.post(at(three, "dismissal", "end"))
    assert three.conversation.status == Status.OPEN


def test_a_sender_is_blocked_from_the_conversation_only_if_they_wrote_in_it(three: Three) -> None:
    alice = three.browser(three.alice)
    assert alice.post(at(three, "block"), {"address": "someone@else.example"}).status_code == 404
    alice.post(at(three, "block"), {"address": "henrik@post.example"})
    assert list(BlockedSender.objects.values_list("address", flat=True)) == ["henrik@post.example"]


def test_taking_what_another_took_first_says_who_has_it(three: Three) -> None:
    refused = three.browser(three.bob).post(at(three, "ownership"))
    assert refused.status_code == 409
    assert "Alice was first" in refused.text


def test_handing_over_needs_context(three: Three) -> None:
    alice, to = three.browser(three.alice), f"agent-{three.bob.pk}-{three.desk.team.pk}"
    assert alice.post(at(three, "hand-over"), {"to": to, "why": ""}).status_code == 422
    alice.post(at(three, "hand-over"), {"to": to, "why": "Du kender boksen."})
    assert three.conversation.owner == three.bob


def test_html_is_shown_in_a_frame_that_may_do_nothing(three: Three) -> None:
    from django.test import Client

    message = three.desk.writes("", html='<p>Hej</p><img src="https://spy.example/x.png">', by="ida@post.example")
    page = three.browser(three.alice).get(f"/conversations/{message.conversation_id}/").text
    address = page.split('src="/letters/')[1].split('"')[0]
    frame = Client().get(f"/letters/{address}")
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "script" not in policy
    assert "https:" not in policy.partition("img-src")[2].partition(";")[0].replace("http://testserver", "")
    assert "sandbox=" in page
    assert "<p>Hej</p>" in frame.text
    assert not frame.cookies


def test_markup_in_plain_text_is_shown_as_text(three: Three) -> None:
    message = three.desk.writes("<script>alert(1)</script> https://a.example/?q=<b>", by="eve@post.example")
    page = three.browser(three.alice).get(f"/conversations/{message.conversation_id}/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_unproved_sender_and_a_stranger_are_pointed_out(three: Three) -> None:
    three.desk.writes("Jeg er hans bror", by="bror@post.example", conversation=three.conversation, trust="unverified")
    page = three.browser(three.alice).get(at(three)).text
    assert "Nobody has proved that bror@post.example sent this." in page
    assert "bror@post.example is not the customer." in page


def test_htmx_gets_the_conversation_alone(three: Three) -> None:
    page = three.browser(three.alice).get(at(three), headers={"HX-Request": "true"}).text
    assert page.lstrip().startswith("<title>")
    assert '<main class="pane talk"' in page
    assert "<nav" not in page
    assert 'hx-swap-oob="outerHTML"' in page


def test_an_agent_looks_at_the_case_page_and_cannot_act_as_the_customer(three: Three) -> None:
    from django.test import Client

    address = three.browser(three.alice).get(at(three, "case")).headers["Location"]
    page = Client().get(f"{address}?lang=en")
    assert "Boksen kom i mandags" in page.text
    assert "Only the customer can act here." in page.text
    assert "<form" not in page.text
    for path in ("solution/", "link/", "messages/", "solution/end/"):
        assert Client().post(f"{address}{path}", {"text": "Hej"}).status_code == 404
    assert three.conversation.status == Status.OPEN
    assert three.browser(three.charlie).get(at(three, "case")).status_code == 403
    assert Client().get(address.replace("look.", "look.x")).status_code == 404


def test_search_finds_words_in_any_form_and_only_what_one_may_see(three: Three) -> None:
    alice, charlie = three.browser(three.alice), three.browser(three.charlie)
    assert "Boksen virker ikke" in alice.get("/search/?q=boks").text
    assert "Nobody wrote" in charlie.get("/search/?q=boks").text
    assert f"#{three.conversation.pk}" in alice.get(f"/search/?q={three.conversation.pk}").text


def test_search_names_who_wrote_it(three: Three) -> None:
    three.answers("Din boks er pakket.", by=three.bob)
    actions.note(three.conversation, by=three.alice, text="Der er flere bokse på lager.", now=the_clock.now())
    found = three.browser(three.alice).get("/search/?q=boks").text
    assert "Henrik: Boksen kom i mandags" in found
    assert "Bob: Din boks er pakket." in found
    assert "Note by Alice: Der er flere bokse" in found


def test_an_agent_writes_first(three: Three) -> None:
    three.browser(three.alice).post(
        "/conversations/new/",
        {
            "inbox": three.desk.inbox.pk,
            "email": "ny@post.example",
            "name": "Ny",
            "subject": "Din ordre",
            "text": "Hej Ny",
            "language": "da",
        },
    )
    begun = Conversation.objects.get(subject="Din ordre")
    assert (begun.status, begun.owner) == (Status.WAITING, three.alice)


def test_two_customers_become_one_and_two_again(three: Three) -> None:
    alice, other = three.browser(three.alice), three.desk.writes("Hej", by="henrik@arbejde.example")
    alice.post(at(three, "merge"), {"customer": other.identity.customer_id})
    other.refresh_from_db()
    assert other.identity.customer_id == three.conversation.customer_id
    page = alice.get(at(three)).text
    assert "Take apart" in page
    merge = page.split("/merge/")[-1].split("/")[0]
    alice.post(at(three, "merge", merge, "end"))
    other.identity.refresh_from_db()
    assert other.identity.customer_id != three.conversation.customer_id


def test_what_is_erased_is_not_known_in_another_case_of_the_same_customer(three: Three) -> None:
    said = three.desk.writes("Mit kundenummer er 4433.", subject="Regning")
    actions.hear(said, now=said.at)
    page = f"/conversations/{three.conversation.pk}/"
    assert "4433" in three.browser(three.alice).get(page).text
    Conversation.objects.filter(pk=said.conversation_id).update(status=Status.ERASED)
    assert "4433" not in three.browser(three.alice).get(page).text
