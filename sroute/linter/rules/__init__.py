"""The rules, one file each; a theme is a folder. `registry` finds them."""
