"""What is tried too often has to wait."""

from shared.identity.attempts import Attempts


def test_so_many_attempts_are_free_and_then_the_first_has_to_be_over() -> None:
    now = [100.0]
    attempts = Attempts(2, 60.0, lambda: now[0])

    attempts.note("an@so.example")
    now[0] += 10
    attempts.note("an@so.example")

    assert attempts.wait("an@so.example") == 51
    assert attempts.wait("ba@so.example") == 0
    now[0] += 51
    assert attempts.wait("an@so.example") == 0


def test_a_flood_of_different_ones_fills_no_memory() -> None:
    attempts = Attempts(3, 60.0)

    for number in range(20_000):
        attempts.note(str(number))

    assert len(attempts._made) <= 10_000
