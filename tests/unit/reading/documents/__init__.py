"""Tests of the way from a file's bytes to its text."""
