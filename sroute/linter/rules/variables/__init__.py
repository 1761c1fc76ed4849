"""PV: pseudo-variables and transformations."""
