"""sroute: a workbench for Kamailio routing scripts.

The public names are loaded when they are first used: `load`, `check`, `start`, `Instance`, `Options`; errors are in
`sroute.errors`.
"""

from importlib import import_module

__version__ = "0.1.0"
__all__ = ["Instance", "Options", "__version__", "check", "load", "start"]


def __getattr__(name: str) -> object:
    """Loads a public name."""
    if name not in __all__:
        raise AttributeError(f"module 'sroute' has no attribute {name!r}")
    return getattr(import_module("sroute.instance.api"), name)
