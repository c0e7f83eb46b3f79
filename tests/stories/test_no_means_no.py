"""Stories 1, 3, 8, 14 and 15, as far as listening carries them: what was asked is heard, what we are about to say is seen."""

import pytest
from django.test import Client

from holdord.conversations import jobs
from holdord.conversations.models import Fact, Kind, Message, Request, SentAnyway
from holdord.people.models import Role
from tests.stories.cast import Stage


def hear(stage: Stage) -> None:
    while jobs.hear_messages(now=stage.clock.now()):
        pass


def send(stage: Stage, message: Message, text: str, **more: str) -> int:
    """An agent sends a reply from the desk; the answer's status."""
    client = Client()
    client.force_login(stage.agent("Jonas").agent)
    newest = message.conversation.messages.order_by("-pk").values_list("pk", flat=True)[0]
    fields = {"kind": "reply", "text": text, "seen": str(newest), **more}
    return client.post(f"/conversations/{message.conversation_id}/messages/", fields).status_code


def test_a_subscriber_says_no_twice(stage: Stage) -> None:
    # Given a subscriber who wants to leave
    lars = stage.customer("Lars")
    first = lars.writes("Jeg vil gerne opsige mit abonnement.", subject="Opsigelse")
    hear(stage)
    # Then his first message makes the request, pinned above the messages
    request = Request.objects.get()
    assert (request.kind, request.said) == ("cancel", 1)
    # When we make our one offer, and he says no
    offer = "Vi vil nødig miste dig. Du får tre måneder gratis, hvis du bliver."
    assert send(stage, first, offer, send_anyway="1") == 302
    stage.clock.passes(minutes=5)
    stage.works_off()
    lars.writes("Nej tak. Jeg vil opsige mit abonnement.", subject="Re: Opsigelse", answering=lars.latest)
    hear(stage)
    # Then it is counted, and no further offer leaves without a reason that the lead sees
    request.refresh_from_db()
    assert request.said == 2
    lead = Client()
    lead.force_login(stage.desk.agent("Hanne", Role.LEAD))
    assert "Had to be said again" in lead.get("/board/").text
    assert send(stage, first, offer, send_anyway="1") == 422
    done = "Dit abonnement er opsagt pr. 31. marts. Du kan fortryde indtil da."
    assert send(stage, first, done, send_anyway="1") == 302


def test_an_insult_does_not_leave_by_itself(stage: Stage) -> None:
    asked = stage.customer("Mette").writes("Ekspedienten kaldte mig dum. Jeg vil klage over hende.", subject="Klage")
    insult = "Hold nu op med at pive, du er jo hysterisk."
    assert send(stage, asked, insult) == 422
    assert not Message.objects.filter(kind=Kind.OUTBOUND, is_automatic=False).exists()
    assert send(stage, asked, insult, guard_reason="Citat, som hun bad om") == 302
    assert SentAnyway.objects.get().slips == ["insult"]
    lead = Client()
    hanne = stage.desk.agent("Hanne", Role.LEAD)
    lead.force_login(hanne)
    assert "Citat, som hun bad om" in lead.get("/board/").text


@pytest.mark.parametrize(
    ("language", "reply", "title"),
    [
        ("de", "Sie befolgen unseren Prozess nicht. Sie müssen erst das Formular im Portal ausfüllen.", "Our process"),
        ("en", "The courier lost your shoes, so it is their fault and not ours.", "Blames someone else"),
    ],
)
def test_our_process_and_the_carriers_fault_are_marked(stage: Stage, language: str, reply: str, title: str) -> None:
    asked = stage.customer("Katharina", language=language).writes(
        "Wann kommt die Antwort aus der Technik? Ich warte seit Wochen darauf."
        if language == "de"
        else "Where are my wedding shoes? The wedding is on Saturday and I need them by then.",
        subject="Frage",
    )
    client = Client()
    client.force_login(stage.agent("Jonas").agent)
    margin = client.post(f"/conversations/{asked.conversation_id}/draft/guard/", {"kind": "reply", "text": reply}).text
    assert title in margin


def test_an_error_he_told_is_a_fact_and_not_asked_again(stage: Stage) -> None:
    asked = stage.customer("Jørgen").writes("Der står HTTP 500, REST 11004 på skærmen.", subject="Boksen virker ikke")
    hear(stage)
    assert {fact.value for fact in Fact.objects.all()} == {"HTTP 500", "REST 11004"}
    client = Client()
    client.force_login(stage.agent("Jonas").agent)
    text = "Hvilken fejlkode står der på skærmen?"
    margin = client.post(f"/conversations/{asked.conversation_id}/draft/guard/", {"kind": "reply", "text": text}).text
    assert "The customer has already told us" in margin
