"""Simulated people, for benchmarks that ask how an answer comes out and not how fast."""

import numpy as np
from numpy.typing import NDArray

from mshg import Dimension, Group

AROUND = 0.25  # standard deviation of answers around a group's positions


def kinds_of_people(
    groups: list[Group], people: int, rng: np.random.Generator
) -> dict[str, NDArray[np.float32]]:
    """Five-point answers to all dimensions: any at random, and such as lie around a group's."""
    shape = (people, len(Dimension))
    position = np.array([[p.position for p in g.philosophy.values()] for g in groups])
    near = position[rng.integers(0, len(groups), people)] + rng.normal(0, AROUND, shape)
    return {
        "answers at random": (rng.integers(0, 5, shape) / 4).astype(np.float32),
        "answers around a group's": (np.clip(np.round(4 * near), 0, 4) / 4).astype(np.float32),
    }
