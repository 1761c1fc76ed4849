"""ST: logging and style."""
