"""Signing in and out: by one-time link, by another provider, and for programs by their keys."""
