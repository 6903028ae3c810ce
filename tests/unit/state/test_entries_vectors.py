"""Vectors come and go, room is made by use, and the near ones are found among many."""

from __future__ import annotations

import numpy as np
import pytest

from extproc.state.entries_vectors import EXACT, Vectors

DIMENSION = 384


def units(number: int, seed: int = 7, dimension: int = DIMENSION) -> np.ndarray:
    made = np.random.default_rng(seed).normal(size=(number, dimension)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def near(vector: np.ndarray, noise: float, seed: int = 1) -> np.ndarray:
    made = vector + noise * units(1, seed)[0]
    return made / np.linalg.norm(made)


def keys(vectors: Vectors, vector: np.ndarray, limit: int = 1, partition: str = "p") -> list[str]:
    return [key for key, _ in vectors.search(partition, vector, limit)]


@pytest.mark.parametrize("number", [1, 2, EXACT, EXACT + 1, 300])
def test_all_that_came_is_found_and_all_that_went_is_not(number: int) -> None:
    """Whatever the size of the partition; the places of the removed are used again."""
    vectors, given = Vectors(DIMENSION, number), units(number)
    for round_ in range(3):
        for at, vector in enumerate(given):
            vectors.add(("p", f"{round_}-{at}"), vector)
        assert len(vectors) == number
        for at, vector in enumerate(given):
            assert keys(vectors, vector) == [f"{round_}-{at}"]
        for at in np.random.default_rng(round_).permutation(number):
            vectors.remove(("p", f"{round_}-{at}"))
            assert f"{round_}-{at}" not in keys(vectors, given[at], limit=number)
        assert len(vectors) == 0
        assert keys(vectors, given[0]) == []


def test_among_many_the_near_ones_are_found_in_their_order() -> None:
    vectors, others = Vectors(DIMENSION, 5100), units(5000)
    for at, vector in enumerate(others):
        vectors.add(("p", f"other-{at}"), vector)
    for at, vector in enumerate(units(20, seed=11)):
        for noise in (0.2, 0.5, 0.9):
            vectors.add(("p", f"{at}-{noise}"), near(vector, noise, seed=at))
        found = vectors.search("p", vector, 3)
        assert [key for key, _ in found] == [f"{at}-{noise}" for noise in (0.2, 0.5, 0.9)]
        for (_, cosine), noise in zip(found, (0.2, 0.5, 0.9), strict=True):
            assert cosine == pytest.approx(float(near(vector, noise, seed=at) @ vector), abs=1e-3)


def test_partitions_never_meet() -> None:
    vectors, given = Vectors(DIMENSION, 300), units(150)
    for at, vector in enumerate(given):
        vectors.add(("p" if at % 2 else "q", str(at)), vector)
    assert keys(vectors, given[0], partition="p", limit=1) != ["0"]
    assert keys(vectors, given[0], partition="q", limit=1) == ["0"]
    assert len(keys(vectors, given[0], partition="q", limit=150)) == 75


def test_a_second_vector_of_a_name_replaces() -> None:
    vectors, (one, other) = Vectors(DIMENSION, 2), units(2)
    vectors.add(("p", "a"), one)
    vectors.add(("p", "a"), other)
    assert len(vectors) == 1
    assert vectors.search("p", other, 1)[0][1] == pytest.approx(1, abs=1e-3)


def test_when_full_what_was_found_longest_ago_makes_room() -> None:
    vectors, given = Vectors(DIMENSION, 3), units(4)
    for at in range(3):
        vectors.add((f"p{at}", "k"), given[at])
    vectors.search("p0", given[0], 1)
    vectors.add(("p3", "k"), given[3])
    assert [(f"p{at}", "k") in vectors for at in range(4)] == [True, False, True, True]


def test_what_has_ended_is_swept_and_no_more() -> None:
    vectors, given = Vectors(DIMENSION, 4), units(3)
    for at, ends in enumerate((10.0, 20.0, float("inf"))):
        vectors.add(("p", str(at)), given[at], ends)
    assert [vectors.sweep(now) for now in (9.9, 10.0, 10.0)] == [0, 1, 0]
    assert [("p", str(at)) in vectors for at in range(3)] == [False, True, True]
    vectors.clear()
    assert vectors.sweep(1e12) == 0
    vectors.add(("p", "0"), given[0])
    assert keys(vectors, given[0]) == ["0"]


def test_a_dimension_that_fills_no_word() -> None:
    vectors, given = Vectors(8, 200), units(150, dimension=8)
    for at, vector in enumerate(given):
        vectors.add(("p", str(at)), vector)
    assert keys(vectors, given[5]) == ["5"]
