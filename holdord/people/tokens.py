"""Access for programs: tokens are made, used and revoked."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from holdord.history.actions import announce
from holdord.people.events import ApiTokenMade, ApiTokenRevoked
from holdord.people.models import Agent, ApiToken, Inbox, Scope

SEEN_EVERY = timedelta(minutes=1)
"""How exactly a token's last use is known: not each request writes."""


class NoScope(Exception):
    """A token that may do nothing, or something that is no scope."""


@transaction.atomic
def make_token(
    *, name: str, scopes: Iterable[str], inbox: Inbox | None, by: Agent | None, now: datetime
) -> tuple[ApiToken, str]:
    """A new token, and its secret, which nobody can see again. Raises NoScope."""
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(Scope.values):
        raise NoScope
    prefix = f"holdord_{secrets.token_hex(3)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        name=name.strip()[:120],
        prefix=prefix,
        secret_hash=_hash(secret),
        scopes=wanted,
        inbox=inbox,
        created_by=by,
        created_at=now,
    )
    announce(ApiTokenMade(at=now, by_id=by.pk if by else None, token_id=token.pk))
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Agent | None, now: datetime) -> None:
    """Let a token open nothing from now on. Twice is once."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now, revoked_by=by):
        announce(ApiTokenRevoked(at=now, by_id=by.pk if by else None, token_id=token.pk))


def token_of(secret: str, *, now: datetime) -> ApiToken | None:
    """The token with this secret; None for one that is unknown or revoked."""
    # The hash is looked up, not compared: what a guess finds out by timing is of no use without the secret.
    found = ApiToken.objects.select_related("inbox", "created_by").filter(revoked_at__isnull=True)
    token = found.filter(secret_hash=_hash(secret)).first()
    if token is not None and (token.last_used_at is None or token.last_used_at < now - SEEN_EVERY):
        long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - SEEN_EVERY)
        ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)
    return token


def _hash(secret: str) -> str:
    # A random secret of 256 bits can't be guessed from its hash: it needs no salt and no slow function.
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
