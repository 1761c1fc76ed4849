"""mtree: values by prefixes of digits, in trees that come from a database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.db.database import Database, DbError
from sroute.exports.fixups import FORMAT, Arg, Constant, FixupError, Names, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.exports.variable import Pv
from sroute.modules.connection import connect
from sroute.runtime.run import Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import parse_int

TEXTS, WEIGHTS, NUMBERS = 0, 1, 2
"""Types of trees."""
EVERY = 2
"""The mode that gives the values of all prefixes."""
CELL = 24
"""What 5.6.3 takes for each character that a node may have."""


class BadTreeError(Exception):
    """Rows that make no tree; args[0] is what Kamailio logs."""


@dataclass(slots=True)
class Node:
    """A place in a tree: the values of the prefix that leads to it, the newest first."""

    values: list[str] = field(default_factory=list)
    below: dict[str, "Node"] = field(default_factory=dict)


@dataclass(slots=True)
class Tree:
    """A tree as it is defined, and its content."""

    name: str
    table: str = "mtree"
    kind: int = TEXTS
    multi: bool = False
    columns: tuple[str, ...] = ()
    root: Node = field(default_factory=Node)
    reloads: int = 0
    reloaded: int = 0

    def path(self, text: str, allowed: str) -> list[tuple[str, Node]]:
        """The prefixes of a text that have values, the shortest first; none when a character on the way is not allowed."""
        found: list[tuple[str, Node]] = []
        node: Node | None = self.root
        for at, char in enumerate(text):
            if char not in allowed:
                return []
            node = node.below.get(char) if node is not None else None
            if node is None:
                break
            if node.values:
                found.append((text[: at + 1], node))
        return found

    def listed(self, allowed: str) -> Iterator[tuple[str, Node]]:
        """All prefixes with values, in the order of the characters."""
        waiting = [("", self.root)]
        while waiting:
            prefix, node = waiting.pop()
            if node.values:
                yield prefix, node
            waiting += [(prefix + char, node.below[char]) for char in reversed(allowed) if char in node.below]


@dataclass(slots=True)
class Trees:
    """The module's parameters and its trees."""

    db_url: str = "mysql://kamailioro:kamailioro@localhost/kamailio"
    db_table: str = ""
    tname_column: str = "tname"
    tprefix_column: str = "tprefix"
    tvalue_column: str = "tvalue"
    char_list: str = "0123456789"
    fetch_rows: int = 1000
    pv_value: str = "$avp(s:tvalue)"
    pv_values: str = "$avp(s:tvalues)"
    pv_dstid: str = "$avp(tdstid)"
    pv_weight: str = "$avp(tweight)"
    pv_count: str = "$avp(tcount)"
    mt_tree_type: int = TEXTS
    mt_ignore_duplicates: int = 0
    mt_allow_duplicates: int = 0
    trees: dict[str, Tree] = field(default_factory=dict)
    defined: bool = False
    """Trees are defined one by one; else db_table has them all."""
    database: Database | None = None
    writes: dict[str, Write] = field(default_factory=dict)
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run | None, text: str) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "mtree", run.at if run is not None else None)

    def ordered(self) -> list[Tree]:
        """The trees as 5.6.3 keeps them: short names first, then by letters."""
        return sorted(self.trees.values(), key=lambda tree: (len(tree.name), tree.name))

    def load(self, tree: Tree) -> None:
        """Reads a tree anew.

        Raises DbError and BadTreeError.
        """
        assert self.database is not None
        columns = tree.columns or (self.tprefix_column, self.tvalue_column)
        where = [(self.tname_column, "=", tree.name)] if tree.multi else []
        root = Node()
        for row in self.database.query(tree.table, columns, where):  # type: ignore[arg-type]
            if len(row) > 2:  # 5.6.3 packs the columns of values into one, and never knows the type of the second
                raise BadTreeError("unsupported data type for column 2")
            if isinstance(row[0], int | float) or isinstance(row[1], int | float):
                raise BadTreeError("wrong column types in db table")
            self._add(root, tree.kind, row[0], row[1])
        self._settle(tree, root)

    def load_all(self) -> None:
        """Reads the trees of db_table, each row with its tree's name.

        Raises DbError and BadTreeError.
        """
        assert self.database is not None
        roots: dict[str, Node] = {}
        columns = (self.tname_column, self.tprefix_column, self.tvalue_column)
        for name, prefix, value in self.database.query(self.db_table, columns, order=self.tname_column):
            self._add(roots.setdefault(str(name or ""), Node()), self.mt_tree_type, prefix, value)
        for name, root in roots.items():
            self._settle(self.trees.setdefault(name, Tree(name, self.db_table, self.mt_tree_type, multi=True)), root)

    def _settle(self, tree: Tree, root: Node) -> None:
        tree.root, tree.reloaded = root, int(self.instance.clock.now())
        tree.reloads += 1

    def _add(self, root: Node, kind: int, prefix: object, value: object) -> None:
        if not prefix or value is None or value == "":
            self.complain(None, f"Error - bad record in db (prefix: {prefix!r} - value: {value!r})")
            return
        text, shown = str(prefix), _value(kind, str(value))
        node = root
        for at, char in enumerate(text):
            if char not in self.char_list:
                raise BadTreeError(f"invalid char at {at} in [{text}]")
            node = node.below.setdefault(char, Node())
        if node.values and self.mt_ignore_duplicates:
            return
        if node.values and not self.mt_allow_duplicates:
            raise BadTreeError(f"prefix already allocated [{text}/{shown}]")
        node.values.insert(0, shown)


