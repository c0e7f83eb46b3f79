"""Styles, scripts and drawings, served from memory under an address that changes with their content.

The address carries one fingerprint for all files, so a browser may keep them for a year, and a module that imports its
neighbour by a relative path gets the one of the same release. Nothing has to be collected or written when the desk is
installed: there are some twenty small files, compressed once per process.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
_A_YEAR = "public, max-age=31536000, immutable"


class StaticFile(NamedTuple):
    """One file, ready to send."""

    content_type: str
    plain: bytes
    compressed: bytes


def serve_static_files(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers everything below `STATIC_URL` and touches nothing else."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.STATIC_URL):
            return get_response(request)
        asked_for, _, name = request.path_info.removeprefix(settings.STATIC_URL).partition("/")
        file = _files().get(name)
        if file is None:
            return HttpResponseNotFound("There is no such file.", content_type="text/plain")
        return _response(file, request, lasting=asked_for == fingerprint())

    return answer


def static(name: str) -> str:
    """The address of the static file `name` ("js/desk.js"). Raises KeyError when there is none."""
    _files()[name]
    return f"{settings.STATIC_URL}{fingerprint()}/{name}"


def plain(name: str) -> bytes:
    """The content of the static file `name`. Raises KeyError when there is none."""
    return _files()[name].plain


def fingerprint() -> str:
    """Twelve hex digits that change when any static file does."""
    return _read()[0]


def _response(file: StaticFile, request: HttpRequest, *, lasting: bool) -> HttpResponse:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(file.compressed if packed else file.plain, content_type=file.content_type)
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    # A page from before an upgrade may ask with an old fingerprint: it gets today's file, but must ask again.
    response["Cache-Control"] = _A_YEAR if lasting else "no-cache"
    return response


def _files() -> dict[str, StaticFile]:
    return _read()[1]


def _read() -> tuple[str, dict[str, StaticFile]]:
    # While developing, a changed file shows at the next request.
    return _read_until_changed(_newest_change() if settings.DEBUG else 0)


@lru_cache(maxsize=1)
def _read_until_changed(changed_at: int) -> tuple[str, dict[str, StaticFile]]:
    digest, found = hashlib.sha256(), {}
    for name, path in _paths():
        content = path.read_bytes()
        digest.update(name.encode() + b"\0" + content)
        guessed = mimetypes.guess_type(name)[0] or "text/plain"
        found[name] = StaticFile(_TYPES.get(path.suffix, guessed), content, gzip.compress(content, 9, mtime=0))
    return digest.hexdigest()[:12], found


def _newest_change() -> int:
    return max(path.stat().st_mtime_ns for _, path in _paths())


def _paths() -> list[tuple[str, Path]]:
    roots = [Path(app.path) / "static" for app in apps.get_app_configs() if app.name.startswith("holdord.")]
    return sorted((str(p.relative_to(root)), p) for root in roots for p in root.rglob("*") if p.is_file())
