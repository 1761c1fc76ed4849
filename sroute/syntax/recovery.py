"""Going on after a syntax error: one diagnostic for one cause, and as much of the tree as can be had.

Small mistakes are mended by tokens that are put in or left out. Otherwise the parser drops the statement: it goes back to the
place where it began and on behind the next `;` or before the `}` of its block. A broken condition is replaced, so that the block
behind it is read. At top level it goes on with the next thing that can begin there.
"""

from sroute.source.text import Span
from sroute.syntax.builder.build import Build
from sroute.syntax.causes.cause import Cause, quoted
from sroute.syntax.causes.explain import explain
from sroute.syntax.causes.structure import DECLARATIONS, ROUTES, begins_route
from sroute.syntax.lalr import END, Machine
from sroute.syntax.scene import ITEM, STATEMENT, Scene
from sroute.syntax.tokens import Token

MAX_ERRORS = 100
MAX_MENDINGS = 4
HEADS = ("IF", "WHILE", "SWITCH")


class Recovery:
    """Parses all tokens, whatever is wrong with them."""

    def __init__(self, machine: Machine, tokens: list[Token], build: Build) -> None:
        self.machine = machine
        self.tokens = tokens
        self.build = build
        self.errors = 0
        self.mended_at = -1
        self.resumed_at = -1
        self.mendings = 0

    def run(self) -> None:
        """Read everything up to the end; what is dropped is never dropped without an error."""
        self.read()
        if self.resumed_at >= 0 and not any(found.severity == "error" for found in self.build.diagnostics):
            token = self.tokens[self.resumed_at]
            self.build.error("SY001", f"{quoted(token)} can't stand here", token.span)

    def read(self) -> None:
        """Read, and go on behind each error."""
        at = self.machine.run(self.tokens, 0)
        while not (self.tokens[at].kind == END and self.machine.accepts(END)):
            scene = Scene(self.tokens, at, self.machine)
            cause = explain(scene)
            self.report(cause)
            if self.errors > MAX_ERRORS:
                self.build.error("SY001", f"more than {MAX_ERRORS} errors: the rest is not looked at", scene.token.span)
                return
            following = self.mend(at, cause)
            if following is None:
                following = self.resume(at, whole=cause.whole)
            if following is None:
                return
            at = self.machine.run(self.tokens, following)
        self.machine.run([self.tokens[-1]], 0)

    def report(self, cause: Cause) -> None:
        """Say what is wrong, in the place of what only follows from it."""
        if not cause.message or cause.span is None:
            return
        self.errors += 1
        if cause.explains:
            self.build.diagnostics[:] = [found for found in self.build.diagnostics if found.code != cause.explains]
        self.build.error(cause.code, cause.message, cause.span, cause.hint)

    def mend(self, at: int, cause: Cause) -> int | None:
        """Put in or leave out what the cause says; None when it says nothing or that was tried often enough here."""
        if at != self.mended_at:
            self.mended_at, self.mendings = at, 0
        self.mendings += 1
        if self.mendings > MAX_MENDINGS or not (cause.insert or cause.drop):
            return None
        if cause.drop:
            return at + cause.drop if self.tokens[at].kind != END else None
        self.feed(at, *cause.insert)
        return at

    def feed(self, at: int, *kinds: str) -> None:
        """Give the machine terminals that are not in the text."""
        place = self.tokens[at].span
        span = Span(place.source, place.start, place.start)
        made = [Token(kind, 0 if kind == "NUMBER" else "", "", span) for kind in kinds]
        taken = self.machine.run(made, 0)
        assert taken == len(made), "a terminal that was said to fit does not"

    # ------------------------------------------------------------ dropping a statement or an item

    def resume(self, at: int, *, whole: bool) -> int | None:
        """Drop what is broken; the index to go on from, or None at the end."""
        if at == self.resumed_at:
            return None if self.tokens[at].kind == END else at + 1
        self.resumed_at = at
        head = self.condition(at) or self.label(at)
        if head is not None:
            return head
        depth = self.deepest(STATEMENT)
        if depth is None:
            return self.next_item(at)
        route = begins_route(Scene(self.tokens, at, self.machine))
        parentheses = sum(isinstance(value, Token) and value.kind == "LPAR" for value in self.machine.values[depth - 1 :])
        self.cut(depth)
        if route or self.tokens[at].kind == END:
            return self.close_blocks(at)
        following, ended = self.statement_end(at, parentheses if whole else None)
        if not ended or self.machine.accepts("SEMICOLON"):
            self.feed(min(following, len(self.tokens) - 1), "SEMICOLON")
        return following

    def deepest(self, what: str) -> int | None:
        """The height of the stack at which a statement or an item may begin, the highest there is."""
        heights = range(len(self.machine.states), 0, -1)
        return next((height for height in heights if self.machine.begins(what, height)), None)

    def cut(self, height: int) -> None:
        """Forget what lies above a height of the stack."""
        del self.machine.states[height:]
        del self.machine.values[height - 1 :]

    def condition(self, at: int) -> int | None:
        """If the error is in the condition of an if, while or switch: put a number in its place and go on at its block."""
        values = self.machine.values
        for index in range(len(values) - 1, -1, -1):
            value = values[index]
            if isinstance(value, Token) and value.kind in ("LBRACE", "ELSE"):
                return None
            if isinstance(value, Token) and value.kind in HEADS:
                break
        else:
            return None
        if "NUMBER" not in self.machine.tables.actions[self.machine.states[index + 1]]:
            return None
        brace = self.brace_of_condition(at)
        if brace is None:
            return None
        self.cut(index + 2)
        self.feed(at, "NUMBER")
        return brace

    def brace_of_condition(self, at: int) -> int | None:
        """The index of the brace behind a condition, if it comes before the end of a statement."""
        for index in range(at, min(at + 400, len(self.tokens))):
            kind = self.tokens[index].kind
            if kind == "LBRACE":
                return index
            if kind in ("SEMICOLON", "RBRACE", END):
                return None
        return None

    def label(self, at: int) -> int | None:
        """If the error is among the labels of a switch: go on at the colon of the label, the next label or the end of the switch."""
        height = self.deepest("CASE")
        if height is None or height < (self.deepest(STATEMENT) or 0):
            return None
        colon = next((n for n in range(at, len(self.tokens)) if self.tokens[n].kind in ("COLON", "SEMICOLON", "LBRACE", "RBRACE", END)), at)
        values = self.machine.values[height - 1 :]
        self.cut(height)
        if values and isinstance(values[0], Token) and values[0].kind == "CASE" and self.tokens[colon].kind == "COLON":
            self.feed(at, "CASE", "NUMBER")
            return colon
        depth = 0
        for index in range(at, len(self.tokens)):
            kind = self.tokens[index].kind
            if kind == END or (depth == 0 and kind in ("CASE", "DEFAULT", "RBRACE")):
                return index
            depth += (kind == "LBRACE") - (kind == "RBRACE")
        return None

    def close_blocks(self, at: int) -> int | None:
        """End all open blocks before a route or the end of the file."""
        if self.tokens[at].kind == "LSQB":
            at -= 1
        for _ in range(len(self.machine.states) + 1):
            if self.machine.accepts(ITEM):
                return at
            for kinds in (("RBRACE",), ("SEMICOLON",), ("SEMICOLON", "RBRACE")):
                if self.machine.accepts(*kinds):
                    self.feed(at, *kinds)
                    break
            else:
                return self.next_item(at)
        return None

    def statement_end(self, at: int, parentheses: int | None) -> tuple[int, bool]:
        """The index behind a broken statement, and whether a `;` or a block ended it; a number of open parentheses is minded."""
        depth = 0
        index = at
        while index < len(self.tokens):
            kind = self.tokens[index].kind
            if kind == END or (kind in ROUTES and self.tokens[index + 1].kind in ("LSQB", "LBRACE")):
                return index, False
            if kind == "LBRACE":
                depth += 1
            elif kind == "RBRACE":
                if depth == 0:
                    return index, False
                depth -= 1
                if depth == 0 and self.tokens[index + 1].kind not in ("ELSE", "SEMICOLON", "ID"):
                    return index + 1, True
            elif kind in ("CASE", "DEFAULT") and depth == 0 and index > at:
                return index, False
            elif parentheses is not None and kind in ("LPAR", "RPAR"):
                parentheses += 1 if kind == "LPAR" else -1
            elif kind == "SEMICOLON" and depth == 0 and not parentheses:
                return index + 1, True
            index += 1
        return index, False

    def next_item(self, at: int) -> int | None:
        """At top level: go on with the next thing that begins an item, outside of braces."""
        height = self.deepest(ITEM)
        if height is None:
            return None
        self.cut(height)
        depth = 0
        for index in range(at, len(self.tokens)):
            kind = self.tokens[index].kind
            if depth == 0 and self.begins_item(index):
                return index
            depth += (kind == "LBRACE") - (kind == "RBRACE" and depth > 0)
        return len(self.tokens) - 1

    def begins_item(self, index: int) -> bool:
        """Whether a token at top level begins something that can stand there."""
        token, after = self.tokens[index], self.tokens[min(index + 1, len(self.tokens) - 1)]
        if token.kind in ("PARAMETER", "LISTEN", "ALIAS", "KEMI"):
            return after.kind in ("EQUAL", "DOT")
        if token.kind in ROUTES:
            return after.kind in ("LSQB", "LBRACE")
        if token.kind == "ID":
            return after.kind == "DOT" and Scene(self.tokens, index, self.machine).new_line()
        return token.kind in DECLARATIONS or token.kind in ("SUBST", END)