def _value(kind: int, text: str) -> str:
    if kind == NUMBERS:
        number = parse_int(text)
        if number is None:
            raise BadTreeError(f"bad integer string <{text}>")
        return str(number)
    return text


mtree = Module("mtree", Trees, "Values by prefixes of digits, in trees that come from a database.", requires=("pv",))
mtree.setting("db_url", "str", doc="The database.")
mtree.setting("db_table", "str", doc="A table with many trees; counts where no mtree is defined.")
mtree.setting("tname_column", "str", doc="The column with a tree's name (tname).")
mtree.setting("tprefix_column", "str", doc="The column with the prefix (tprefix).")
mtree.setting("tvalue_column", "str", doc="The column with the value (tvalue).")
mtree.setting("fetch_rows", "int", doc="How many rows are read at once; makes no difference (1000).")
mtree.setting("char_list", "str", doc="The characters that prefixes may have (0123456789).")
mtree.setting("pv_value", "str", doc="Where the value of the longest prefix goes (`$avp(s:tvalue)`).")
mtree.setting("pv_values", "str", doc="The AVP for the values of all prefixes (`$avp(s:tvalues)`).")
mtree.setting("pv_dstid", "str", doc="The AVP for the first numbers of a tree of type 1 (`$avp(tdstid)`).")
mtree.setting("pv_weight", "str", doc="The AVP for the second numbers of a tree of type 1 (`$avp(tweight)`).")
mtree.setting("pv_count", "str", doc="Where the number of matches in a tree of type 1 goes (`$avp(tcount)`).")
mtree.setting("mt_tree_type", "int", doc="The type of the trees in db_table (0).")
mtree.setting("mt_ignore_duplicates", "int", doc="1: of equal prefixes the first counts (0).")
mtree.setting("mt_allow_duplicates", "int", doc="1: a prefix may have several values (0).")


