"""Random scripts that both a real Kamailio and sroute run: they must agree."""
