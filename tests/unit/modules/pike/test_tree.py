"""The tree of addresses: counts, splitting, forgetting."""

from sroute.modules.pike.tree import Tree

ADDRESS = bytes((127, 0, 0, 1))


def hits(tree: Tree, count: int, address: bytes = ADDRESS) -> list[tuple[bool, bool]]:
    """Whether each of some requests turned the address red, and whether it is red then."""
    found = []
    for _ in range(count):
        node, turned = tree.mark(address, 0)
        found.append((turned, node.is_red))
    return found


def test_an_address_is_blocked_behind_its_path() -> None:
    tree = Tree(2, 120)
    assert hits(tree, 7) == [(False, False)] * 5 + [(True, True), (False, True)]


def test_high_limits_split_late() -> None:
    tree = Tree(30, 120)
    found = hits(tree, 60)
    assert found.index((True, True)) == 38
    assert [node.address for node in tree] == [b"\x7f", b"\x7f\x00", b"\x7f\x00\x00", ADDRESS]


def test_another_period_begins() -> None:
    tree = Tree(2, 120)
    hits(tree, 8)
    leaf = tree.mark(ADDRESS, 0)[0]
    assert leaf.leaf_now == 5
    assert leaf.swap()
    assert (leaf.leaf_before, leaf.leaf_now) == (5, 0)
    assert tree.is_hot(leaf)
    leaf.swap()
    assert not tree.is_hot(leaf)


def test_what_is_not_seen_is_forgotten_from_the_leaves() -> None:
    tree = Tree(2, 10)
    hits(tree, 5)
    sizes = []
    for tick in (9, 10, 20, 30, 40):
        tree.forget(tick)
        sizes.append(len(list(tree)))
    assert sizes == [4, 3, 2, 1, 0]
    assert not tree.waiting


def test_ipv6_addresses_grow_16_levels() -> None:
    tree = Tree(1, 10)
    address = bytes(range(1, 17))
    assert hits(tree, 17, address)[-1] == (True, True)
    assert max(len(node.address) for node in tree) == 16
