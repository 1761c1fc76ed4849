"""Speed and memory, sroute and a real Kamailio side by side in one run: `make bench`."""
