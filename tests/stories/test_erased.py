"""Erasure: hidden at once, undone for fourteen days, then destroyed; not a word is left in any table or file."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client

from holdord.conversations.jobs import hear_messages
from holdord.conversations.models import Alike, Conversation, Fact, Message
from holdord.fulfilment import jobs
from holdord.fulfilment.codes import figures_of
from holdord.fulfilment.models import Code, Erasure
from holdord.kernel import clock as the_clock
from holdord.people.models import Identity, Role
from holdord.promises.models import Promise
from tests.stories.cast import Customer, Stage

WORDS = "Jeg bor på Hortensiavej 17, og mit kundenummer er 88123456. Hvornår kommer boksen?"


def everything_kept() -> str:
    """Every value of every row of every table, and every file below the data directory that holds mail or attachments."""
    found = []
    for model in apps.get_models():
        found += [str(row) for row in model.objects.values()]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # keeps no words, only where each stands
            cursor.execute("SELECT count(*) FROM message_search WHERE message_search MATCH 'hortensiavej'")
            found += ["hortensiavej"] * cursor.fetchone()[0]
        else:
            cursor.execute("SELECT words FROM message_search")
            found += [str(row) for row in cursor.fetchall()]
    for folder in (Path(settings.DATA) / "raw", Path(settings.DATA) / "files"):
        found += [file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file()]
    return "\n".join(found)


@pytest.fixture
def gerda(stage: Stage) -> Customer:
    gerda = stage.customer("Gerda")
    message = gerda.writes(WORDS, subject="Flytning til Hortensiavej")
    hear_messages(now=the_clock.now())
    Fact.objects.create(
        conversation=message.conversation, message=message, label="Vej", value="Hortensiavej", at=the_clock.now()
    )
    stage.agent("Jonas").answers(message, "Hej Gerda, boksen sendes til Hortensiavej 17.")
    gerda.writes("Tak, men Hortensiavej er lukket i dag.", subject="Re: Flytning", answering=gerda.latest)
    return gerda


def has_it_erased(stage: Stage, gerda: Customer) -> str:
    browser, path = Client(), gerda.latest.case_page
    browser.post(f"{path}codes/erase/")
    stage.works_off()
    code = figures_of(Code.objects.latest("pk"))
    assert code in gerda.latest.text
    assert browser.post(f"{path}codes/erase/proof/", {"code": code}).status_code == 303
    stage.works_off()
    return path


def lead(stage: Stage) -> Client:
    client = Client()
    client.force_login(stage.desk.agent("Ada", Role.ADMINISTRATOR))
    return client


def test_nobody_sees_it_from_that_moment_and_it_comes_back_whole(stage: Stage, gerda: Customer) -> None:
    number, ada = Conversation.objects.get().pk, lead(stage)
    other = stage.customer("Mette").writes("Hej", subject="Noget andet").conversation_id
    Alike.objects.create(conversation_id=other, other_id=number, likeness=0.9)
    merge = f"/conversations/{other}/merge/?q=Gerda"
    assert "gerda@post.example" in ada.get(merge).text
    assert "Hortensiavej" in ada.get(f"/conversations/{other}/").text
    assert "Hortensiavej" in ada.get(f"/conversations/{number}/").text
    assert "Hortensiavej" in ada.get("/search/?q=Flytning").text
    # When she has everything erased
    path = has_it_erased(stage, gerda)
    # Then no page of the desk and none of hers shows it, and nothing is owed that nobody can see
    for page in (
        f"/conversations/{number}/",
        f"/conversations/{other}/",
        "/next/?show=all",
        "/lists/waiting/",
        "/search/?q=Flytning",
        "/board/",
    ):
        assert "Hortensiavej" not in ada.get(page).text
    assert ada.get(f"/conversations/{number}/").status_code in {403, 404}
    assert "gerda@post.example" not in ada.get(merge).text
    hers = Client().get(f"{path}?lang=en").text
    assert "Everything about you is hidden" in hers
    assert "Hortensiavej" not in hers
    assert not Promise.objects.running().filter(conversation=number).exists()
    assert "skjult, som du bad om" in gerda.latest.text
    # What she writes then opens a case of its own
    gerda.writes("Noget helt andet.", subject="Re: Flytning", answering=gerda.latest)
    assert Conversation.objects.count() == 3
    # And when she undoes it, all is there again, and the answer is owed again
    address = re.search(r'action="([^"]+undo/[^"]*)"', hers)[1].replace("&amp;", "&")
    assert Client().post(address).status_code == 303
    assert "Hortensiavej" in ada.get(f"/conversations/{number}/").text
    assert Promise.objects.running().filter(conversation=number, kind="answer").exists()
    stage.clock.passes(days=15)
    assert jobs.destroy_erased() == 0


def test_after_fourteen_days_not_a_word_is_left(stage: Stage, gerda: Customer) -> None:
    path = has_it_erased(stage, gerda)
    stage.clock.passes(days=13)
    assert jobs.destroy_erased() == 0
    assert "Hortensiavej" in everything_kept()
    stage.clock.passes(days=2)
    assert jobs.destroy_erased() == 1
    assert jobs.destroy_erased() == 0
    left = everything_kept()
    for word in ("Hortensiavej", "hortensiavej", "88123456", "Gerda", "gerda@post.example", "Flytning"):
        assert word not in left, left[left.index(word) - 200 : left.index(word) + 50]
    assert Erasure.objects.get().destroyed_at is not None
    # What we did is still counted, and her link leads nowhere.
    assert Message.objects.exists()
    assert Client().get(path).status_code == 404


def test_an_address_that_only_an_agent_says_is_hers_is_left_alone(stage: Stage, gerda: Customer) -> None:
    other = stage.customer("Mette").writes("Noget om Nygade", subject="Nygade")
    Identity.objects.filter(address="mette@post.example").update(
        customer=Identity.objects.get(address="gerda@post.example").customer
    )
    Conversation.objects.filter(pk=other.conversation_id).update(
        customer=Identity.objects.get(address="gerda@post.example").customer
    )
    has_it_erased(stage, gerda)
    assert Conversation.objects.get(pk=other.conversation_id).status == "open"
    stage.clock.passes(days=15)
    jobs.destroy_erased()
    assert "Nygade" in everything_kept()
