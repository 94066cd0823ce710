"""What is known about each fellowship: one TOML file a group, every fact with its source.

Concerns that are answered alike for every group stand in ``general_concerns.toml``; a group's own
answer to one of them takes its place.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

from typing_extensions import override

from mshg._checks import is_path_like_bytes, shown_key
from mshg.codec import SCHEMA_VERSION, from_dict
from mshg.domain import ConcernAnswer, ConcernDirection, FrozenMapping, Group, Substance, as_groups
from mshg.errors import CatalogError, Problem, UnknownGroupError, ValidationError

__all__ = ["Catalog", "load", "sources"]

_ANY = "any"
_RELATIVES = "relatives"
_LISTED = re.compile(r"^\$\.concerns\[(\d+)\]")
_SOURCED = (
    "tradition",
    "is_twelve_step",
    "is_secular",
    "derived_from",
    "variant_of",
    "founded",
    "reach",
    "status",
    "substances",
    "membership",
    "website",
)


class Catalog(Mapping[str, Group]):
    """Groups by id, in an order that breaks ties of fit.

    Raises
    ------
    CatalogError
        An id that two groups share.
    """

    __slots__ = ("_groups",)

    def __init__(self, groups: Iterable[Group] | Mapping[str, Group] = ()) -> None:
        self._groups: dict[str, Group] = {}  # reporters show half-built objects
        given = as_groups(groups)
        self._groups = {group.id: group for group in given}
        if len(self._groups) < len(given):
            ids = [group.id for group in given]
            twice = sorted({i for i in ids if ids.count(i) > 1})
            raise CatalogError(
                [Problem(f"$.{i}", "is the id of two groups", code="repeated") for i in twice]
            )

    @override
    def __getitem__(self, group_id: str) -> Group:
        found = self._groups.get(group_id)
        if found is None:
            raise UnknownGroupError("there is no group of this id in the catalog")
        return found

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._groups)

    @override
    def __len__(self) -> int:
        return len(self._groups)

    @override
    def __repr__(self) -> str:
        return f"Catalog({', '.join(self)})"

    def concerns(self, group_id: str) -> tuple[ConcernAnswer, ...]:
        """Give common concerns and misconceptions about a group, each with its plain answer.

        For a group read from a file, the shipped answers that hold for any group are among them;
        a `Group` made in code has those it was given.

        Raises
        ------
        UnknownGroupError
            There is no such group.

        Examples
        --------
        >>> from mshg import catalog
        >>> first, *_ = catalog.load().concerns("aa")
        >>> first.statement
        'I have to be religious for AA.'
        """
        return self[group_id].concerns

    def with_groups(self, *groups: Group | Iterable[Group] | Mapping[str, Group]) -> "Catalog":
        """Give a new catalog with more groups at its end; one of the same id is replaced in place.

        Examples
        --------
        >>> from attrs import evolve
        >>> from mshg import catalog
        >>> ours = evolve(catalog.load()["smart"], id="ours", name="Thursday Circle")
        >>> len(catalog.load().with_groups(ours)) - len(catalog.load())
        1
        """
        merged = dict(self._groups)
        for given in groups:
            merged |= {g.id: g for g in as_groups([given] if isinstance(given, Group) else given)}
        return Catalog(merged.values())


def load(extra: PathLike[str] | str | bytes | None = None) -> Catalog:
    """Load the shipped catalog, in the order of the ids.

    Parameters
    ----------
    extra
        The `pathlib.Path` of a host's own TOML file, or of a folder of them, of the same shape;
        or what such a file holds, as text or bytes. They come after the shipped groups; one of
        the same id takes the shipped one's place.

    Raises
    ------
    CatalogError
        Every broken rule in every file; text that is a path rather than a `pathlib.Path`.
    """
    if extra is None:
        return _shipped()
    if isinstance(extra, (str, bytes)):
        own = {"extra": _content(extra)}
    else:
        own = {path.name: path.read_bytes() for path in _toml_files(extra)}
    return _shipped().with_groups(Catalog(_read_all(own)))


@cache
def sources() -> Mapping[str, str]:
    """Give what each source is that documented claims cite by name: a publication, or an address.

    Examples
    --------
    >>> from mshg import catalog
    >>> catalog.sources()["draonline.org, Spiritual Beliefs"]
    'http://draonline.qwknetllc.com/spiritual.html'
    """
    return FrozenMapping(_shipped_table("sources.toml"))


@cache
def _shipped() -> Catalog:
    folder = files("mshg.catalog").joinpath("groups")
    documents = {e.name: e.read_bytes() for e in folder.iterdir() if e.name.endswith(".toml")}
    return Catalog(_read_all({name: documents[name] for name in sorted(documents)}))


def _content(extra: str | bytes) -> bytes:
    """TOML as bytes. Text is never taken for a path: whoever writes it would choose a file."""
    content = extra.encode("utf-8", "replace") if isinstance(extra, str) else extra
    if is_path_like_bytes(content) or (b"=" not in content and b"[" not in content):
        rule = "must be TOML, or the pathlib.Path of a file or a folder of such files"
        raise CatalogError([Problem("extra", rule, code="wrong_type")])
    return content


def _toml_files(extra: PathLike[str]) -> list[Path]:
    path = Path(extra) if isinstance(extra, PathLike) else None
    if path is not None and path.is_file():
        return [path]
    found = sorted(path.glob("*.toml")) if path is not None and path.is_dir() else []
    if not found:
        raise CatalogError(
            [
                Problem(
                    "extra",
                    "must be a TOML file or a folder of them, as a pathlib.Path",
                    code="wrong_type",
                )
            ]
        )
    return found


def _read_all(documents: Mapping[str, bytes]) -> list[Group]:
    groups: list[Group] = []
    problems: list[Problem] = []
    for file_name, document in documents.items():
        try:
            groups.append(_read_group(tomllib.loads(document.decode())))
        except ValidationError as error:
            problems += [
                p._replace(path=file_name + p.path.removeprefix("$")) for p in error.problems
            ]
        except ValueError as error:  # not TOML, or not UTF-8
            problems.append(Problem(file_name, f"must be TOML in UTF-8: {error}", code="malformed"))
    if problems:
        raise CatalogError(problems)
    return groups


def _read_group(table: dict[str, Any]) -> Group:
    problems = _unsourced(table)
    if table.get("substances") == [_ANY]:
        table = {**table, "substances": list(Substance)}
    concerns = table.get("concerns", {})
    if not isinstance(concerns, Mapping):
        problems.append(Problem("$.concerns", "must be a table of concerns", code="wrong_type"))
        concerns = {}
    concerns = {**concerns, **{k: v for k, v in _general(table).items() if k not in concerns}}
    table = {**table, "concerns": [_answer(k, v) for k, v in concerns.items()]}
    try:
        group = from_dict({**table, "schema_version": SCHEMA_VERSION}, Group)
    except ValidationError as error:
        raise CatalogError([*_by_key(error.problems, concerns), *problems]) from None
    if problems:
        raise CatalogError(problems)
    return group


def _general(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """Concerns that are answered alike for every group that has no answer of its own."""
    answers = {**_general_concerns()}
    of_relatives = answers.pop(_RELATIVES)
    return answers | of_relatives if table.get("tradition") == _RELATIVES else answers


@cache
def _general_concerns() -> Mapping[str, Any]:
    return _shipped_table("general_concerns.toml")


def _shipped_table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("mshg.catalog").joinpath(name).read_bytes().decode())


def _answer(key: str, table: object) -> object:
    """An answer with what its key says: its concern, and the direction of that concern."""
    if not isinstance(table, Mapping):
        return table
    concern, is_turned, _ = key.partition(f"_{ConcernDirection.TOO_LITTLE}")
    direction = {"direction": ConcernDirection.TOO_LITTLE.value} if is_turned else {}
    return {**table, "concern": concern, **direction}


def _by_key(problems: Iterable[Problem], concerns: Iterable[str]) -> Iterable[Problem]:
    """Problems of concerns at their keys in the file; the codec sees a list of them."""
    keys = [shown_key(key, i) for i, key in enumerate(concerns)]
    for p in problems:
        path = _LISTED.sub(lambda found: f"$.concerns{keys[int(found[1])]}", p.path)
        yield p._replace(path=path)


def _unsourced(table: Mapping[str, Any]) -> list[Problem]:
    """A fact needs an entry in ``sources``, and an entry there needs a fact."""
    sources = table.get("sources", {})
    if not isinstance(sources, Mapping):
        return []  # the codec refuses it
    lacking = [
        Problem(f"$.sources.{fact}", "is missing: a fact needs its source", code="missing")
        for fact in _SOURCED
        if fact in table and fact not in sources
    ]
    idle = [
        Problem(
            f"$.sources{shown_key(fact, i)}",
            "has no fact that it is the source of",
            code="unknown_field",
        )
        for i, fact in enumerate(sources)
        if fact not in _SOURCED or fact not in table
    ]
    return lacking + idle
