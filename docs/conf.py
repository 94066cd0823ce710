"""Sphinx configuration."""

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
autodoc_default_options = {"members": True, "undoc-members": False}
napoleon_numpy_docstring = True
napoleon_google_docstring = False
# NumPy's aliases are not documented here, and there may be no network for their inventory.
nitpicky = False
