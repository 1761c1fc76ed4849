"""SY: what the parser refuses, and what it takes for something else."""
