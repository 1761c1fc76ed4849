"""AVPs in a database: avp_db_load(), avp_db_store(), avp_db_delete(), avp_db_query()."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sroute.db.database import Database, DbError, DbValue, Operator
from sroute.errors import NotSimulatedError
from sroute.exports.fixups import FORMAT, Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Pv
from sroute.modules.avpops.arguments import Kinds, ReadName, avp, kinds, read_name, split
from sroute.modules.avpops.declaration import AvpOps, Scheme, avpops
from sroute.runtime.avp import Avp, AvpName
from sroute.runtime.run import Read, Run
from sroute.runtime.values import parse_int, to_str, wrap32
from sroute.sip import uri as uris

STORED = 1 << 40
"""A bit of an AVP's flags: the database has it."""
INT_VALUE, INT_NAME = 1, 2
"""Bits of the type column."""
FLAGS = ("uri", "uuid", "username", "domain")
_URIS = ("$ru", "$fu", "$tu", "$ou")
Where = list[tuple[str, Operator, DbValue]]


def _database(scope: Scope) -> None:
    state = scope.services.state("avpops")
    assert isinstance(state, AvpOps)
    if not state.db_url:
        raise FixupError("no db url defined to be used by this function")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose AVPs: what reads it, and what it is."""

    read: Read
    flag: str


@dataclass(frozen=True, slots=True)
class OwnerArg:
    """`$variable/flag` or `text/flag`; flags are uri, uuid, username, domain."""

    form: str = "source/flag"

    def parse(self, text: str, names: Names) -> tuple[str | Pv, str]:
        """What is written, and the flag: uri for `$ru` and its like, else uuid."""
        first, *rest = split(text)
        flag = "/".join(rest)
        if flag and flag not in FLAGS:
            raise FixupError(f"unknown flag <{flag}>")
        if not first.startswith("$"):
            return first, flag or "uuid"
        pv = names.pv(first)
        if pv.variable.name == "null":
            raise FixupError("bad param 1; expected : $pseudo-variable or int/str value")
        return pv, flag or ("uri" if first in _URIS else "uuid")

    def bind(self, parsed: tuple[str | Pv, str], scope: Scope) -> Arg[Owner]:
        """What reads it."""
        _database(scope)
        what, flag = parsed
        return Constant(Owner(scope.read(what) if isinstance(what, Pv) else lambda run: what, flag))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which AVPs: one by its name, or kinds of names; where they are kept."""

    name: ReadName | None
    kinds: Kinds
    table: str
    scheme: Scheme | None


@dataclass(frozen=True, slots=True)
class WantedArg:
    """`$avp(name)`, or `a`, `i`, `s` for all (whose names are numbers, texts); then `/table` or `/$scheme`."""

    form: str = "$avp(name)/table"

    def parse(self, text: str, names: Names) -> tuple[Pv | None, Kinds, str]:
        """The AVPs and the table."""
        first, *rest = split(text)
        table = "/".join(rest)
        if rest and not table.strip("$"):
            raise FixupError("empty scheme/table name")
        if first.startswith("$"):
            return avp(first, names), Kinds(""), table
        if table.startswith("$"):
            raise FixupError("inconsistent usage of DB scheme without complete specification of AVP name")
        return None, kinds(first), table

    def bind(self, parsed: tuple[Pv | None, Kinds, str], scope: Scope) -> Arg[Wanted]:
        """What reads the name; the scheme."""
        _database(scope)
        pv, chosen, table = parsed
        state = scope.services.state("avpops")
        assert isinstance(state, AvpOps)
        scheme = None
        if table.startswith("$"):
            scheme = state.schemes.get(table[1:])
            if scheme is None:
                raise FixupError(f"scheme <{table[1:]}> not found")
        return Constant(Wanted(None if pv is None else read_name(pv, scope), chosen, "" if scheme else table, scheme))


@dataclass(frozen=True, slots=True)
class _Key:
    """Whose AVPs, as columns; None for what is not asked for."""

    uuid: str | None = None
    username: str | None = None
    domain: str | None = None


def _key(state: AvpOps, run: Run, owner: Owner) -> _Key | None:
    value = owner.read(run)
    if value is None:
        state.complain(run, "no value for first param")
        return None
    text = to_str(value)
    if owner.flag == "uuid":
        return _Key(uuid=text)
    uri = uris.parse(text)
    if uri is None:
        state.complain(run, "failed to parse uri")
        return None
    if not uri.user or not uri.host:
        state.complain(run, f"incomplete uri <{text}>")
        return None
    if owner.flag == "domain":
        return _Key(domain=uri.host)
    return _Key(username=uri.user, domain=uri.host if owner.flag == "uri" and state.use_domain else None)


