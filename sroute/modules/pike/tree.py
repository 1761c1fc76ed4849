"""Addresses as a tree of their bytes, with counts of what came: it grows only where much comes.

A node counts the requests that ended there because the tree goes no further; a whole address counts as a leaf. All counts are of the
sampling period that runs and of the one before. A node whose count reaches a quarter of the limit gets the next byte as a kid; an
address whose count reaches the limit is hot.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

_MOST = 0xFFFE


@dataclass(slots=True, eq=False)
class Node:
    """A byte of addresses; the newest kid is the first."""

    byte: int
    dad: "Node | None" = None
    kids: "list[Node]" = field(default_factory=list)
    before: int = 0
    now: int = 0
    leaf_before: int = 0
    leaf_now: int = 0
    is_leaf: bool = False
    is_red: bool = False
    expires: int = 0

    @property
    def address(self) -> bytes:
        """The bytes down to here."""
        path = bytearray()
        node: Node | None = self
        while node is not None:
            path.append(node.byte)
            node = node.dad
        path.reverse()
        return bytes(path)

    def swap(self) -> bool:
        """Another sampling period begins: whether anything is left to be swapped the next time."""
        self.before, self.now = self.now, 0
        self.leaf_before, self.leaf_now = self.leaf_now, 0
        return bool(self.before or self.leaf_before)

    def walk(self) -> "Iterator[Node]":
        """This node and those below."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += reversed(node.kids)


class Tree:
    """All addresses that were seen, and the order in which they are forgotten."""

    __slots__ = ("latency", "limit", "roots", "waiting")

    def __init__(self, limit: int, latency: int) -> None:
        """The limit of requests of an address in a sampling period; after how many seconds a node is forgotten."""
        self.limit = limit
        self.latency = latency
        self.roots: dict[int, Node] = {}
        self.waiting: dict[Node, None] = {}

    def __iter__(self) -> Iterator[Node]:
        """All nodes, by their first byte."""
        for byte in sorted(self.roots):
            yield from self.roots[byte].walk()

    def is_hot(self, node: Node) -> bool:
        """Whether an address sends too much."""
        before, now = node.leaf_before, node.leaf_now
        return before >= self.limit or now >= self.limit or (before + now) >> 1 >= self.limit

    def is_warm(self, node: Node) -> bool:
        """Whether much ends at a node."""
        return node.now >= self.limit >> 2

    def _splits(self, node: Node) -> bool:
        enough = self.limit >> 2
        return node.before >= enough or node.now >= enough or (node.before + node.now) >> 1 >= enough

    def mark(self, address: bytes, tick: int) -> tuple[Node, bool]:
        """Counts a request: the node where it ended, and whether its address turned red with it."""
        node, depth = self._longest(address)
        if node is None:
            node = self.roots[address[0]] = Node(address[0], now=1)
        elif depth == len(address):
            return node, self._hit(node, tick)
        else:
            node.now += node.now < _MOST
            if not self._splits(node):
                return node, False
            node = self._split(node, address[depth])
        self._wait(node, tick)
        return node, False

    def _longest(self, address: bytes) -> tuple[Node | None, int]:
        node, kid = None, self.roots.get(address[0])
        depth = 0
        while kid is not None:
            node = kid
            depth += 1
            kid = next((each for each in node.kids if each.byte == address[depth]), None) if depth < len(address) else None
        return node, depth

    def _hit(self, node: Node, tick: int) -> bool:
        node.is_leaf = True
        node.leaf_now += node.leaf_now < _MOST
        self._wait(node, tick)
        if node.is_red or not self.is_hot(node):
            return False
        node.is_red = True
        return True

    def _split(self, dad: Node, byte: int) -> Node:
        """A kid for the next byte; it inherits the count."""
        kid = Node(byte, dad, now=max(dad.now - 1, 0))
        if dad.leaf_now:
            kid.leaf_before = (dad.leaf_before - 1) & 0xFFFF
        dad.kids.insert(0, kid)
        if not dad.is_leaf and len(dad.kids) == 1:
            self.waiting.pop(dad, None)
        return kid

    def _wait(self, node: Node, tick: int) -> None:
        node.expires = tick + self.latency
        self.waiting.pop(node, None)
        self.waiting[node] = None

    def forget(self, tick: int) -> None:
        """Removes what was not seen for too long."""
        due = [node for node in self.waiting if node.expires <= tick]
        for node in sorted(due, key=lambda each: each.address[0]):
            del self.waiting[node]
            node.expires = 0
            dad = node.dad
            if node.kids:
                node.is_leaf, node.leaf_now = False, 0
            elif dad is None:
                del self.roots[node.byte]
            else:
                dad.kids.remove(node)
                if not dad.kids and not dad.is_leaf:
                    self._wait(dad, tick)
