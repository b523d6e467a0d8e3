"""The public page where a letter of the office is verified."""
