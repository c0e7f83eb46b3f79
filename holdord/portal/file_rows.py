"""The files of a case as its customer sees them. Their addresses end with the customer's link."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdord.conversations.models import Attachment, Participant, Picture
from holdord.web.files import Look, file_address
from holdord.web.letters import size_in_words
from holdord.web.pictures import unshown


@dataclass(slots=True)
class FileRow:
    """A file in the story; a picture has a small one to show and its size in pixels, `words` say what is not so."""

    name: str
    href: str
    size: str
    small: str = ""
    width: int = 0
    height: int = 0
    words: str = ""


def file_rows(participant: Participant, messages: Sequence[int]) -> dict[int, list[FileRow]]:
    """The files of these messages, by message."""
    found: dict[int, list[FileRow]] = {}
    rows = Attachment.objects.filter(message__in=messages, message__conversation=participant.conversation_id)
    for attachment in rows.select_related("blob").order_by("pk"):
        found.setdefault(attachment.message_id, []).append(_row(attachment, participant))
    return found


def _row(attachment: Attachment, participant: Participant) -> FileRow:
    def address(look: Look) -> str:
        return file_address(attachment.pk, attachment.name, look, given_to=participant)

    row = FileRow(attachment.name, "", size_in_words(attachment.blob.size), words=unshown(attachment.picture))
    if attachment.picture == Picture.READY:
        row.href, row.small = address(Look.LARGE), address(Look.SMALL)
        row.width, row.height = attachment.width, attachment.height
    elif attachment.picture != Picture.WAITING:
        row.href = address(Look.DOWNLOAD)
    return row
