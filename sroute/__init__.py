"""sroute: a workbench for Kamailio routing scripts."""

__version__ = "0.1.0"
