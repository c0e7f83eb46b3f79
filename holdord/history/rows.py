"""Writing and looking up rows where thousands pass in a minute, without building the same SQL each time.

Django builds an INSERT or SELECT anew for every call: 0.2 to 0.4 ms of Python for a statement that the database runs in
0.02. These build it once for each model or query. What they leave out: signals, `save()`, inheritance of tables.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from holdord.history.making import new
from holdord.history.pipelining import Pipeline, pipeline_of

Row = TypeVar("Row", bound=models.Model)


class QuickRows(models.QuerySet[Row]):
    """A queryset whose `create` builds its INSERT once."""

    def create(self, **fields: Any) -> Row:
        """As Django's, without signals."""
        row = new(self.model, **fields)
        insert(row)
        return row

    def create_unless_there(self, **fields: Any) -> Row | None:
        """Create, or None if a unique constraint says that such a row is there: for two who do it at once."""
        row = new(self.model, **fields)
        return row if insert(row, unless_there=True) else None


def insert(row: models.Model, *, unless_there: bool = False) -> bool:
    """Write a new row and give it its key; False if it was there and `unless_there` allows that."""
    database = connections[DEFAULT_DB_ALIAS]  # each word to `connection` looks it up again
    pipeline = pipeline_of(database)
    if pipeline is not None:
        _send_ahead(row, pipeline, database)
        return True
    statement, columns = _insert(type(row), database.vendor, unless_there)
    cursor = cursor_of(database)
    cursor.execute(statement, columns.values_in(row, database))
    found = list(cursor)  # to the end: a statement that is not done holds its locks
    if not found:
        return False
    row.pk = found[0][0]
    row._state.adding, row._state.db = False, database.alias
    return True


def write(statement: str, values: Sequence[Any]) -> None:
    """Run a statement whose answer nobody needs."""
    database = connections[DEFAULT_DB_ALIAS]
    pipeline = pipeline_of(database)
    if pipeline is not None:
        pipeline.send(statement, values)
    else:
        cursor_of(database).execute(statement, values)


def _send_ahead(row: models.Model, pipeline: Pipeline, database: Any) -> None:
    statement, columns = _insert(type(row), database.vendor, False, has_key=True)
    row.pk = pipeline.key(type(row))
    pipeline.send(statement, columns.values_in(row, database))
    row._state.adding, row._state.db = False, database.alias


def cursor_of(database: Any) -> Any:
    """A cursor that is kept with the connection: to make one takes as long as most statements that pass here. It is
    Django's, so that whoever watches statements sees them; while they are logged each has a cursor of its own.
    """
    if database.queries_logged:
        return database.cursor()
    kept = database.__dict__.get("_kept_cursor")
    if kept is None or kept[0] is not database.connection or database.connection is None:
        cursor = database.cursor()
        kept = database._kept_cursor = (database.connection, cursor)
    return kept[1]


class _Columns:
    """The columns of a model, and how to take their values from a row at once."""

    def __init__(self, fields: "Sequence[models.Field[Any, Any]]") -> None:
        self._columns = [_column(field) for field in fields]
        self._all = attrgetter(*(column.attribute for column in self._columns))
        self._plans: dict[tuple[type, ...], list[int]] = {}

    def values_in(self, row: models.Model, database: Any) -> list[Any]:
        """Their values as the driver takes them. Which of them need Django's help depends on their types alone."""
        values = list(self._all(row))
        kinds = tuple(map(type, values))
        plan = self._plans.get(kinds)
        if plan is None:
            plan = self._plans[kinds] = [at for at, kind in enumerate(kinds) if kind not in self._columns[at].plain]
        for at in plan:
            values[at] = self._columns[at].for_driver(values[at], database)
        return values


@dataclass(frozen=True, slots=True)
class _Column:
    """A column and the types that both drivers take as they are, so that Django need not be asked."""

    field: "models.Field[Any, Any]"
    attribute: str
    plain: frozenset[type]

    def for_driver(self, value: Any, database: Any) -> Any:
        if type(value) is datetime:
            return moment_for_driver(value, database.vendor)
        return self.field.get_db_prep_save(value, database)


_NUMBERS: frozenset[type] = frozenset({int, bool, type(None)})
_TEXTS: frozenset[type] = frozenset({str, type(None)})


def _column(field: "models.Field[Any, Any]") -> _Column:
    plain: frozenset[type] = frozenset()
    if isinstance(field, models.CharField | models.TextField):
        plain = _TEXTS
    elif isinstance(field, models.IntegerField | models.BooleanField | models.ForeignKey):
        plain = _NUMBERS
    elif isinstance(field, models.DateTimeField):
        plain = frozenset({type(None)})
    if type(field).pre_save is not models.Field.pre_save and not isinstance(field, models.DateTimeField):
        raise TypeError(f"{field} changes what is saved, which rows written here leave out")
    return _Column(field, field.attname, plain)


@lru_cache(maxsize=512)
def moment_for_driver(value: datetime, vendor: str) -> Any:
    """A moment as Django writes it into this kind of database. One mail writes the same moment a dozen times."""
    if vendor == "sqlite" and value.tzinfo is UTC:
        return str(value.replace(tzinfo=None))
    return connection.ops.adapt_datetimefield_value(value)


@lru_cache(maxsize=256)
def _insert(model: type[models.Model], vendor: str, unless_there: bool, has_key: bool = False) -> tuple[str, _Columns]:
    options, quoted = model._meta, connection.ops.quote_name
    columns = [field for field in options.local_concrete_fields if has_key or not isinstance(field, models.AutoField)]
    names = ", ".join(quoted(field.column) for field in columns)
    places = ", ".join(["%s"] * len(columns))
    otherwise = "ON CONFLICT DO NOTHING " if unless_there else ""
    assert options.pk is not None
    told = "" if has_key else f"{otherwise}RETURNING {quoted(options.pk.column)}"
    statement = f"INSERT INTO {quoted(options.db_table)} ({names}) VALUES ({places}) {told}"  # noqa: S608 - names of our own models
    return statement, _Columns(columns)


