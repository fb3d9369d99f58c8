"""HTTP: conclusions come in here, and are confirmed, corrected, reviewed and revoked."""
