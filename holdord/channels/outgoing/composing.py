"""What a message of ours looks like as a mail."""

from holdord.channels.email import tokens
from holdord.channels.email.writing import Letter, OutgoingFile
from holdord.conversations.actions import prepare_picture
from holdord.conversations.case_links import link_for
from holdord.conversations.models import Attachment, Kind, Message, Outgoing, Participant, Picture
from holdord.conversations.wording import case_page_line, signature, signature_below, works_lines
from holdord.files.actions import content_of
from holdord.fulfilment.codes import uncovered
from holdord.kernel import clock


def message_id_of(message: Message) -> str:
    """The Message-ID of `message`: the one it has, or the one it will have, whenever it is asked."""
    return message.message_id or tokens.message_id_for(
        message.pk, message.conversation.inbox.address.rpartition("@")[2]
    )


def compose(outgoing: Outgoing) -> Letter:
    """The letter of this row. Raises OSError when an attachment can't be read, or its picture not be drawn yet."""
    message = outgoing.message
    conversation, inbox = message.conversation, message.conversation.inbox
    parent = _answered(message)
    return Letter(
        message_id=message_id_of(message),
        at=message.at,
        from_name=signature(name=message.author.first_name, inbox=inbox.name).replace("\n", ", ")
        if message.author
        else inbox.name,
        from_address=inbox.address,
        to_name=message.identity.name if message.identity else "",
        to_address=outgoing.to,
        cc=tuple(outgoing.cc),
        reply_to=tokens.reply_address(inbox.address, conversation.pk),
        subject=message.subject,
        text=uncovered(message).strip(),
        closing=_closing(outgoing, message),
        language=message.language or conversation.language,
        in_reply_to=message_id_of(parent) if parent else "",
        references=_references(parent),
        files=tuple(_files(message)),
        is_automatic=message.is_automatic,
        answers_mail=parent is not None,
        loop=(tokens.LOOP_HEADER, tokens.loop_mark(message.pk)) if message.is_automatic else None,
        mark=tokens.body_mark(conversation.pk),
    )


def envelope_sender(outgoing: Outgoing) -> str:
    """Nobody for automatic mail, so that no machine answers it; else the reply address, so that bounces find back."""
    message = outgoing.message
    if message.is_automatic:
        return ""
    return tokens.reply_address(message.conversation.inbox.address, message.conversation_id)


def _answered(message: Message) -> Message | None:
    if message.seen and message.seen.message_id:
        return message.seen
    earlier = Message.objects.filter(conversation=message.conversation_id, pk__lt=message.pk).exclude(message_id="")
    newest_first = earlier.exclude(kind=Kind.NOTE).order_by("-pk")
    return newest_first.filter(kind=Kind.INBOUND, machine="").first() or newest_first.first()


def _references(parent: Message | None) -> tuple[str, ...]:
    return (*parent.references, message_id_of(parent)) if parent else ()


def _closing(outgoing: Outgoing, message: Message) -> str:
    conversation, parts = message.conversation, []
    if message.author:
        below = signature_below(message.text, name=message.author.first_name, inbox=conversation.inbox.name)
        parts += [below] if below else []
    # The link opens the case: only for the customer, and only when nobody else reads the mail.
    participant = Participant.objects.filter(
        conversation=conversation, identity=message.identity_id, is_customer=True
    ).first()
    if participant and not outgoing.cc and message.identity and outgoing.to == message.identity.address:
        link = link_for(participant)
        if link not in message.text:
            parts.append(case_page_line(link=link, language=conversation.language))
            if message.author and message.is_answer:
                parts.append(works_lines(link=link, language=conversation.language))
    return "\n\n".join(parts)


def _files(message: Message) -> list[OutgoingFile]:
    files = Attachment.objects.filter(message=message).select_related("blob").order_by("pk")
    # Nothing of a picture leaves before it is drawn anew, however short the undo window was.
    for waiting in files.filter(picture=Picture.WAITING).select_related("message"):
        prepare_picture(waiting, now=clock.now())
    return [
        OutgoingFile(file.name, file.content_type, content_of(file.blob), _content_id(file), file.width)
        for file in files.all()
    ]


def _content_id(file: Attachment) -> str:
    if file.picture == Picture.READY:
        return file.content_id or f"picture.{file.pk}@holdord.invalid"
    return file.content_id if file.is_inline else ""
