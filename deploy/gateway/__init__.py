"""The one door in front of the services."""
