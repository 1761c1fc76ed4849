"""Findings as text, one file a format. `FORMATS` names them all."""

from sroute.linter.report.formats import FORMATS, Format

__all__ = ["FORMATS", "Format"]
