"""The case page: one private link, no cookies, no script; what we owe, what was said, what can be done."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdord.conversations import actions, case_links
from holdord.conversations.models import Fact, Kind, Message, Participant, Request, RequestKind, Status
from holdord.fulfilment.models import Deed
from holdord.promises.models import Promise
from holdord.promises.queries.measures import kept_since
from holdord.promises.rules import Kept
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


@pytest.fixture
def asked(desk: SmallDesk) -> Message:
    return desk.writes("Hvornår kommer boksen?")


def link(message: Message) -> str:
    participant = Participant.objects.get(conversation=message.conversation, is_customer=True)
    return f"/case/{case_links.token_for(participant)}/"


def test_it_shows_what_was_asked_and_what_is_promised_by_when(asked: Message) -> None:
    page = Client().get(f"{link(asked)}?lang=en")
    assert page.status_code == 200
    assert "Hi Henrik. We owe you an answer." in page.text
    assert "today by 14:05" in page.text
    assert "Hvornår kommer boksen?" in page.text


def test_the_page_leaves_no_trace(asked: Message) -> None:
    page = Client().get(link(asked))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert not page.cookies


def test_looking_changes_nothing(asked: Message) -> None:
    before = (Message.objects.count(), list(Promise.objects.values()), Participant.objects.get().epoch)
    for path in ("", "solution/", "solution/end/", "link/", "messages/"):
        Client().get(f"{link(asked)}{path}")
    assert (Message.objects.count(), list(Promise.objects.values()), Participant.objects.get().epoch) == before


def test_notes_drafts_and_strangers_are_not_in_it(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    jonas = desk.agent("Jonas")
    actions.note(asked.conversation, by=jonas, text="Kendt fejl, han er tålmodig", now=clock.now())
    actions.save_draft(asked.conversation, by=jonas, text="Kære Henrik, kladde", now=clock.now())
    desk.writes("Jeg er hans nabo", by="nabo@post.example", conversation=asked.conversation)
    actions.reply(
        fresh(asked.conversation),
        by=jonas,
        text="Endnu ikke sendt",
        seen=asked,
        not_before=clock.now(),
        now=clock.now(),
    )
    page = Client().get(link(asked)).text
    for hidden in ("Kendt fejl", "kladde", "nabo", "Endnu ikke sendt"):
        assert hidden not in page


def test_a_reply_is_shown_word_for_word_once_it_is_sent(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    actions.reply(
        fresh(asked.conversation),
        by=desk.agent("Jonas"),
        text="Den kommer i dag.",
        seen=asked,
        not_before=clock.now(),
        now=clock.now(),
    )
    desk.sends_all()
    page = Client().get(f"{link(asked)}?lang=en").text
    assert "Den kommer i dag." in page
    assert "Jonas, Lysbro" in page
    assert "You have our answer." in page


def test_a_broken_promise_is_shown_as_broken(asked: Message, clock: MovableClock) -> None:
    from holdord.promises.jobs import tick

    clock.moves_to("Mon 18:00")
    while tick(now=clock.now()):
        pass
    page = Client().get(f"{link(asked)}?lang=en").text
    assert 'class="promise" data-state="broken"' in page
    assert "We did not keep it, and we are sorry." in page


def test_the_customer_writes_with_a_file_and_twice_is_once(asked: Message) -> None:
    for _ in range(2):
        upload = SimpleUploadedFile("fejl.png", b"\x89PNG", "image/png")
        response = Client().post(
            f"{link(asked)}messages/", {"text": "Her er et billede", "attached": [upload], "key": "k1"}
        )
        assert response.status_code == 303
    written = Message.objects.filter(kind=Kind.INBOUND).last()
    assert Message.objects.filter(kind=Kind.INBOUND).count() == 2
    assert (written.channel, written.text, written.trust) == ("page", "Her er et billede", "verified")
    assert written.attachments.get().name == "fejl.png"


def test_an_empty_message_comes_back_with_what_to_do(asked: Message) -> None:
    page = Client().post(f"{link(asked)}messages/?lang=en", {"text": ""})
    assert page.status_code == 422
    assert "Write a few words first" in page.text


def test_who_needs_no_answer_any_more_was_not_answered(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    clock.passes(minutes=1)
    done = Client().post(f"{link(asked)}solution/?lang=en")
    assert done.status_code == 303
    assert fresh(asked.conversation).status == Status.CLOSED
    assert Promise.objects.get().state == "released"
    assert kept_since([desk.team.pk], clock.now() - timedelta(days=1)) == Kept(0, 0, 0)
    page = Client().get(f"{link(asked)}?lang=en").text
    assert "You told us that you no longer need it." in page
    assert "Svar fra et menneske" in page  # what is over is named: nobody "answers you" any more
    assert "Et menneske svarer dig" not in page
    assert "solution/end/" in Client().get(done.headers["Location"]).text
    Client().post(f"{link(asked)}solution/end/")
    assert fresh(asked.conversation).status == Status.OPEN


def test_a_solution_of_ours_that_was_accepted_keeps_the_answer(
    desk: SmallDesk, asked: Message, clock: MovableClock
) -> None:
    now = clock.now()
    actions.reply(
        fresh(asked.conversation), by=desk.agent("Jonas"), text="Nu virker den.", seen=asked, not_before=now, now=now
    )
    desk.sends_all()
    desk.writes("Så er det på plads.", conversation=asked.conversation)
    Client().post(f"{link(asked)}solution/")
    assert [promise.state for promise in Promise.objects.order_by("pk")] == ["kept", "kept"]


def test_a_closed_case_is_titled_as_closed(desk: SmallDesk, asked: Message, clock: MovableClock) -> None:
    request = actions.ask(asked.conversation, RequestKind.CANCEL, now=clock.now())
    Deed.objects.create(request=request, direction="do", way="task", begun_at=clock.now(), next_at=clock.now())
    Request.objects.update(state="fulfilled", settled_at=clock.now())
    assert "Hi Henrik. It is cancelled." in Client().get(f"{link(asked)}?lang=en").text
    Client().post(f"{link(asked)}solution/")
    assert "Hi Henrik. Your case is closed." in Client().get(f"{link(asked)}?lang=en").text


def test_who_works_here_sees_that_the_customer_closed_it(desk: SmallDesk, asked: Message) -> None:
    Client().post(f"{link(asked)}solution/")
    browser = Client()
    browser.force_login(desk.agent("Jonas"))
    page = browser.get(f"/conversations/{asked.conversation_id}/").text
    assert ("The customer said that it works: it is closed" in page, "The desk closed it" in page) == (True, False)


def test_a_letter_stands_above_what_it_answers_in_the_same_moment(desk: SmallDesk, asked: Message) -> None:
    desk.sends_all()
    Message.objects.filter(conversation=asked.conversation).update(at=asked.at)
    page = Client().get(f"{link(asked)}?lang=en").text
    assert page.index("a message that the desk wrote by itself") < page.index("You wrote a mail")


def test_a_new_link_makes_the_old_one_worthless(asked: Message) -> None:
    old = link(asked)
    fresh_link = Client().post(f"{old}link/").headers["Location"].partition("?")[0]
    assert Client().get(old).status_code == 404
    assert Client().get(fresh_link).status_code == 200


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "AAAA/BBBB"])
def test_a_guessed_link_leads_nowhere(db: None, token: str) -> None:
    assert Client().get(f"/case/{token}/").status_code == 404


def test_a_changed_link_leads_nowhere(asked: Message) -> None:
    address = link(asked)
    changed = address[:-3] + ("A" if address[-3] != "A" else "B") + address[-2:]
    assert Client().get(changed).status_code == 404


def test_a_form_from_another_site_is_refused(asked: Message) -> None:
    address = f"{link(asked)}solution/"
    assert Client().post(address, headers={"Origin": "https://evil.example"}).status_code == 403
    assert Client().post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert fresh(asked.conversation).status == Status.OPEN
    assert Client().post(address, headers={"Origin": "http://testserver"}).status_code == 303


def test_the_reader_chooses_the_language(asked: Message) -> None:
    languages = re.findall(r'hreflang="(\w\w)"', Client().get(f"{link(asked)}?lang=de").text)
    assert languages == ["da", "nb", "sv", "en"]


def test_the_customer_corrects_what_they_told_us(desk: SmallDesk, asked: Message) -> None:
    said = desk.writes("Mit kundenummer er 4433. Vi flytter den 3. april.", conversation=asked.conversation)
    actions.hear(said, now=said.at)
    page = Client().get(f"{link(asked)}?lang=en").text
    assert "Customer number: 4433" in page
    number, day = Fact.objects.get(label="customer"), Fact.objects.get(label="date")
    assert Client().post(f"{link(asked)}facts/{number.pk}/", {"value": " 4434 "}).status_code == 303
    assert Client().post(f"{link(asked)}facts/{number.pk}/", {"value": "4435"}).status_code == 303
    assert Client().post(f"{link(asked)}facts/{day.pk}/", {"value": day.value, "remove": "1"}).status_code == 303
    page = Client().get(f"{link(asked)}?lang=da").text
    assert ("Kundenummer: 4434" in page, "4433" in page, "4435" in page) == (True, True, False)
    assert list(Fact.objects.filter(corrected_at=None).values_list("value", flat=True)) == ["4434"]


def test_a_moment_they_told_us_is_picked_on_their_clock(desk: SmallDesk, asked: Message) -> None:
    said = desk.writes("Jeg skal bruge den inden den 3. april kl. 12.", conversation=asked.conversation)
    actions.hear(said, now=said.at)
    told = Fact.objects.get(label="deadline")
    page = Client().get(f"{link(asked)}?lang=en").text
    assert 'type="datetime-local" name="value" value="2026-04-03T12:00"' in page
    Client().post(f"{link(asked)}facts/{told.pk}/", {"value": "2026-04-03T12:00"})
    assert Fact.objects.get(label="deadline") == told  # nothing was changed
    Client().post(f"{link(asked)}facts/{told.pk}/", {"value": "2026-04-05T14:30"})
    assert Fact.objects.get(corrected_at=None).value == "2026-04-05T14:30:00+02:00"


def test_a_day_corrected_in_words_stays_in_words(desk: SmallDesk, asked: Message) -> None:
    said = desk.writes("Vi flytter den 3. april.", conversation=asked.conversation)
    actions.hear(said, now=said.at)
    Client().post(f"{link(asked)}facts/{Fact.objects.get().pk}/", {"value": "efter påske"})
    assert 'type="text" name="value" value="efter påske"' in Client().get(f"{link(asked)}?lang=da").text


def test_nobody_corrects_another_customers_facts(desk: SmallDesk, asked: Message) -> None:
    said = desk.writes("Mit kundenummer er 4433.", by="ida@post.example")
    actions.hear(said, now=said.at)
    theirs = Fact.objects.get()
    assert Client().post(f"{link(asked)}facts/{theirs.pk}/", {"value": "1"}).status_code == 404
    assert Client().post(f"/case/guessed/facts/{theirs.pk}/", {"value": "1"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.corrected_at is None
