"""Why a script does not parse: the kinds of mistakes people make, in words, with hints."""
