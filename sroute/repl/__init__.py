"""The REPL: a line in, an outcome out (`evaluate`), and a terminal around it (`prompt`)."""
