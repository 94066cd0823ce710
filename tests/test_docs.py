"""Every code block of the README, the docs and the docstrings runs, and so do the examples."""

import doctest
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

import mshg

ROOT = Path(__file__).parents[1]
ENGINES = ROOT / "docs" / "how-to" / "run-on-many-machines.md"
PAGES = sorted({ROOT / "README.md", *(ROOT / "docs").rglob("*.md")} - {ENGINES})
MODULES = sorted(Path(mshg.__file__).parent.rglob("*.py"))
EXAMPLES = ROOT / "examples"
EXAMPLE = [sys.executable, "-W", "error", str(EXAMPLES / "quickstart.py")]
REAL = ROOT.parent / "shared" / "data" / "meetings" / "aa_sepia_philadelphia_2024.json"
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
LANGUAGES = {"python", "sh", "toml", "json", "text"}

pages = Sybil(parsers=[PythonCodeBlockParser(doctest_optionflags=FLAGS)], path=str(ROOT))
docstrings = Sybil(
    parsers=[DocTestParser(optionflags=FLAGS)],
    path=str(ROOT),
    document_types={".py": PythonDocStringDocument},
)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_pages(path, monkeypatch):
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\S*)", text, re.MULTILINE)[::2]
    assert {b for b in blocks if not b.startswith("{")} <= LANGUAGES
    monkeypatch.chdir(ROOT)
    examples = list(pages.parse(path).examples())
    assert len(examples) >= blocks.count("python")
    for example in examples:
        example.evaluate()


def recipes():
    """Blocks of the page on many machines: what each needs, and its code."""
    text = ENGINES.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [(re.findall(r"\A# needs: (.*)", code), code) for code in blocks]


@pytest.mark.parametrize("needs", sorted({n for found, _ in recipes() for n in found}) or [""])
@pytest.mark.filterwarnings("default")  # of engines
def test_recipes_run_where_their_engine_is_installed(needs):
    for module in needs.split():
        pytest.importorskip(module)
    names = {"__name__": "recipes"}
    for found, code in recipes():
        if not found or needs in found:
            exec(compile(code, str(ENGINES), "exec"), names)  # noqa: S102 (the page's own code)


def test_recipes_without_an_engine_run_anywhere():
    names = {"__name__": "recipes"}
    for found, code in recipes():
        if not found:
            exec(compile(code, str(ENGINES), "exec"), names)  # noqa: S102 (the page's own code)


def test_what_is_shown(monkeypatch):
    """Blocks whose last expression the build shows run here as well."""
    monkeypatch.chdir(ROOT)
    names = {}
    text = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\{shown\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == text.count("```{shown}") > 0
    for code in blocks:
        assert module_of("shown").last_value(code, names)._repr_html_().startswith("<table")


def test_the_catalog_page_is_that_of_the_group_files():
    module = module_of("catalog_page")
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run docs/catalog_page.py"


def test_the_page_of_events_is_that_of_the_classes():
    module = module_of("events_page")
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run docs/events_page.py"


def test_the_outcomes_page_is_that_of_the_definitions():
    module = module_of("outcomes_page")
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run docs/outcomes_page.py"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_docstrings(path):
    examples = list(docstrings.parse(path).examples())
    assert bool(examples) == (">>>" in path.read_text(encoding="utf-8"))
    for example in examples:
        example.evaluate()


def module_of(name):
    """A script of the docs, which are no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*arguments):
    done = subprocess.run([*EXAMPLE, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_quickstart_as_shipped():
    text = run("--at", "2026-11-23T17:00")
    assert text.index("1. Secular meetings of Alcoholics") < text.index(
        "2. LifeRing Secular Recovery"
    )
    assert "Tuesday 2026-11-24, 18:30  Without a Prayer (in person)" in text
    assert "No coming meetings of LifeRing Secular Recovery in these lists that suit." in text
    assert "Meetings for your week" in text
    assert "Men's Step Group" not in text
    assert "rejected $[7].time" in text


def test_the_quickstart_says_what_would_have_to_change(tmp_path):
    answers = json.loads((EXAMPLES / "answers.json").read_text(encoding="utf-8"))
    answers["preferences"]["modes"] = ["in_person"]
    (tmp_path / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    text = run(
        *("--answers", str(tmp_path / "answers.json"), "--at", "2026-11-23T17:00"),
        *("--near=39.7,-89.6", "--within", "5"),
    )
    of_the_group = "No coming meetings of Secular meetings of Alcoholics Anonymous in these lists"
    assert f"{of_the_group} that suit.\nNothing within 5 km; 11.8 km has 1.\n" in text


def test_the_quickstart_needs_a_place_to_measure_from():
    done = subprocess.run([*EXAMPLE, "--within", "5"], capture_output=True, text=True, check=False)
    assert (done.returncode, "--within needs --near" in done.stderr) == (2, True)


def test_the_quickstart_without_a_time_starts_now():
    assert "Groups that may suit you" in run()


@pytest.mark.skipif(not REAL.exists(), reason="the real meeting lists are not at hand")
def test_the_quickstart_on_real_lists():
    text = run(
        *("--meetings", f"aa={REAL}", "--meetings", f"lifering={EXAMPLES / 'meetings.json'}"),
        *("--timezone", "America/New_York", "--near", "39.95,-75.17"),
        *("--at", "2026-11-23T17:00"),
    )
    assert "Monday 2026-11-23, 20:30  Sober & Gay (in person)\n   0.7 km (0.4 mi) away." in text
    assert "If that one does not work out: " in text
    assert "Coming meetings of LifeRing Secular Recovery" in text
    assert "2038 rows: 1904 meetings, 134 inactive, 0 rejected" in text
    assert "8 rows: 6 meetings, 1 inactive, 1 rejected" in text


def test_the_readme_begins_with_its_two_commands():
    """Shell blocks of the README hold the two commands first, each on one line."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [
        line
        for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
        for line in block.splitlines()
        if line.strip()
    ]
    assert "examples/quickstart.py" in lines[0]
    assert "pytest" in lines[1]