@mtree.param("mtree", "str")
def define(state: Trees, value: int | str) -> None:
    """Defines a tree: `name=x;dbtable=y;type=0;multi=1`; type 0 texts, 1 `destination:weight`, 2 numbers; `cols='prefix,value'`."""
    made = Tree("")
    for name, _, text in (part.strip().partition("=") for part in str(value).replace("'", "").split(";")):
        if name == "name":
            made.name = text
        elif name == "dbtable":
            made.table = text
        elif name == "type":
            made.kind = parse_int(text) or 0
        elif name == "multi":
            made.multi = bool(parse_int(text))
        elif name == "cols":
            made.columns = tuple(column.strip() for column in text.split(","))
    if not made.name:
        raise ParamError("invalid mtree name")
    if made.kind not in (TEXTS, WEIGHTS, NUMBERS):
        raise ParamError(f"unknown tree type <{made.kind}>")
    if made.columns and len(made.columns) < 2:
        raise ParamError("there must be at least two columns (prefix, value)")
    if made.name in state.trees:
        raise ParamError(f"duplicate tree with name [{made.name}]")
    state.trees[made.name] = made
    state.defined = True


@mtree.hooks.init.append
def _init(state: Trees, scope: Scope) -> None:
    state.services = scope.services
    for name in ("pv_value", "pv_values", "pv_dstid", "pv_weight", "pv_count"):
        try:
            written = getattr(state, name)
            state.writes[name] = scope.write(scope.names.pv(written))
            if name == "pv_values" and written.startswith("$avp("):
                state.writes["clear"] = scope.write(scope.names.pv(f"$({written[1:]}[*])"))
        except FixupError as error:
            raise InitError(f"{name}: {error.message}") from None
    if not state.trees and not state.db_table:
        raise InitError("no trees table defined")
    state.database = connect(state.db_url, state.instance, {}, without="the trees are empty")
    if state.database is None:
        return
    try:
        if state.defined:
            for tree in state.trees.values():
                state.load(tree)
        else:
            state.load_all()
    except (DbError, BadTreeError) as error:
        raise InitError(f"cannot load info from database: {error}") from None


@dataclass(frozen=True, slots=True)
class Mode:
    """A number, or one variable that holds one; null where it has none."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or a variable."""
        if text.startswith("$"):
            return names.pv(text)
        number = parse_int(text)
        if number is None:
            raise FixupError(f"{text!r} is no number")
        return number

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int | None]:
        """The number."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read = scope.read(parsed)

        def number(run: Run) -> int | None:
            value = read(run)
            return value if isinstance(value, int) else parse_int(value) if isinstance(value, str) else None

        return number


@mtree.function("mt_match", FORMAT, FORMAT, Mode())
def mt_match(state: Trees, run: Run, name: str, text: str, mode: int | None) -> int:
    """Looks for the longest prefix of a text in a tree and puts its value into `pv_value`; -1 when there is none.

    Mode 2 puts the values of all prefixes into `pv_values`, that of the longest on top. A tree of type 1 pushes its numbers to `pv_dstid`
    and `pv_weight`. 5.6.3 gives all weights as 0, and an empty text for `pv_count` and for the value of a tree of type 2 (but in mode 2).

    Example: modparam("mtree", "mtree", "name=t") request_route { if (mt_match("t", "$rU", "0")) { xlog("$avp(tvalue)\\n"); } }
    """
    if mode is None:
        state.instance.diag("ERROR", "Could not convert PV to int", "core", run.at)
        state.complain(run, "cannot get the mode")
        return -1
    tree = state.trees.get(name)
    found = tree.path(text, state.char_list) if tree is not None else []
    if tree is None or not found:
        return -1
    if tree.kind == WEIGHTS:
        _push_weights(state, run, found)
    elif mode == EVERY:
        if "clear" in state.writes:
            state.writes["clear"](run, None)
        for _, node in found:
            for value in node.values:
                state.writes["pv_values"](run, int(value) if tree.kind == NUMBERS else value)
    else:
        state.writes["pv_value"](run, found[-1][1].values[0] if tree.kind == TEXTS else "")
    return 1


def _push_weights(state: Trees, run: Run, found: list[tuple[str, Node]]) -> None:
    """Each prefix gives its newest value, a destination is given once."""
    pushed: set[int] = set()
    for _, node in found:
        destination = parse_int(node.values[0].partition(":")[0]) or 0
        if destination not in pushed:
            pushed.add(destination)
            state.writes["pv_dstid"](run, destination)
            state.writes["pv_weight"](run, 0)
    state.writes["pv_count"](run, "")


def _tree(state: Trees, name: object, code: int, text: str) -> Tree:
    found = state.trees.get(str(name))
    if found is None:
        raise RpcFault(code, text)
    return found


def _chosen(state: Trees, arguments: Sequence[Any], missing: Callable[[], list[Tree]]) -> list[Tree]:
    if not arguments or arguments[0] == "":
        return state.ordered()
    found = state.trees.get(str(arguments[0]))
    return missing() if found is None else [found]


@mtree.rpc("mtree.list", "[tree]", array=True)
def show_all(state: Trees, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the prefixes and values of one tree or of all."""
    shown: list[RpcValue] = []
    for tree in _chosen(state, arguments, list):
        for prefix, node in tree.listed(state.char_list):
            values: list[RpcValue] = list(node.values)
            shown.append({"tname": tree.name, "tprefix": prefix, "tvalue": values})
    return shown


