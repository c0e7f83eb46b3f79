"""Story 13: the bear that stayed at the hotel; a whole series of pictures of its holiday, in and out."""

from email.message import EmailMessage

from django.conf import settings
from django.test import Client

from holdord.channels import jobs
from holdord.conversations import actions
from holdord.conversations.models import Attachment, Conversation, Message, Picture
from holdord.kernel import clock
from holdord.promises.queries import reply_leaves_at
from tests.stories.cast import Stage
from tests.support.photos import HEIC, SECRETS, opened, photo

PLACES = ["pool", "morgenmad", "elevator", "reception"]


def test_the_bears_holiday(stage: Stage) -> None:
    # Given a mother who writes with a picture of the bear from her phone
    mother, maja = stage.customer("Louise"), stage.agent("Maja")
    asked = writes_with_a_picture(stage, mother.name, mother.address)
    jobs.prepare_pictures()
    bear = Attachment.objects.get()
    assert (bear.picture, bear.name, bear.width) == (Picture.READY, "bamse.jpg", 480)
    # When the hotel answers with a series
    series = [(f"{place}.jpg", photo(800 + number, 600)) for number, place in enumerate(PLACES)]
    answers_with(stage, asked, "Bamse har det godt. Se selv!", series, by=maja.agent)
    # Then the mail shows them under the words, upright, and none says where it was taken
    mail = mother.latest.caught.message
    html = mail.get_body(("html",)).get_content()
    pictures = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    assert [part.get_filename() for part in pictures] == [name for name, _content in series]
    for part in pictures:
        assert f'src="cid:{part["Content-ID"].strip("<>")}"' in html
        assert part["Content-Disposition"].startswith("inline")
        content = part.get_payload(decode=True)
        assert opened(content).height > opened(content).width
        assert [secret for secret in SECRETS if secret in content] == []
    assert html.index("Se selv!") < html.index("<img") < html.index("Maja")
    # And they all stand on the case page, small, each leading to a large one
    page = Client().get(mother.latest.case_page).text
    assert page.count("<img") == len(series) + 1
    for place in PLACES:
        assert f'alt="{place}.jpg"' in page


def writes_with_a_picture(stage: Stage, name: str, address: str) -> Message:
    import smtplib

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{name} <{address}>", stage.inbox.address, "Bamsen"
    mail["Message-ID"] = "<bamse@post.example>"
    mail.set_content("Min søn har glemt sin bamse på værelse 214. Har I set den?")
    mail.add_attachment(HEIC.read_bytes(), maintype="application", subtype="octet-stream", filename="bamse.HEIC")
    with smtplib.SMTP("127.0.0.1", stage.smtp_port, timeout=10) as server:
        server.send_message(mail)
    stage.works_off()
    return Message.objects.get(message_id="bamse@post.example")


def answers_with(stage: Stage, asked: Message, text: str, series: list[tuple[str, bytes]], *, by) -> None:  # type: ignore[no-untyped-def]
    conversation, now = Conversation.objects.get(pk=asked.conversation_id), clock.now()
    actions.reply(
        conversation,
        by=by,
        text=text,
        seen=asked,
        not_before=reply_leaves_at(conversation, now=now),
        now=now,
        files=[
            actions.incoming_file(content, name=name, content_type="image/jpeg", now=now) for name, content in series
        ],
    )
    stage.clock.passes(seconds=settings.UNDO_SECONDS + 1)
    stage.works_off()  # nobody has prepared them: the sender does it before anything leaves
