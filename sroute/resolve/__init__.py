"""Names meet declarations: what Kamailio refuses at check or at start is found here, before anything runs."""
