"""A mapping that can't change, so that models that hold one stay frozen, hashable and picklable."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar, overload

from typing_extensions import override

K = TypeVar("K")
T = TypeVar("T")
V_co = TypeVar("V_co", covariant=True)


class FrozenMapping(Mapping[K, V_co], Generic[K, V_co]):
    """A read-only copy of a mapping. Its repr counts the entries and shows none."""

    __slots__ = ("_entries",)
    _entries: dict[K, V_co]

    def __init__(self, entries: Mapping[K, V_co] | Iterable[tuple[K, V_co]] = ()) -> None:
        object.__setattr__(self, "_entries", dict(entries))

    @override
    def __setattr__(self, name: str, value: object) -> None:
        message = "a FrozenMapping can't be changed"
        raise AttributeError(message)

    @override
    def __getitem__(self, key: K) -> V_co:
        return self._entries[key]

    @overload
    def get(self, key: K, /) -> V_co | None: ...
    @overload
    def get(self, key: K, /, default: V_co | T) -> V_co | T: ...
    @override
    def get(self, key: K, /, default: V_co | T | None = None) -> V_co | T | None:
        return self._entries.get(key, default)  # the mixin's is many times slower

    @override
    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    @override
    def __len__(self) -> int:
        return len(self._entries)

    def updated(self, entries: dict[K, V_co]) -> "FrozenMapping[K, V_co]":
        """A copy with these entries new or in place of the old ones."""
        new = object.__new__(FrozenMapping)
        object.__setattr__(new, "_entries", self._entries | entries)
        return new

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and self._entries == dict(other)

    @override
    def __hash__(self) -> int:
        return hash(frozenset(self._entries.items()))

    @override
    def __repr__(self) -> str:
        return f"FrozenMapping({len(self)} entries)"

    @override
    def __reduce__(self) -> tuple[type["FrozenMapping[K, V_co]"], tuple[dict[K, V_co]]]:
        return (FrozenMapping, (self._entries,))
