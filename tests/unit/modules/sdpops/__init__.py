"""Tests of sroute/modules/sdpops."""
