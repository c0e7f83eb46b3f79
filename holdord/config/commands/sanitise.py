"""Clean HTML the way messages are cleaned."""

from holdord.channels.email.reading.sanitise_command import DESCRIPTION, run
from holdord.channels.email.reading.sanitise_command import add_arguments as arguments

HELP = DESCRIPTION
EXAMPLES = """examples:
  holdord sanitise --jsonl < bodies.jsonl > clean.jsonl
"""

__all__ = ["EXAMPLES", "HELP", "arguments", "run"]
