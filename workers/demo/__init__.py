"""The demonstration: one real application from photographs to delivered, driven over HTTP like anybody else.

Nothing here reads the database or calls the program's functions: what is printed was answered by the running service.
"""
