"""When the database ends a transaction because another held what it needed. Nothing of it was written."""

from django.db import OperationalError


def was_rolled_back_for_another(trouble: BaseException) -> bool:
    """Whether PostgreSQL ended it: the errors of class 40 (two waited for each other) and 55P03 (a lock was not to be
    had in time). Done again it may well go through.
    """
    if not isinstance(trouble, OperationalError):
        return False
    state = getattr(trouble.__cause__, "sqlstate", None) or ""
    return state.startswith("40") or state == "55P03"


def is_too_much(trouble: BaseException) -> bool:
    """Whether what was written is beyond what PostgreSQL holds (class 54: an index entry too large, too long a text).
    It is the row's trouble, though Django calls it the database's: done again it fails again.
    """
    state = getattr(trouble.__cause__, "sqlstate", None) or ""
    return isinstance(trouble, OperationalError) and state.startswith("54")


def waited_in_vain(trouble: BaseException) -> bool:
    """That, or SQLite's "database is locked", which was waited for long already."""
    is_locked = isinstance(trouble, OperationalError) and "database is locked" in str(trouble)
    return is_locked or was_rolled_back_for_another(trouble)
