"""Show what mails say."""

from holdord.channels.email.reading.command import DESCRIPTION, run
from holdord.channels.email.reading.command import add_arguments as arguments

HELP = DESCRIPTION
EXAMPLES = """examples:
  holdord parse mail.eml --json
  holdord parse maildir/cur/* --json > mails.jsonl
"""

__all__ = ["EXAMPLES", "HELP", "arguments", "run"]
