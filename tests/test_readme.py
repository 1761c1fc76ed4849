"""What the README shows is what the commands print."""

from tests.readme import README, filled


def test_commands_print_what_the_readme_shows() -> None:
    text = README.read_text("utf-8")
    assert filled(text) == text
