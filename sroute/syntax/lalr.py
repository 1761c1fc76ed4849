"""The LALR machine: shifts tokens and reduces by the tables, with no recursion anywhere.

Values are built by callbacks while it runs. Chains of rules that only pass a value on (an expression has fourteen levels of
operators) are followed once and then looked up.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sroute.syntax.tables import Tables
from sroute.syntax.tokens import Token

MAX_DEPTH = 10000
"""So much may be open at once, as in Kamailio's parser."""
END = "$END"
Callback = Callable[[list[Any]], object]


class TooDeepError(Exception):
    """More constructs are nested than Kamailio's parser can hold."""


class Machine:
    """One parse: the stacks of states and values."""

    __slots__ = ("callbacks", "end", "states", "tables", "values")

    def __init__(self, tables: Tables, callbacks: Mapping[str, Callback], start: str) -> None:
        first, self.end = tables.starts[start]
        self.tables = tables
        self.callbacks = [callbacks[name] if name is not None else None for _, _, name in tables.rules]
        self.states = [first]
        self.values: list[Any] = []

    def run(self, tokens: Sequence[Token], at: int) -> int:
        """Take tokens from an index on; the index of the one that does not fit, or the number of tokens.

        Raises TooDeepError.
        """
        actions, rules, chains, callbacks = self.tables.actions, self.tables.rules, self.tables.chains, self.callbacks
        states, values = self.states, self.values
        state = states[-1]
        for index in range(at, len(tokens)):
            token = tokens[index]
            kind = token.kind
            while (action := actions[state].get(kind)) is not None and action < 0:
                origin, length, _ = rules[~action]
                callback = callbacks[~action]
                if length == 1:
                    if callback is not None:
                        values[-1] = callback(values[-1:])
                    state = chains.get((states[-2], origin, kind)) or self._chain(states[-2], origin, kind)
                    states[-1] = state
                    continue
                if length:
                    children = values[-length:]
                    del values[-length:], states[-length:]
                else:
                    children = []
                assert callback is not None
                values.append(callback(children))
                state = chains.get((states[-1], origin, kind)) or self._chain(states[-1], origin, kind)
                states.append(state)
            if action is None:
                return index
            states.append(action)
            values.append(token)
            state = action
            if len(states) > MAX_DEPTH:
                raise TooDeepError
        return len(tokens)

    def _chain(self, below: int, origin: str, kind: str) -> int:
        """The state after a reduction and all reductions behind it that only pass the value on."""
        actions, gotos, rules = self.tables.actions, self.tables.gotos, self.tables.rules
        state = gotos[below][origin]
        while (action := actions[state].get(kind)) is not None and action < 0 and rules[~action][1:] == (1, None):
            state = gotos[below][rules[~action][0]]
        self.tables.chains[below, origin, kind] = state
        return state

    def finished(self) -> bool:
        """Whether the start rule is complete."""
        return len(self.states) == 2 and self.states[-1] == self.end

    def accepts(self, *kinds: str) -> bool:
        """Whether these terminals could follow now, in this order."""
        actions, gotos, rules = self.tables.actions, self.tables.gotos, self.tables.rules
        states = self.states
        kept = len(states)
        added: list[int] = []
        for kind in kinds:
            while True:
                state = added[-1] if added else states[kept - 1]
                action = actions[state].get(kind)
                if action is None:
                    return kind == END and state == self.end
                if action >= 0:
                    added.append(action)
                    break
                origin, length, _ = rules[~action]
                over = length - len(added)
                if over > 0:
                    kept -= over
                    added.clear()
                elif length:
                    del added[-length:]
                added.append(gotos[added[-1] if added else states[kept - 1]][origin])
        return True

    def begins(self, kind: str, height: int) -> bool:
        """Whether a terminal could begin something at a height of the stack, without ending what is there."""
        action = self.tables.actions[self.states[height - 1]].get(kind)
        return action is not None and (action >= 0 or self.tables.rules[~action][1] == 0)

    def expected(self) -> set[str]:
        """The terminals that could come next."""
        return {kind for kind in self.tables.actions[self.states[-1]] if self.accepts(kind)}
