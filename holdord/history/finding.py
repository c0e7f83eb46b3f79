"""Finding models where thousands pass in a minute: as `rows.LookUp`, but what comes is whole."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import query

from holdord.history.making import known
from holdord.history.rows import LookUp

Model = TypeVar("Model", bound=models.Model)


class Find(LookUp, Generic[Model]):
    """A LookUp of whole models: give it a function that builds a queryset of them, with `select_related` if wanted."""

    def __init__(self, build: Callable[..., models.QuerySet[Model, Model]], *kinds: type) -> None:
        super().__init__(build, *kinds)

    def all(self, *arguments: Any) -> list[Model]:
        """Every model that is found."""
        rows, compiler = self.rows(*arguments), self._prepared(connection.vendor).compiler
        columns, made = compiler.klass_info["select_fields"], compiler.klass_info["model"]
        names = [compiler.select[at][0].target.attname for at in columns]
        related = query.get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[attr-defined]  # left out of the stubs
        found = []
        for row in rows:
            model = known(made, names, row[columns[0] : columns[-1] + 1], connection.alias)
            for other in related:
                other.populate(row, model)
            found.append(model)
        return found

    def first(self, *arguments: Any) -> Model | None:
        """The first model, or None."""
        return next(iter(self.all(*arguments)), None)
