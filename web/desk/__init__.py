"""The desk and the departments' API. Every route names the permission it wants; every read is scoped by department."""
