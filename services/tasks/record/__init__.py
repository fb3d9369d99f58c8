"""Whether the record is whole: log, ledger and register compared, and what is damaged restored from what is sound."""
