"""What commands that print one JSON object a line have in common."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Any, Final, TextIO

_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def describe(parser: argparse.ArgumentParser, description: str, option: str) -> None:
    """Give `parser` its description, set as it stands, and the option that names this form."""
    parser.description = description
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(option, action="store_true", help="one JSON object a line (the only form there is)")


def line(fields: dict[str, Any]) -> str:
    """The object on one line; halves of characters, which UTF-8 can't carry, are replaced."""
    return _SURROGATES.sub("\ufffd", json.dumps(fields, ensure_ascii=False))


def write(stream: TextIO, text: str) -> None:
    """One line, at once: whoever reads waits for it."""
    stream.write(text + "\n")
    stream.flush()


def run_alone(
    name: str, add_arguments: Callable[[argparse.ArgumentParser], None], run: Callable[[argparse.Namespace], int]
) -> int:
    """Run a command as a program of its own, without Django; its exit code."""
    parser = argparse.ArgumentParser(prog=name)
    add_arguments(parser)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    return run(parser.parse_args())
