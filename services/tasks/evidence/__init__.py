"""Bundles of evidence: what somebody needs to see, without us, what became of a directive."""
