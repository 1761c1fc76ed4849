"""Rules over a resolved script: what Kamailio refuses, and what it never mentions."""
