"""Files that people send with a form."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdord.conversations.actions import incoming_file
from holdord.conversations.rules import IncomingFile

MOST_BYTES = 25_000_000
"""All files of one message together."""

_TOO_HEAVY = gettext_lazy("Together the files are larger than 25 MB. Leave one out, or send it in a second message.")

MOST_FILES = 20


class ManyFiles(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none. What they may weigh together, and what is said of more, a page may say before they go."""

    widget = ManyFiles
    most_bytes, too_heavy = MOST_BYTES, _TOO_HEAVY

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # noqa: ARG002 - Django's signature
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > MOST_FILES:
            raise ValidationError(_("That is more than 20 files. Send the rest in a second message."))
        if sum(file.size or 0 for file in files) > MOST_BYTES:
            raise ValidationError(_TOO_HEAVY)
        return list(files)


def kept_files(uploads: Iterable[UploadedFile], *, now: datetime) -> list[IncomingFile]:
    """Uploaded files, kept, ready to hang on a message."""
    return [
        incoming_file(
            upload.read(), name=(upload.name or "file")[:255], content_type=upload.content_type or "", now=now
        )
        for upload in uploads
    ]
