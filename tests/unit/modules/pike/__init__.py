"""Tests of sroute/modules/pike."""
