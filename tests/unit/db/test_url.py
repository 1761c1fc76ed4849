"""Kamailio's DB URLs."""

import pytest

from sroute.db.database import DbError
from sroute.db.url import DbUrl, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqlite:////var/db/k.db", DbUrl("sqlite:////var/db/k.db", "sqlite", "/var/db/k.db")),
        ("sqlite:///k.db", DbUrl("sqlite:///k.db", "sqlite", "k.db")),
        ("text:///etc/kamailio/dbtext", DbUrl("text:///etc/kamailio/dbtext", "text", "/etc/kamailio/dbtext")),
        ("text://dbtext/", DbUrl("text://dbtext/", "text", "dbtext/")),
        (
            "mysql://kamailio:kamailiorw@localhost/kamailio",
            DbUrl("mysql://kamailio:kamailiorw@localhost/kamailio", "mysql", "kamailio", "kamailio", "kamailiorw", "localhost"),
        ),
        (
            "postgres://u:p@[::1]:5433/db",
            DbUrl("postgres://u:p@[::1]:5433/db", "postgresql", "db", "u", "p", "[::1]", 5433),
        ),
        ("mysql://host/db", DbUrl("mysql://host/db", "mysql", "db", host="host")),
    ],
)
def test_parts(text: str, expected: DbUrl) -> None:
    assert parse(text) == expected


def test_password_is_not_shown() -> None:
    assert parse("mysql://kamailio:kamailiorw@localhost/kamailio").public == "mysql://kamailio:***@localhost/kamailio"


@pytest.mark.parametrize("text", ["", "nonsense", "redis://host/0", "mysql://host-without-database", "unixodbc:///kamailio"])
def test_refused(text: str) -> None:
    with pytest.raises(DbError):
        parse(text)
