"""Scripts that say what they expect: the notation of `sroute test`, running such a script, and comparing."""
