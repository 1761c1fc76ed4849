"""Tests of sroute/modules/textopsx."""