@mtree.rpc("mtree.summary", "[tree]", array=True)
def summary(state: Trees, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the size of one tree or of all."""

    def missing() -> list[Tree]:
        raise RpcFault(404, "Tree not found")

    return [{"table": tree.name, "item": _size(state, tree)} for tree in _chosen(state, arguments, missing)]


def _size(state: Trees, tree: Tree) -> RpcValue:
    nodes, waiting = 0, [tree.root]
    while waiting:
        node = waiting.pop()
        if node.below or node is tree.root:
            nodes += 1
        waiting += node.below.values()
    values = [] if tree.kind == NUMBERS else [value for _, node in tree.listed(state.char_list) for value in node.values]
    size = nodes * CELL * len(state.char_list) + sum(len(value) + 1 for value in values)
    return {
        "ttype": tree.kind,
        "memsize": size,
        "nrnodes": nodes,
        "nritems": len(values),
        "reload_count": tree.reloads,
        "reload_time": tree.reloaded,
    }


@mtree.rpc("mtree.reload", "[tree]")
def reload(state: Trees, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Reads one tree or all anew from the database."""

    def missing() -> list[Tree]:
        raise RpcFault(500, "Can not find specified Mtree")

    chosen = _chosen(state, arguments, missing)
    if state.database is None:
        raise RpcFault(500, "Failed to reload: the database is not opened")
    try:
        for tree in chosen:
            state.load(tree)
    except (DbError, BadTreeError) as error:
        state.complain(None, str(error))
        raise RpcFault(500, "Mtree Reload Failed") from None
    return "Ok. Mtrees reloaded." if state.db_table and not state.defined else "Ok. Mtree reloaded."


@mtree.rpc("mtree.match", "tree prefix mode")
def match(state: Trees, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the longest prefix of a text in a tree and its value; with mode 2 all prefixes."""
    if len(arguments) < 3 or not isinstance(arguments[1], str) or not isinstance(arguments[2], int):
        raise RpcFault(500, "Invalid Parameters")
    tree = _tree(state, arguments[0], 404, "Tree not found")
    if tree.kind == WEIGHTS:
        services.note("Kamailio 5.6.3 crashes at mtree.match of a tree of type 1")
        raise RpcFault(500, "a tree of type 1 can't be matched by RPC")
    found = tree.path(arguments[1], state.char_list)
    if not found:
        raise RpcFault(404, "Prefix not found")
    shown = found if arguments[2] == EVERY else found[-1:]
    rows: list[RpcValue] = [{"PREFIX": prefix, "TVALUE": value} for prefix, node in shown for value in node.values[:1]]
    return [tree.name, *rows]
