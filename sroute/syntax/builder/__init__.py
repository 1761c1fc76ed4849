"""The tree is built here: a function for each rule of the grammar, called while the parser runs."""
