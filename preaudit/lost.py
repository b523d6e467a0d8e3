"""A child that opened a file, and what became of it. By itself, because who only asks that needs no parser."""

CHILD_FAULTS = ("killed", "timeout", "garbage", "unavailable")


class ChildFailed(Exception):
    """The child did not live to answer. `word` is one of `CHILD_FAULTS`; `unavailable` is this machine's fault and says
    nothing of the file."""

    def __init__(self, word: str) -> None:
        super().__init__(f"the child process that opened the file was lost: {word}")
        self.word = word
