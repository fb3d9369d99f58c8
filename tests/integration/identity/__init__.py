"""Tests of who is asking, before real servers."""
