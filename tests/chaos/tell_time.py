"""`python -m tests.chaos.tell_time`: what time this process thinks it is."""

from datetime import UTC, datetime

if __name__ == "__main__":
    print(datetime.now(UTC).timestamp())
