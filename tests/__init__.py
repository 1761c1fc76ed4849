"""Tests of sroute: the spec as scripts first (`spec/`), then what a script can't show."""
