"""Every step the schema ever took. Frozen: a step never imports `storage.tables`, which moves on."""
