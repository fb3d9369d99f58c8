"""Notices written for this project, each with the labels that a careful reader would give it."""
