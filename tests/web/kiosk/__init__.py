"""The doors of the self-service terminals."""
