"""SIP without scripts, as Kamailio 5.6.3 sees, changes and writes it. Text is latin-1: one character is one byte."""
