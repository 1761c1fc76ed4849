"""SR: comments that silence findings."""
