"""Functions of KSR that no script function is like: those of the core, of variables and headers, and a few of modules."""
