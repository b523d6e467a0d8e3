"""How often each misfortune strikes people, and how often it did. The couriers' are the sandbox's own."""

import random
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Luck:
    rng: random.Random
    struck: Counter[str] = field(default_factory=Counter)

    def has(self, misfortune: str, share: float) -> bool:
        strikes = self.rng.random() < share
        if strikes:
            self.struck[misfortune] += 1
        return strikes
