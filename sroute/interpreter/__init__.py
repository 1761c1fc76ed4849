"""Bound once, then run: every node of a resolved program becomes a closure."""
