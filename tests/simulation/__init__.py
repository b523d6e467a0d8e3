"""A simulator of the domain: streets of residents, offices and couriers live over `cases/`, and every step is looked at."""
