"""`import mshg` beside `import attrs`, in fresh interpreters started in pairs.

Each interpreter times the import alone, so that its own start does not dilute the ratio.
"""

import statistics
import subprocess
import sys

PAIRS = int(sys.argv[1]) if len(sys.argv) > 1 else 60
PROGRAM = "import time; t = time.perf_counter(); import {0}; print(time.perf_counter() - t)"


def seconds(module: str) -> float:
    program = PROGRAM.format(module)
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    return float(done.stdout)


def main() -> None:
    seconds("mshg"), seconds("attrs")
    pairs = [(seconds("mshg"), seconds("attrs")) for _ in range(PAIRS)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"import mshg {1000 * ours:.2f} ms, import attrs {1000 * theirs:.2f} ms")
    print(f"import mshg / import attrs: {ratio:.2f} (asked: at most 1.15), {PAIRS} pairs")


if __name__ == "__main__":
    main()
