"""Which release this code is, so that of several copies the newest does what only one may do."""

RELEASE = 1
"""Grows by one with every release. Old and new copies run side by side while an installation is upgraded."""
