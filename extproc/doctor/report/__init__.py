"""A report in words, as JSON, and as SARIF."""
