"""Self-service terminals 自助终端: the full-screen page at `/kiosk`, and what it calls."""
