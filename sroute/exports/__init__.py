"""How a module declares what it exports: functions, parameters, variables, transformations, RPC commands, events.

A declaration is read by everybody (resolve, interpreter, linter, REPL, docs) and written once, in `modules`.
"""
