"""Text with positions: sources, spans, diagnostics and how they are shown. Knows nothing of Kamailio."""
