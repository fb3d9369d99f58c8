"""Restores the damaged side of the record from the sound one; nothing else may, and only while the services stand."""
