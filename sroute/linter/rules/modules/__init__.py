"""MD: modules, their functions and parameters."""
