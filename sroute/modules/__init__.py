"""The modules of Kamailio: simulated ones by name, and what all others declare."""
