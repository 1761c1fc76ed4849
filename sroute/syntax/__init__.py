"""Text to tree: preprocessing, scanning and parsing of routing scripts and of pseudo-variables. Knows no module."""
