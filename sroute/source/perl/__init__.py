"""Perl-compatible regular expressions as libpcre 8 has them (Kamailio 5.6.3's module regex), for yes or no, in bounded time."""
