"""The Jinja2 environment that our pages are rendered in."""

from typing import Any

from django.urls import reverse
from django.utils import translation
from jinja2 import Environment

from holdord.web.static_files import static


def environment(**options: Any) -> Environment:
    """Django's Jinja2 options in, our environment out: translations, addresses, static files, the reader's language."""
    options["extensions"] = [*options.get("extensions", []), "jinja2.ext.i18n"]
    environment = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - Django passes autoescape=True
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    environment.globals.update(url=url, static=static, language=translation.get_language)
    return environment


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of the view `name`."""
    return reverse(name, args=args, kwargs=kwargs)
