"""HTTP: inboxes, who was told of what, and how and where people are told."""
