"""Tests of sroute/modules/nathelper."""
