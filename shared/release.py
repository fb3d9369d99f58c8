"""Which release this code is, and with which others it runs side by side while an installation is upgraded."""

RELEASE = 1
"""Grows by one with every release: of several copies the newest does what only one may do."""

BESIDE = 1
"""The oldest release whose copies go on with the tables as this one migrates them."""

STEP = "0008"
"""The newest step of `deploy/migrations/versions`: this release needs the tables as it leaves them."""
