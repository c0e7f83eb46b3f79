"""Reading settings from the environment, loudly: nonsense is refused with the name and what would be right.

Any `NAME` may be given as `NAME_FILE`, the path of a file that holds the value (for secrets).
"""

import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(Exception):
    """A setting that can't be used; the message says how to mend it."""


def in_tests() -> bool:
    """Whether pytest runs this process."""
    return "pytest" in sys.modules


def scratch() -> Path:
    """A directory of this process alone, for tests."""
    return Path(tempfile.gettempdir()) / f"holdord-tests-{os.getpid()}"


def raw(name: str) -> str | None:
    """The value of `name`, or the content of the file that `name`_FILE names; None when neither is set."""
    value, file = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value is not None and file is not None:
        raise BadSetting(f"Both {name} and {name}_FILE are set. Keep one of them.")
    if file is None:
        return value
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE names {file}, which can't be read: {error.strerror}.") from error


def text(name: str, default: str) -> str:
    """A text; empty counts as not set."""
    return raw(name) or default


def secret(name: str, default: str | None, *, kept_in: Path) -> str:
    """A secret of at least 32 characters, from the environment or the file `kept_in` that `holdord init` makes; without
    a default one of them must be there.
    """
    value = raw(name)
    if not value and kept_in.is_file():
        value = kept_in.read_text(encoding="utf-8").strip()
    if not value:
        if default is not None:
            return default
        raise BadSetting(
            f"{name} is not set. It signs logins and the links customers get. `holdord init` makes one, or:\n"
            f"  python3 -c 'import secrets; print(secrets.token_urlsafe(48))'\n"
            f"and put it in the environment as {name}, or in a file named by {name}_FILE."
        )
    if len(value) < 32:
        raise BadSetting(f"{name} has {len(value)} characters; it needs at least 32.")
    return value


def boolean(name: str, default: bool) -> bool:
    """yes/no, true/false, on/off, 1/0."""
    value = (raw(name) or "").strip().lower()
    if not value:
        return default
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise BadSetting(f"{name} is {value!r}; it takes yes or no.")


def number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    """A whole number from `least` to `most`."""
    value = raw(name)
    if not value:
        return default
    try:
        found = int(value)
    except ValueError:
        raise BadSetting(f"{name} is {value!r}; it takes a whole number.") from None
    if not least <= found <= most:
        raise BadSetting(f"{name} is {found}; it takes a number from {least} to {most}.")
    return found


def words(name: str, default: list[str] | None) -> list[str]:
    """Words separated by commas or blanks; without a default at least one must be given."""
    found = (raw(name) or "").replace(",", " ").split()
    if found:
        return found
    if default is None:
        raise BadSetting(f"{name} is not set. Name the host names the desk answers to, for example desk.example.com.")
    return default


def path(name: str, default: Path) -> Path:
    """A path, made absolute."""
    return Path(raw(name) or default).expanduser().absolute()


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of `choices`."""
    value = (raw(name) or default).strip().lower()
    if value not in choices:
        raise BadSetting(f"{name} is {value!r}; it takes one of {', '.join(choices)}.")
    return value


def address(name: str, default: str) -> tuple[str, int] | None:
    """`host:port` to listen on or talk to, `[::1]:25` for IPv6; `off` is None."""
    value = (raw(name) or default).strip()
    if value.lower() in {"off", "no"}:
        return None
    host, colon, port = value.rpartition(":")
    if not colon or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise BadSetting(f"{name} is {value!r}; it takes host:port, for example 127.0.0.1:8000, or off.")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, where the wire needs no protection."""
    return host in {"", "localhost", "::1"} or host.startswith("127.")


def file(name: str) -> Path | None:
    """A file that can be read, or None when not set."""
    value = raw(name)
    if not value:
        return None
    found = Path(value).expanduser().absolute()
    if not os.access(found, os.R_OK):
        raise BadSetting(f"{name} names {found}, which can't be read.")
    return found


def database(name: str, sqlite_file: Path) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?option=value`, or the SQLite file by default."""
    url = raw(name)
    if not url:
        return _sqlite(sqlite_file)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(
            f"{name} begins with {parts.scheme!r}; it takes postgresql://user:password@host/name or sqlite:///path."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # As on SQLite. From a pool each page would get another connection, which has not prepared its statements yet.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 5,
            **dict(parse_qsl(parts.query)),
        },
    }


def _sqlite(file: Path) -> dict[str, Any]:
    # FULL, since accepted mail must survive a power cut; IMMEDIATE, since a deferred one loses to another writer.
    return {
        "ENGINE": "holdord.config.sqlite",
        "NAME": file,
        # A thread keeps its connection: opening one for each page costs more than the page.
        "CONN_MAX_AGE": None,
        # A real file in tests too: threads on SQLite's memory databases meet other locks than they do in production.
        "TEST": {"NAME": file.with_name("test.sqlite3")},
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=268435456;"
            "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;",
            # The driver keeps 100, and to compile one takes longer than to run it.
            "cached_statements": 1000,
        },
    }


def cache(database: dict[str, Any]) -> dict[str, Any]:
    """Django's cache settings: memory for the one process of an SQLite desk, else a table that all processes share."""
    # Django keeps 300 by default: a few hundred addresses would make it forget what was counted for the others.
    kept: dict[str, Any] = {"OPTIONS": {"MAX_ENTRIES": 20_000}}
    if "sqlite" in database["ENGINE"]:
        kept["BACKEND"] = "django.core.cache.backends.locmem.LocMemCache"
    else:
        kept |= {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "holdord_cache"}
    return {"default": kept}


def storage(name: str, folder: Path) -> dict[str, Any]:
    """Django's settings for keeping files: a folder, or `s3://bucket/prefix?endpoint_url=…&region_name=…`.

    The key is taken from HOLDORD_S3_KEY and HOLDORD_S3_SECRET; without them, from where boto3 finds one.
    """
    url = raw(name)
    if not url:
        return {"BACKEND": "holdord.files.storage.DurableFolder", "OPTIONS": {"location": folder}}
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise BadSetting(f"{name} is {url!r}; it takes s3://bucket/prefix, or nothing for a folder.")
    if not find_spec("storages"):
        raise BadSetting(f"{name} names S3, which needs one package more: pip install 'holdord[s3]'.")
    options: dict[str, Any] = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "file_overwrite": True,  # names are hashes of the content
        "querystring_auth": True,
        **dict(parse_qsl(parts.query)),
    }
    key, secret_key = raw("HOLDORD_S3_KEY"), raw("HOLDORD_S3_SECRET")
    if key and secret_key:
        options |= {"access_key": key, "secret_key": secret_key}
    return {"BACKEND": "holdord.files.s3.KeptInS3", "OPTIONS": options}
