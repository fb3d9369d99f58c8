"""The next release beside this one: what happens while an installation is upgraded."""
