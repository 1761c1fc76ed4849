"""json: fields of JSON texts by their path."""

from sroute.modules.json.module import json

__all__ = ["json"]