def _open(state: AvpOps) -> Database:
    if state.database is None:
        raise NotSimulatedError("avpops has no database: it is not opened")
    return state.database


def _where(state: AvpOps, key: _Key, scheme: Scheme | None) -> Where:
    names = {
        (scheme and scheme.uuid) or state.uuid_column: key.uuid,
        (scheme and scheme.username) or state.username_column: key.username,
        (scheme and scheme.domain) or state.domain_column: key.domain,
    }
    return [(column, "=", value) for column, value in names.items() if value is not None]


def _of_kind(state: AvpOps, chosen: Kinds) -> Where:
    if chosen.letter == "i":
        return [(state.type_column, ">=", INT_NAME)]
    return [(state.type_column, "<", INT_NAME)] if chosen.letter == "s" else []


@avpops.function("avp_db_load", OwnerArg(), WantedArg())
def avp_db_load(state: AvpOps, run: Run, owner: Owner, wanted: Wanted) -> int:
    """Loads AVPs of a user from the database; -1 when none came.

    The user is a uuid, or with `/uri`, `/username`, `/domain` (parts of) a URI; `$ru`, `$fu`, `$tu`, `$ou` are URIs. The AVPs are one
    by its name, or `a` all, `i` those with numbers for names, `s` those with texts; `/table` or `/$scheme` says where.

    Example: avp_db_load("$fu", "$avp(color)");
    """
    key = _key(state, run, owner)
    name = wanted.name(run) if wanted.name is not None else None
    if key is None or (wanted.name is not None and name is None):
        return -1
    try:
        loaded = list(_loaded(state, run, key, wanted, name))
    except DbError as error:
        state.complain(run, str(error))
        return state.complain(run, "db_load failed")
    for made_name, value in loaded:
        run.avps.push(made_name, value).flags |= STORED | wanted.kinds.flags
    return 1 if loaded else -1


def _loaded(state: AvpOps, run: Run, key: _Key, wanted: Wanted, name: AvpName | None) -> Iterator[tuple[AvpName, int | str]]:
    where = _where(state, key, wanted.scheme)
    if wanted.scheme is not None:
        assert name is not None
        for (value,) in _open(state).query(wanted.scheme.table or state.avp_table, [wanted.scheme.value or state.value_column], where):
            made = _value(state, run, value, integer=wanted.scheme.integer)
            if made is not None:
                yield name, made
        return
    if name is not None:
        where.append((state.attribute_column, "=", str(name)))
    columns = [state.value_column, state.attribute_column, state.type_column]
    for value, attribute, kind in _open(state).query(wanted.table or state.avp_table, columns, where):
        found = _row(state, run, value, attribute, kind)
        if found is not None and wanted.kinds.fits(found[0]) and (name is None or found[0] == name):
            yield found


def _row(state: AvpOps, run: Run, value: DbValue, attribute: DbValue, kind: DbValue) -> tuple[AvpName, int | str] | None:
    """Name and value of a row; None, with a complaint, where they are not what its type says."""
    flags = kind if isinstance(kind, int) else 0
    name: AvpName | None = str(attribute)
    if flags & INT_NAME:
        name = parse_int(str(attribute))
        if name is None:
            state.complain(run, f"name is not ID as flags say <{attribute}>")
            return None
    made = _value(state, run, value, integer=bool(flags & INT_VALUE))
    return None if made is None or name is None else (name, made)


def _value(state: AvpOps, run: Run, value: DbValue, *, integer: bool) -> int | str | None:
    if value is None:
        return None
    if not integer:
        return str(value)
    number = value if isinstance(value, int) else parse_int(str(value))
    if number is None:
        state.complain(run, f"value is not int as flags say <{value}>")
    return number


@avpops.function("avp_db_store", OwnerArg(), WantedArg())
def avp_db_store(state: AvpOps, run: Run, owner: Owner, wanted: Wanted) -> int:
    """Stores AVPs of a user in the database, but for those that came from there; -1 when none was. Arguments as avp_db_load().

    Example: $avp(color) = "red"; avp_db_store("$fu", "$avp(color)");
    """
    key = _key(state, run, owner)
    if key is None:
        return -1
    stored = 0
    for pair in _pairs(run, wanted):
        if pair.flags & STORED:
            continue
        try:
            _open(state).insert(wanted.table or state.avp_table, _new_row(state, key, pair))
        except DbError as error:
            state.complain(run, str(error))
            state.complain(run, "insert failed")
            continue
        pair.flags |= STORED
        stored += 1
    return 1 if stored else -1


