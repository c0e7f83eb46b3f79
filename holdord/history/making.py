"""Making models without their constructor, where thousands pass in a minute.

Django's looks at every field of a model for every row. What is the same for each row is found out once here, and an
attribute is put where the constructor would put it. What is left out: the signals `pre_init` and `post_init`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

Model = TypeVar("Model", bound=models.Model)


def new(model: type[Model], **fields: Any) -> Model:
    """What `model(**fields)` gives. Raises TypeError for a field that it has not."""
    shape = _shape(model)
    row, state = _empty(model)
    attributes = row.__dict__
    attributes.update(shape.defaults)
    for name, value in fields.items():
        attribute = shape.relations.get(name)
        if attribute is None:
            attributes[name] = value
        else:
            attributes[attribute] = None if value is None else value.pk
            state.fields_cache[name] = value
    for name, make in shape.made:
        if name not in fields:
            attributes[name] = make()
    if len(attributes) != shape.size:
        raise TypeError(f"{model.__name__} has no such field: {sorted(attributes.keys() - shape.names)}")
    return row


def known(model: type[Model], names: Sequence[str], values: Sequence[Any], database: str) -> Model:
    """A row that was read: what `model.from_db(database, names, values)` gives."""
    row, state = _empty(model)
    row.__dict__.update(zip(names, values, strict=True))
    state.adding, state.db = False, database
    return row


def _empty(model: type[Model]) -> tuple[Model, ModelState]:
    row, state = model.__new__(model), ModelState()
    row._state = state
    return row, state


@dataclass(frozen=True, slots=True)
class _Shape:
    """What every row of a model has: values that never change, those made for each row, and its relations with the
    attributes that hold their keys.
    """

    defaults: dict[str, Any]
    made: list[tuple[str, Callable[[], Any]]]
    relations: dict[str, str]
    names: frozenset[str]
    size: int


@lru_cache(maxsize=64)
def _shape(model: type[models.Model]) -> _Shape:
    defaults: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    fields = model._meta.concrete_fields
    for field in fields:
        if field.has_default() and callable(field.default):
            made.append((field.attname, field.default))
            continue
        defaults[field.attname] = field.get_default()
    relations = {field.name: field.attname for field in fields if field.is_relation}
    names = frozenset(field.attname for field in fields) | {"_state"}
    return _Shape(defaults, made, relations, names, len(names))
