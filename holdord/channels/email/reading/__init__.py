"""Reading mail: from any bytes to a `ReadMail`, in bounded time and memory.

Plain Python, no framework and no database. `read` never raises; what was wrong stands in `defects`. Anything above a
megabyte, or suspicious, is read by `confined.read_confined` in a process of its own.
"""

from holdord.channels.email.reading.message import read
from holdord.channels.email.reading.values import Address, Attachment, AuthenticationResult, Machine, ReadMail

__all__ = ["Address", "Attachment", "AuthenticationResult", "Machine", "ReadMail", "read"]
