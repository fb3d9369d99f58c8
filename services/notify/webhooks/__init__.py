"""Events posted to the endpoints of other systems, as Standard Webhooks."""
