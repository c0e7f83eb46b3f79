"""format=flowed (RFC 3676): paragraphs as they were written, before the sender's program broke the lines."""


def unflow(text: str, *, delete_space: bool) -> str:
    """Joins lines that end in a blank with the next of the same quote depth; `delete_space` is DelSp=yes."""
    paragraphs: list[str] = []
    pending: str | None = None
    pending_depth = 0
    for line in text.split("\n"):
        depth, content = _depth_and_content(line)
        is_signature = content == "-- "
        if pending is not None and (depth != pending_depth or is_signature):
            paragraphs.append(_quoted(pending.rstrip(" "), pending_depth))
            pending = None
        content = content if pending is None else pending + content
        if content.endswith(" ") and not is_signature:
            pending, pending_depth = (content[:-1] if delete_space else content), depth
        else:
            paragraphs.append(_quoted(content, depth))
            pending = None
    if pending is not None:
        paragraphs.append(_quoted(pending.rstrip(" "), pending_depth))
    return "\n".join(paragraphs)


def _depth_and_content(line: str) -> tuple[int, str]:
    content = line.lstrip(">")
    depth = len(line) - len(content)
    return depth, content[1:] if content.startswith(" ") else content  # space-stuffing (§4.4)


def _quoted(content: str, depth: int) -> str:
    return f"{'>' * depth} {content}" if depth else content
