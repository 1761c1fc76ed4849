"""All rules, found by the files below `rules`: nobody lists them by hand."""

import importlib
import pkgutil
from functools import cache

from sroute.linter import rules
from sroute.linter.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by code."""
    found: list[Rule] = []
    for theme in pkgutil.iter_modules(rules.__path__):
        room = importlib.import_module(f"{rules.__name__}.{theme.name}")
        for file in pkgutil.iter_modules(room.__path__):
            module = importlib.import_module(f"{room.__name__}.{file.name}")
            found += _rules_of(module.__name__, vars(module))
    return tuple(sorted(found, key=lambda rule: rule.code))


def _rules_of(module: str, names: dict[str, object]) -> list[Rule]:
    classes = (thing for thing in names.values() if isinstance(thing, type) and issubclass(thing, Rule))
    return [made() for made in classes if made.__module__ == module]


def rule(code: str) -> Rule | None:
    """The rule of a code; None when there is none."""
    return next((found for found in all_rules() if found.code == code), None)


def codes() -> tuple[str, ...]:
    """All codes, sorted."""
    return tuple(found.code for found in all_rules())
