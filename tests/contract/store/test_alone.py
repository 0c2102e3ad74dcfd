"""One service delivers from a store, wherever the other one runs."""

from __future__ import annotations

from contextlib import closing

from sync.store import Store


def test_only_one_delivers(postgresql_url: str) -> None:
    with closing(Store(postgresql_url)) as store, closing(Store(postgresql_url)) as other:
        with store.alone() as first:
            assert first
            with other.alone() as second:
                assert not second
            with store.transaction("test"), other.reading():
                pass
        with other.alone() as second:
            assert second


def test_a_folder_of_its_own_has_a_lock_of_its_own(sqlite_url: str) -> None:
    with closing(Store(sqlite_url)) as store, store.alone() as alone:
        assert alone
