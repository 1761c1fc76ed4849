"""Several instances at once, on one clock and a network that can be bad."""
