"""Patterns and word lists by which texts are masked, as data with their examples."""
