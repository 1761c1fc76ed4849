"""Flows: whole calls over time, recorded from the real Kamailio and played again on the virtual clock (notation: README.md)."""
