"""UP: what changed between versions."""
