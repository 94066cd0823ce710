"""Hypothesis profiles: dev by default, ci where CI is set, thorough by MSHG_TEST_PROFILE.

Where CI is set, every profile draws the same examples each time: a change fails by its own fault.
"""

import os

from hypothesis import HealthCheck, settings

_COMMON = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
    "database": None,
    "derandomize": bool(os.environ.get("CI")),
}
settings.register_profile("dev", max_examples=50, **_COMMON)
settings.register_profile("ci", max_examples=200, **_COMMON | {"derandomize": True})
settings.register_profile("thorough", max_examples=5000, **_COMMON)
settings.load_profile(
    os.environ.get("MSHG_TEST_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)


def pytest_addoption(parser):
    parser.addoption(
        "--kills", type=int, default=12, help="how often writers of a store are killed"
    )
    parser.addoption(
        "--damages", type=int, default=100, help="how many damaged files are put to the test"
    )


def pytest_configure(config):
    # here, not in pyproject.toml: the tests are run beside the wheel without it as well
    config.addinivalue_line("markers", "long: takes hours; run with -m long")
