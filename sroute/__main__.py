"""`python -m sroute`."""

from sroute.cli.main import main

main()
