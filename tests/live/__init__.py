"""The real Kamailio as the judge: starts the Debian binary, feeds it messages and records what it did."""
