"""Loads every package's reactions once Django is ready."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class HistoryConfig(AppConfig):
    """Finds `reactions.py` in each package of ours, so that no package has to import another to be heard."""

    name = "holdord.history"

    def ready(self) -> None:
        for app in apps.get_app_configs():
            if app.name.startswith("holdord.") and find_spec(f"{app.name}.reactions"):
                import_module(f"{app.name}.reactions")
