"""Tests of sroute/modules/uac."""
