"""Story 5: what he wrote stands word for word, and nobody of the same name is mixed in."""

from holdord.conversations import actions
from holdord.conversations.models import Conversation, Fact
from holdord.kernel import clock
from holdord.people.actions import merge, undo_merge
from holdord.people.models import Customer
from tests.stories.cast import Stage

NEW_HERE = "Eg ønskjer flytande rente på billånet mitt. Eg er ny hos dykk og har ikkje snakka med nokon før."


def test_a_namesakes_history_does_not_mix_in(stage: Stage) -> None:
    # Given Kjetil Haugen, a customer for years, and another Kjetil Haugen who writes for the first time
    old = stage.desk.writes("Jeg vil binde renten på boliglånet.", by="kjetil@gammel.example", name="Kjetil Haugen")
    new = stage.desk.writes(NEW_HERE, by="kjetil@epost.example", name="Kjetil Haugen", facts=(("Lån", "Billån"),))
    # Then they are two, and the new one's page shows his own words and facts alone
    assert old.conversation.customer != new.conversation.customer
    assert Customer.objects.filter(name="Kjetil Haugen").count() == 2
    assert list(Conversation.objects.filter(customer=new.conversation.customer)) == [new.conversation]
    assert new.text == NEW_HERE
    assert [(fact.value, fact.told, fact.message) for fact in Fact.objects.all()] == [("Billån", True, new)]


def test_a_wrong_merge_is_undone_exactly(stage: Stage) -> None:
    jonas = stage.agent("Jonas").agent
    old = stage.desk.writes("Jeg vil binde renten.", by="kjetil@gammel.example", name="Kjetil Haugen").conversation
    new = stage.desk.writes(NEW_HERE, by="kjetil@epost.example", name="Kjetil Haugen").conversation
    journal = merge(keep=old.customer, absorb=new.customer, by=jonas, now=clock.now())
    assert Conversation.objects.get(pk=new.pk).customer == old.customer
    undo_merge(journal, by=jonas, now=clock.now())
    assert Conversation.objects.get(pk=new.pk).customer == new.customer


def test_an_agent_who_has_not_seen_his_last_words_has_not_answered_them(stage: Stage) -> None:
    kjetil, ingvild = stage.customer("Kjetil", language="nb"), stage.agent("Ingvild")
    first = kjetil.writes(NEW_HERE, subject="Billån")
    kjetil.writes("Eg gløymde å seie: det hastar ikkje.", subject="Re: Billån", answering=kjetil.latest)
    ingvild.answers(first, "Hei Kjetil, du får flytende rente fra i dag.")
    conversation = Conversation.objects.get(pk=first.conversation_id)
    states = conversation.promises.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["kept", "open"]
    actions.take(conversation, by=ingvild.agent, now=clock.now())
    assert ingvild.next_up[0].conversation == conversation
