"""What `zerotrip doctor` says of the walls around uploads is what was tried."""

from pathlib import Path

from workers.walls import found


def test_every_promise_is_tried_and_told_in_a_sentence(tmp_path: Path) -> None:
    key = tmp_path / "keys.json"
    key.write_text("{}")
    told = {each.name: each for each in found(str(key))}
    assert list(told) == [f"sandbox: {each}" for each in ("network", "files", "processes", "privileges", "limits")]
    assert all(each.good for each in told.values()), told
    assert "calls nobody" in told["sandbox: network"].said
    assert "seccomp" in told["sandbox: processes"].said
    assert "950 MB" in told["sandbox: limits"].said
