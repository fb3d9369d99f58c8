"""The page on which one sees how the services do."""
