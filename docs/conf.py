"""Sphinx configuration, and one directive: code with what a notebook would show below it."""

import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

sys.path.insert(0, str(Path(__file__).parent))
from shown import last_value

project = "mshg"
author = "The mshg developers"
copyright = "2026, The mshg developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "mshg"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_default_options = {
    "members": True,
    "undoc-members": False,
    # What results share; not what closed words, errors and mappings have from Python.
    "inherited-members": "object, Enum, str, int, BaseException, tuple, Mapping, Generic, Protocol",
}
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_ivar = True  # attributes are listed once, with their members
# NumPy's aliases are not documented here, and there may be no network for their inventory.
nitpicky = False


class Shown(SphinxDirective):
    """Run Python code and show its last expression as a notebook does, by ``_repr_html_``.

    The blocks of a page share their names. An error in the code ends the build.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Give the code, and what it shows."""
        code = "\n".join(self.content)
        value = last_value(code, self.env.temp_data.setdefault("shown", {}))
        return [
            nodes.literal_block(code, code, language="python"),
            nodes.raw("", f"<div>{value._repr_html_()}</div>", format="html"),
        ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("shown", Shown)
    return {"parallel_read_safe": True}
