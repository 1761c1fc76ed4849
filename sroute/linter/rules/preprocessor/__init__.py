"""PP: directives, defines and substitutions."""
