"""How much the shipped judgment matters: jitter positions and saliences, and look who is first.

Each draw moves every position by up to 0.15 either way, within 0 to 1, and multiplies every
salience by 0.6 to 1.4, at most 1, each at random. Usage: catalog_robustness.py [people] [draws]
"""

import sys

import numpy as np
from attrs import evolve
from people import kinds_of_people

from mshg import Group, Person, catalog, fit

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
DRAWS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
POSITION, SALIENCE = 0.15, (0.6, 1.4)


def jittered(group: Group, rng: np.random.Generator) -> Group:
    moved = {
        d: evolve(
            stand,
            position=float(np.clip(stand.position + rng.uniform(-POSITION, POSITION), 0, 1)),
            salience=float(min(stand.salience * rng.uniform(*SALIENCE), 1)),
        )
        for d, stand in group.philosophy.items()
    }
    return evolve(group, philosophy=moved)


def main() -> None:
    catalog_groups = list(catalog.load().values())
    mask = fit.option_mask([Person(id="anyone", seeks_help_for="own_use")], catalog_groups)[0]
    groups = [g for g, is_option in zip(catalog_groups, mask, strict=True) if is_option]
    rng = np.random.default_rng(0)
    print(f"{PEOPLE:,} people a kind, {DRAWS} draws, {len(groups)} groups, all questions answered")
    for kind, stances in kinds_of_people(groups, PEOPLE, rng).items():
        table = fit.score_table(stances, groups=groups)
        shipped = table.top(3)
        two = np.take_along_axis(table.score, shipped[:, :2], axis=1)
        is_clear = two[:, 0] - two[:, 1] > fit.DEFAULT_PARAMETERS.close_call
        draws = [[jittered(group, rng) for group in groups] for _ in range(DRAWS)]
        then = [fit.score_table(stances, groups=moved).top(3) for moved in draws]
        stays = np.array([top[:, 0] == shipped[:, 0] for top in then])
        among = np.array([(top == shipped[:, :1]).any(axis=1) for top in then])
        print(f"{kind}:")
        print(f"  the first stays first: {stays.mean():.0%} (worst draw {stays.mean(1).min():.0%})")
        print(f"  and among three: {among.mean():.0%} (worst draw {among.mean(1).min():.0%})")
        print(
            f"  where it was no close call ({is_clear.mean():.0%} of people), it stays first:",
            end="",
        )
        print(f" {stays[:, is_clear].mean():.0%}, among three: {among[:, is_clear].mean():.1%}")


if __name__ == "__main__":
    main()
