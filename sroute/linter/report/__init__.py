"""Findings as text, one file a format. `FORMATS` names them all."""

from sroute.linter.report.formats import FORMATS, render

__all__ = ["FORMATS", "render"]
