"""The pages of being told: the inbox, how one wants to be told, what did not arrive, what is to come, and webhooks."""
