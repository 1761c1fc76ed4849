"""SE: what an outsider could make of a script."""
