"""What a script stands on: values and their rules, stores, the clock, and the run itself."""
