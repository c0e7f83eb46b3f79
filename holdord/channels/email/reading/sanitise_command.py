"""`holdord sanitise --jsonl`: lines {"id", "html"} in and out, through the sanitiser of every message."""

import argparse
import json
import sys
from typing import Any, BinaryIO, Final, TextIO

from holdord.channels.email.reading import json_lines
from holdord.channels.email.reading.sanitise import sanitise

DESCRIPTION: Final = """\
Reads JSON objects {"id": ..., "html": "..."}, one a line, from standard input, and prints {"id", "html"} with the HTML
as a message's would be shown. A line that is no such object gives {"id", "error"}; nothing stops the others.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    json_lines.describe(parser, DESCRIPTION, "--jsonl")


def run(arguments: argparse.Namespace, source: BinaryIO | None = None, out: TextIO | None = None) -> int:
    """Prints a line for every line read. Always 0."""
    stream = out or sys.stdout
    for line in source or sys.stdin.buffer:
        if line.strip():
            json_lines.write(stream, json_lines.line(_answer(line)))
    return 0


def _answer(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8", "replace").removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"not JSON: {type(error).__name__}"}
    if not isinstance(fields, dict) or not isinstance(fields.get("html"), str):
        return {"id": fields.get("id") if isinstance(fields, dict) else None, "error": 'no text under "html"'}
    return {"id": fields.get("id"), "html": sanitise(fields["html"])}


if __name__ == "__main__":
    sys.exit(json_lines.run_alone("holdord sanitise", add_arguments, run))
