"""The Jinja2 environment that our pages are rendered in."""

from typing import Any

from jinja2 import Environment


def environment(**options: Any) -> Environment:
    """Django's Jinja2 options in, our environment out."""
    return Environment(**options)  # noqa: S701 - Django passes autoescape=True
