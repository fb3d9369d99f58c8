"""The ways by which a notification leaves."""
