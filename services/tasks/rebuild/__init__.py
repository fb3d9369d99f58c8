"""The register made anew from the log, beside the live one and in its place."""
