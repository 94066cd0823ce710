"""The package: every public name opens on first use, and opening it costs and changes little."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from importlib.metadata import version
from typing import TypeVar

import pytest

import mshg


@pytest.mark.parametrize("name", mshg.__all__)
def test_every_public_name_opens(name):
    assert getattr(mshg, name) is not None
    assert name in dir(mshg)


PACKAGES = [
    importlib.import_module(f"mshg.{name}")
    for name in (*mshg.__all__, "testing")
    if name.islower() and name.isalpha()
]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.__name__)
def test_a_package_lists_what_it_has(package):
    """Each lists its names, all of them are there, and nothing of its own is left out."""
    listed = package.__all__
    assert len(set(listed)) == len(listed) > 0
    assert [name for name in listed if not hasattr(package, name)] == []
    own = {
        name
        for name, thing in vars(package).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == package.__name__
        if not isinstance(thing, TypeVar)
    }
    assert own - {"Problems"} <= set(listed)  # which says that it is the package's own


def test_the_root_lists_what_opens():
    assert sorted(mshg.__all__, key=str) == sorted(set(mshg.__all__))
    assert not hasattr(mshg, "Barriers")
    assert mshg.testing.strategies


def public_callables():
    for module in pkgutil.walk_packages(mshg.__path__, "mshg."):
        opened = importlib.import_module(module.name)
        for name in getattr(opened, "__all__", ()):
            value = getattr(opened, name)
            yield f"{module.name}.{name}", value
            if isinstance(value, type):
                members = inspect.getmembers(value, inspect.isroutine)
                yield from ((f"{module.name}.{name}.{n}", m) for n, m in members if n[0] != "_")


def test_no_signature_prints_every_kind_of_event():
    """Where any event is taken or given, a signature says so in a word."""
    for name, value in public_callables():
        if inspect.isfunction(value) or inspect.ismethod(value):
            assert "EnvironmentChanged" not in str(inspect.signature(value)), name


def test_other_names_do_not_open():
    with pytest.raises(AttributeError, match="no_such_thing"):
        mshg.no_such_thing  # noqa: B018


def test_the_version_is_the_installed_one():
    assert mshg.__version__ == version("mshg")


def run(program):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_mshg_loads_neither_numpy_nor_attrs():
    run(
        "import sys, mshg\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'numpy', 'attr', 'attrs', 'typing_extensions', 'hypothesis'}\n"
        "assert not [name for name in sys.modules if name.startswith('mshg.')]"
    )


def test_the_domain_needs_no_numpy():
    run("import sys, mshg.domain, mshg.codec, mshg.catalog\nassert 'numpy' not in sys.modules")


def test_importing_changes_no_global_state():
    run(
        "import locale, logging, os, random, signal, sys, warnings\n"
        "import numpy as np\n"
        "def state():\n"
        "    return (list(warnings.filters), dict(os.environ), os.getcwd(), random.getstate(),\n"
        "            list(logging.root.handlers), logging.root.level, sys.getrecursionlimit(),\n"
        "            np.geterr(), np.get_printoptions(), str(np.random.get_state()),\n"
        "            locale.setlocale(locale.LC_ALL), signal.getsignal(signal.SIGINT),\n"
        "            sys.excepthook, sys.displayhook, list(sys.path), list(sys.meta_path))\n"
        "before = state()\n"
        "import mshg\n"
        "for name in mshg.__all__: getattr(mshg, name)\n"
        "assert state() == before"
    )


def test_star_import_works_without_extras():
    run("import sys; sys.modules['hypothesis'] = None\nfrom mshg import *\nassert Person and fit")
