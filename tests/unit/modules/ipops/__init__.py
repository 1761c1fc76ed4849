"""Tests of sroute/modules/ipops."""
