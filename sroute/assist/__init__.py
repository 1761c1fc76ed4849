"""What is under the cursor: completion, signatures, hover, symbols. Shared by the REPL and the language server; knows neither."""
