"""Where things stand on the desk."""

from holdord.web.addresses import address


def message_address(conversation: int, message: int) -> str:
    """The address of one message in its conversation."""
    return f"{address('desk:conversation', conversation)}?message={message}#message-{message}"
