"""What a notice says of itself and of its meeting: issuer, number, days, and who presided, attended and signed."""
