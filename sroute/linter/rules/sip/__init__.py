"""SB: what a SIP proxy should and should not do."""
