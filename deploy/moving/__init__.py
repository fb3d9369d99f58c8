"""From one machine to a cluster: the record, and what is in no record, with nothing lost and nobody told twice."""