def _pairs(run: Run, wanted: Wanted) -> list[Avp]:
    if wanted.name is None:
        return [pair for pair in run.avps if wanted.kinds.fits(pair.name)]
    name = wanted.name(run)
    return [pair for pair in run.avps if pair.name == name]


def _new_row(state: AvpOps, key: _Key, pair: Avp) -> dict[str, DbValue]:
    """A row; without use_domain 5.6.3 writes NULL into the domain."""
    kind = (INT_VALUE if isinstance(pair.value, int) else 0) | (INT_NAME if isinstance(pair.name, int) else 0)
    return {
        state.value_column: str(pair.value),
        state.attribute_column: str(pair.name),
        state.type_column: kind,
        state.uuid_column: key.uuid or "",
        state.username_column: key.username or "",
        state.domain_column: key.domain if key.domain is not None else "" if state.use_domain else None,
    }


@avpops.function("avp_db_delete", OwnerArg(), WantedArg())
def avp_db_delete(state: AvpOps, run: Run, owner: Owner, wanted: Wanted) -> int:
    """Deletes AVPs of a user from the database; true also when there were none. Arguments as avp_db_load().

    Example: avp_db_delete("$fu", "$avp(color)");
    """
    key = _key(state, run, owner)
    name = wanted.name(run) if wanted.name is not None else None
    if key is None or (wanted.name is not None and name is None):
        return -1
    where = _where(state, key, None) + _of_kind(state, wanted.kinds)
    if name is not None:
        where.append((state.attribute_column, "=", str(name)))
    try:
        _open(state).delete(wanted.table or state.avp_table, where)
    except DbError as error:
        state.complain(run, str(error))
        return state.complain(run, "db_delete failed")
    return 1


# ---------------------------------------------------------------- queries


@dataclass(frozen=True, slots=True)
class Targets:
    """`$avp(a);$avp(b)`: where the columns of a query go."""

    form: str = "$avp(name);..."

    def parse(self, text: str, names: Names) -> list[Pv]:
        """The AVPs."""
        parts = [part for part in text.split(";") if part.strip()]
        if not parts:
            raise FixupError(f"bad format in P2 [{text}]")
        return [avp(part, names) for part in parts]

    def bind(self, parsed: list[Pv], scope: Scope) -> Arg[Sequence[ReadName]]:
        """What reads the names."""
        return Constant([read_name(pv, scope) for pv in parsed])


@dataclass(frozen=True, slots=True)
class Query:
    """A statement of SQL with variables."""

    form: str = "SQL"

    def parse(self, text: str, names: Names) -> tuple[str | Pv, ...]:
        """Its pieces."""
        return names.format(text)

    def bind(self, parsed: tuple[str | Pv, ...], scope: Scope) -> Arg[str]:
        """The statement."""
        _database(scope)
        return FORMAT.bind(parsed, scope)


def _numbered(number: int) -> Callable[[Run], AvpName | None]:
    return lambda run: number


@avpops.function("avp_db_query", Query())
def avp_db_query(state: AvpOps, run: Run, query: str) -> int:
    """A statement of SQL; columns go into `$avp(i:1)`, `$avp(i:2)`, ...: 1 with rows, -2 without, -1 on an error."""
    return _ask(state, run, query, None)


@avpops.function("avp_db_query", Query(), Targets())
def avp_db_query_into(state: AvpOps, run: Run, query: str, targets: Sequence[ReadName]) -> int:
    """A statement of SQL; columns go into AVPs, the first row on top: 1 with rows, -2 without, -1 on an error.

    Example: avp_db_query("select value from usr_preferences where uuid='x'", "$avp(value)");
    """
    return _ask(state, run, query, targets)


def _ask(state: AvpOps, run: Run, query: str, targets: Sequence[ReadName] | None) -> int:
    if not query:
        return state.complain(run, "cannot print the query")
    try:
        names, rows = _open(state).ask(query)
    except DbError as error:
        state.complain(run, str(error))
        return state.complain(run, "cannot do the query")
    into = targets if targets is not None else [_numbered(number) for number in range(1, len(names) + 1)]
    for row in reversed(rows):
        for read, value in zip(into, row, strict=False):
            name = read(run)
            if name is not None and value is not None and not isinstance(value, float):
                run.avps.push(name, wrap32(value) if isinstance(value, int) else value)
    return 1 if rows else -2
