"""The language server: what `lint`, `doc` and the REPL know, in an editor. `server` speaks the protocol, the rest does not."""
