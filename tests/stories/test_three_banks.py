"""Story 4: a customer fills in the form at three banks. Each answers at once with a true time, and none forgets him."""

import re

import pytest
from django.test import Client

from holdord.conversations.models import Conversation, Message
from holdord.people.models import Inbox
from holdord.promises.models import Promise
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk
from tests.stories.cast import Letter, Stage, answer_owed

IVAR = "ivar.moen@epost.example"
ALL_OF_IT = (
    "Jeg vurderer å flytte alt til dere: boliglån, billån, lønnskonto og forsikring. Hva kan dere tilby, og hvem "
    "snakker jeg med?"
)


@pytest.fixture
def banks(stage: Stage) -> list[SmallDesk]:
    """Three desks, each with its own people."""
    return [stage.desk, small_desk(), small_desk()]


def fills_in(inbox: Inbox, clock: MovableClock) -> Message:
    """Ivar fills in the form in Norwegian and sends it."""
    browser, path = Client(), f"/write/{inbox.slug}/?lang=nb"
    page = browser.get(path).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    clock.passes(seconds=5)
    sent = browser.post(path, {**hidden, "text": ALL_OF_IT, "name": "Ivar Moen", "email": IVAR, "website": ""})
    assert sent.status_code == 303
    return Message.objects.get(conversation__inbox=inbox, kind="inbound")


def letters_to_ivar(stage: Stage) -> list[Letter]:
    return [Letter(caught) for caught in stage.sink.caught if IVAR in caught.recipients]


def test_each_bank_confirms_at_once_with_a_true_time_and_a_page(stage: Stage, banks: list[SmallDesk]) -> None:
    stage.clock.moves_to("Mon 10:00")
    asked = [fills_in(bank.inbox, stage.clock) for bank in banks]
    stage.works_off()
    letters = letters_to_ivar(stage)
    assert len(letters) == 3
    for message, letter in zip(asked, letters, strict=True):
        promise = answer_owed(message)
        assert letter.says_by(promise, language="nb")
        page = Client().get(letter.case_page)
        assert page.status_code == 200
        assert "boliglån, billån, lønnskonto" in page.content.decode()
        assert f'datetime="{promise.due_at.isoformat(timespec="minutes")}"' in page.content.decode()


def test_left_alone_it_climbs_warns_and_he_hears_from_us_before_the_time(stage: Stage, banks: list[SmallDesk]) -> None:
    # Given one bank answers, and at another nobody does
    stage.clock.moves_to("Mon 10:00")
    answered, forgotten = (fills_in(bank.inbox, stage.clock) for bank in banks[:2])
    stage.works_off()
    stage.agent("Jonas").answers(answered, "Hei Ivar, jeg ringer deg i dag.")
    # When time goes by
    other = banks[1].agent("Jonas")
    stage.time_goes_to("Mon 13:40")
    # Then it stands first, owner and lead were warned, and he has heard of the delay before it is one
    from holdord.routing.lists import next_up

    assert next_up(other, "mine")[0].number == forgotten.conversation_id
    promise = Promise.objects.get(conversation=forgotten.conversation_id)
    assert set(promise.warnings.values_list("level", flat=True)) == {"warn_owner", "warn_lead", "tell_customer"}
    assert promise.state == "moved"
    assert promise.moves.get().told_at < promise.first_due_at
    assert letters_to_ivar(stage)[-1].says_by(promise, language="nb")
    assert Promise.objects.get(conversation=answered.conversation_id).state == "kept"


def test_the_confirmation_does_not_stop_the_clock(stage: Stage, banks: list[SmallDesk]) -> None:
    stage.clock.moves_to("Mon 10:00")
    asked = fills_in(banks[0].inbox, stage.clock)
    stage.works_off()
    assert len(letters_to_ivar(stage)) == 1
    assert answer_owed(asked).state == "open"


def test_his_answer_to_the_confirmation_joins_the_same_case(stage: Stage, banks: list[SmallDesk]) -> None:
    asked = fills_in(banks[0].inbox, stage.clock)
    stage.works_off()
    ivar = stage.customer("Ivar", language="nb")
    ivar.address = IVAR
    joined = ivar.writes("Og jeg har et depositum også.", answering=ivar.latest)
    assert joined.conversation_id == asked.conversation_id
    assert Conversation.objects.count() == 1
