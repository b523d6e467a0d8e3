"""What stands in this folder, looked at by the linters of its kinds: `python -m deploy.linting --tools build/tools/bin`.

No container engine and no cluster is asked: that the files are well formed and follow the rules of their kind is all that is
shown here.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
VERSIONS = ("1.28", "1.31", "1.34")
"""Of Kubernetes: what clusters run."""


def commands(tools: Path) -> list[Sequence[str]]:
    def tool(name: str) -> str:
        return str(tools.resolve() / name)

    kubernetes = sorted(str(p.relative_to(HERE)) for p in HERE.glob("kubernetes/*.yaml"))
    return [
        [tool("hadolint"), "Containerfile"],
        [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yaml"],
        [tool("compose-lint"), "compose.yaml"],
        *([tool("kubernetes-validate"), "--quiet", "--strict", "-k", version, *kubernetes] for version in VERSIONS),
        [tool("yamllint"), "-s", "-d", "{extends: relaxed, rules: {line-length: disable}}", "."],
    ]


def main() -> int:
    parser = argparse.ArgumentParser("python -m deploy.linting")
    parser.add_argument("--tools", type=Path, required=True)
    wrong = 0
    for command in commands(parser.parse_args().tools):
        ran = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        name = Path(command[0]).name
        print(f"{'ok ' if ran.returncode == 0 else 'BAD'} {name} {' '.join(command[1:3])}")
        if ran.returncode:
            wrong += 1
            print((ran.stdout + ran.stderr).strip())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
