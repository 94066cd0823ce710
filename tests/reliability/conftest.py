"""The library of faults, made where there is a compiler."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def faults(tmp_path_factory):
    """The path of the library."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("faults are injected on Linux, by a library that needs a C compiler")
    library = tmp_path_factory.mktemp("faults") / "faults.so"
    made = subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", library, HERE / "faults.c", "-ldl"],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"the library of faults can't be made here: {made.stderr[-200:]}")
    return library


@pytest.fixture
def scenario(faults, tmp_path):
    """Runs one of the scenarios of faulty.py, and gives what it says."""

    def run(name, every):
        done = subprocess.run(
            [sys.executable, HERE / "faulty.py", name, tmp_path, str(every)],
            env=os.environ | {"LD_PRELOAD": str(faults)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    return run
