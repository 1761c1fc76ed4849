"""EX: expressions and types."""