class IsOneOf(models.Func):
    """`column IN ('open', 'moved')` with the words written out: SQLite uses a partial index only for words it can see,
    and Django passes values as parameters.
    """

    output_field = models.BooleanField()

    def __init__(self, column: str, *words: str) -> None:
        if not all(word.isidentifier() for word in words):
            raise ValueError(f"only plain words are written into SQL: {words}")
        # As Django writes the condition of the index: one word is compared, several are listed.
        listed = ", ".join(f"'{word}'" for word in words)
        compared = f"= {listed}" if len(words) == 1 else f"IN ({listed})"
        super().__init__(models.F(column), template=f"%(expressions)s {compared}")


class IsNotEmpty(models.Func):
    """`NOT (column = '')`, written as Django writes the condition of an index: for the same reason."""

    output_field = models.BooleanField()
    template = "NOT (%(expressions)s = '')"

    def __init__(self, column: str) -> None:
        super().__init__(models.F(column))


class LookUp:
    """A query that is built once and asked often. Give it a function that builds a `values_list` queryset, and the kind
    of each of its arguments: str, int, bool or datetime. A different queryset, not a different value, makes another
    LookUp: `None` and lists have SQL of their own.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]], *kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._built: dict[str, _Built] = {}

    def rows(self, *arguments: Any) -> list[Sequence[Any]]:
        """Every row, with Python's values."""
        database = connections[DEFAULT_DB_ALIAS]
        built = self._prepared(database.vendor)
        found = self._ask(database, built, arguments)
        return [_converted(row, built.converters) for row in found] if built.converters else found

    def raw(self, *arguments: Any) -> list[Sequence[Any]]:
        """Every row as the database gives it: for comparing, not for showing."""
        database = connections[DEFAULT_DB_ALIAS]
        return self._ask(database, self._prepared(database.vendor), arguments)

    def row(self, *arguments: Any) -> Sequence[Any] | None:
        """The first row, or None."""
        return next(iter(self.rows(*arguments)), None)

    def sql(self, *arguments: Any) -> tuple[str, list[Any]]:
        """The statement and its values, to be a part of a larger one."""
        database = connections[DEFAULT_DB_ALIAS]
        built = self._prepared(database.vendor)
        return built.statement, _values(database, built, arguments)

    @staticmethod
    def _ask(database: Any, built: "_Built", arguments: Sequence[Any]) -> list[Sequence[Any]]:
        cursor = cursor_of(database)
        cursor.execute(built.statement, _values(database, built, arguments))
        return list(cursor)  # Django wraps `fetchall` anew at each call, which takes longer than a small row

    def _prepared(self, vendor: str) -> "_Built":
        return self._built.get(vendor) or self._built.setdefault(vendor, self._prepare())

    def _prepare(self) -> "_Built":
        marks = [_MARKS[kind](number) for number, kind in enumerate(self._kinds)]
        compiler = self._build(*marks).query.get_compiler(connection=connection)
        statement, values = compiler.as_sql()
        known = {_for_database(mark): number for number, mark in enumerate(marks)}
        order = [known.get(value) if isinstance(value, str | int | datetime) else None for value in values]
        missing = set(range(len(marks))) - set(order)
        if missing:
            raise TypeError(f"the query does not use its arguments {sorted(missing)} as they are")
        converters = compiler.get_converters([selected for selected, *_ in compiler.select])
        return _Built(statement, order, list(values), _quicker(converters), compiler)


@dataclass(frozen=True)
class _Built:
    """A statement; for each of its values which argument it is, or None; the values that are always the same; by
    column, what makes Python's value of the database's, with the expression it belongs to; and who built it.
    """

    statement: str
    order: list[int | None]
    fixed: list[Any]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]
    compiler: Any


def _values(database: Any, built: _Built, arguments: Sequence[Any]) -> list[Any]:
    given = [
        moment_for_driver(argument, database.vendor) if isinstance(argument, datetime) else argument
        for argument in arguments
    ]
    return [fixed if which is None else given[which] for which, fixed in zip(built.order, built.fixed, strict=True)]


def _quicker(
    converters: dict[int, tuple[list[Callable[..., Any]], Any]],
) -> dict[int, tuple[list[Callable[..., Any]], Any]]:
    """Django asks each moment of SQLite what it is and in which zone; they are all UTC."""
    return {
        column: ([_read_moment if convert.__name__ == _DJANGOS else convert for convert in converts], expression)
        for column, (converts, expression) in converters.items()
    }


_DJANGOS = "convert_datetimefield_value"


def _read_moment(value: datetime | str | None, *_: Any) -> datetime | None:
    if value is None:
        return None
    return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).replace(tzinfo=UTC)


def _converted(row: Sequence[Any], converters: dict[int, tuple[list[Callable[..., Any]], Any]]) -> list[Any]:
    values = list(row)
    for column, (converts, expression) in converters.items():
        for convert in converts:
            values[column] = convert(values[column], expression, connection)
    return values


def _for_database(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


_MARKS: dict[type, Callable[[int], Any]] = {
    str: lambda number: f"\x02argument {number}\x03",
    int: lambda number: -987_654_321_000 - number,
    datetime: lambda number: datetime.fromisoformat(f"1999-01-01T00:00:{number:02}+00:00"),
}
