"""The Jinja2 environment that our pages are rendered in."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from jinja2 import Environment, Undefined, pass_environment
from markupsafe import Markup

from holdord.web.addresses import address
from holdord.web.static_files import static


class Nothing(Undefined):
    """What an `if` without an `else` prints: nothing, and without asking an undefined value how it is printed."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def environment(**options: Any) -> Environment:
    """Django's Jinja2 options in, our environment out: translations, addresses, static files, the reader's language."""
    options["extensions"] = [*options.get("extensions", []), "jinja2.ext.i18n"]
    if not settings.DEBUG:
        options["undefined"] = Nothing
    environment = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - Django passes autoescape=True
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    environment.globals.update(url=url, static=static, language=translation.get_language, kept=kept, still=still)
    return environment


def url(name: str, *args: Any) -> str:
    """The address of the view `name`."""
    return address(name, *args)


def kept(macro: Callable[..., Markup], most: int = 500) -> Callable[..., Markup]:
    """A macro whose last drawings are kept. What it prints must come from its arguments alone, words included."""
    if settings.DEBUG:
        return macro

    @lru_cache(maxsize=most)
    def drawn(*arguments: Hashable, **named: Hashable) -> Markup:
        return macro(*arguments, **named)

    return drawn


@pass_environment
def still(environment: Environment, name: str, variant: str = "", **context: Any) -> Markup:
    """A part that is the same on every page in one language, in one of a few variants; `context` too may depend on the
    language and the variant alone.
    """
    key, parts = (name, variant, translation.get_language()), _still(environment)
    if settings.DEBUG or key not in parts:
        text = environment.get_template(name).render(variant=variant, **context)
        parts[key] = Markup(text)  # noqa: S704 - a template of ours
    return parts[key]


@lru_cache(maxsize=2)
def _still(environment: Environment) -> dict[tuple[str, str, str | None], Markup]:
    return {}
