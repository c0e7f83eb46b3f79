"""The case page as the customer sees it, for agents: to look at, not to act in the customer's name.

An agent never gets the customer's own link. What they get is signed apart, holds for an hour, and opens no form.
"""

from django.core import signing

from holdord.conversations.models import Participant

_SALT = "holdord.web.previews"
_MARK = "look."
HOLDS_FOR = 3600


def preview_token(participant: Participant) -> str:
    """What stands in the address instead of the customer's token."""
    return _MARK + signing.dumps(participant.pk, salt=_SALT)


def previewed(token: str) -> Participant | None:
    """Whose case page an agent may look at with this token; None for one that is none of ours or too old."""
    if not token.startswith(_MARK):
        return None
    try:
        key = signing.loads(token.removeprefix(_MARK), salt=_SALT, max_age=HOLDS_FOR)
    except signing.BadSignature:
        return None
    rows = Participant.objects.select_related("conversation__inbox", "conversation__customer", "conversation__owner")
    return rows.filter(pk=key).first()
