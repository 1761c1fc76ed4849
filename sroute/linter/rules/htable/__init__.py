"""HT: hash tables, locks and iterators."""
