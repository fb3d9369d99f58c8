"""Keeps the ledger of every event and the register of every task, and shows both."""
