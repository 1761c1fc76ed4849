"""One simulated Kamailio: a program, the modules' states, a clock, and what comes in and goes out."""
