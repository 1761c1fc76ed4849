"""Databases as Kamailio's modules use them: by URL, with typed columns, on SQLAlchemy or on db_text files.

`databases` opens what a script names, as far as the policy of the run allows; `database` is what a module gets.
"""
