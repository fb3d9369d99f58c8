"""What a batch of events changes in notify's tables, gathered first so that each table is written once."""
