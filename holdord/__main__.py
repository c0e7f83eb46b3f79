"""The `holdord` command: finds the module of the subcommand, and loads no other."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

COMMANDS = {
    "demo": "run a desk full of stories, to try it",
    "serve": "run the whole desk in one process: pages, worker and mail in",
    "web": "run the pages alone",
    "worker": "run the worker alone",
    "smtp": "run the mail listener alone",
    "init": "create the data directory, the database and the first administrator",
    "upgrade": "back up, then bring the database to this version",
    "backup": "write a consistent copy while the desk runs",
    "restore": "put a copy back",
    "user": "add, list and deactivate people, set passwords",
    "orders": "take a table (CSV) of orders and of what became of them",
    "pools": "list what promises draw on, set places from a table (CSV)",
    "token": "make, list and revoke access for programs",
    "mailbox": "add, list, try and remove IMAP mailboxes",
    "promises": "list, give, move, keep and release promises; the board as text",
    "pipe": "take one mail from standard input (for a mail server's alias or .forward)",
    "import-mail": "import mbox files, Maildirs and .eml files",
    "parse": "show what mails say, one JSON object a line",
    "read": "show what texts say: requests, promises, questions",
    "sanitise": "clean HTML the way messages are cleaned",
    "doctor": "check that this installation is well",
    "bench": "measure this machine",
    "simulate": "compare the desk's rules with plain queues, in simulated time",
}
TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h."""

WITHOUT_DJANGO = frozenset({"parse", "read", "sanitise", "simulate"})
"""They touch no table, and must start fast."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with the command's exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["pipe"]:
        sys.exit(_pipe(given))
    sys.exit(_run(given))


def _pipe(given: list[str]) -> int:
    # A mail server returns the mail to its sender on any code but 0 and 75: a typing error in its aliases, or a broken
    # installation, must keep the mail there.
    try:
        return _run(given)
    except SystemExit as ended:
        return TRY_AGAIN if ended.code else 0
    except Exception as trouble:  # noqa: BLE001 - the edge of the program
        sys.stderr.write(f"holdord pipe: {type(trouble).__name__}: {trouble}\n")
        return TRY_AGAIN


def _run(given: list[str]) -> int:
    # Only the module of the command that is meant gets loaded: the others would cost a tenth of a second each.
    name = next((word for word in given if word in COMMANDS), None)
    module: Any = import_module(f"holdord.config.commands.{name.replace('-', '_')}") if name else None
    options = _parser(name, module).parse_args(given)
    if module is None:
        return 2
    if name not in WITHOUT_DJANGO:
        before = getattr(module, "before_settings", None)
        refused = _set_up(before, verbose=options.verbose)
        if refused:
            sys.stderr.write(f"holdord: {refused}\n")
            return int(getattr(module, "EXIT_WHEN_REFUSED", 2))
    try:
        return int(module.run(options))
    except KeyboardInterrupt:
        return 130


def _parser(name: str | None, module: Any) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="holdord",
        description="A customer-service desk that keeps its word.",
        epilog="holdord COMMAND --help tells more. Settings come from the environment: docs/settings.md.",
    )
    parser.add_argument("--version", action="version", version=_version())
    parser.add_argument("--verbose", action="store_true", help="log what happens")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for known, help_text in COMMANDS.items():
        if known != name:
            commands.add_parser(known, help=help_text)
            continue
        own = commands.add_parser(
            known,
            help=help_text,
            description=module.HELP,
            epilog=getattr(module, "EXAMPLES", None),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(own)
    return parser


def _set_up(before: Callable[[], None] | None, *, verbose: bool) -> str | None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdord.config.settings")
    from holdord.config.environment import BadSetting  # noqa: PLC0415 - parse and sanitise need no settings

    try:
        if before:
            before()
        import django  # noqa: PLC0415 - see above

        django.setup()
    except (BadSetting, OSError) as refusal:
        return str(refusal)
    return None


def _version() -> str:
    from holdord import __version__  # noqa: PLC0415 - the package is this file's parent

    return f"holdord {__version__}"


if __name__ == "__main__":
    main()
