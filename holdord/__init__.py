"""Holdord: a self-hosted customer-service desk that keeps its word.

Debian's SQLite predates a fix for a rare WAL corruption with several connections (see "WAL-reset bug" on
sqlite.org, fixed in 3.51.3), so every process takes the build that `pysqlite3` ships. This must happen before
Django imports `sqlite3`, and never may two builds touch one file: hence here, in the first module of all.
"""

import sys

import pysqlite3
import pysqlite3.dbapi2

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

__version__ = "0.1.0"
