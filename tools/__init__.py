"""Scripts for developers of sroute; not part of the wheel."""
