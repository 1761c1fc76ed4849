"""Tests of sroute/modules/textops."""
