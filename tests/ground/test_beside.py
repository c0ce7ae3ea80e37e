"""Steps beside their caller: in their order, one at a time, and what one of them raises is raised."""

import pytest

from pipeline.ground.beside import StepsBeside, ahead


def test_steps_are_done_in_their_order_and_one_at_a_time():
    beside, told, under_way = StepsBeside(), [], []

    def step(number):
        under_way.append(number)
        told.append((number, len(under_way)))
        under_way.remove(number)

    for number in range(50):
        beside.add(lambda number=number: step(number))
    beside.done()

    assert told == [(number, 1) for number in range(50)]


def test_what_a_step_raises_is_raised_by_who_adds_the_next_or_waits_and_only_once():
    beside = StepsBeside()
    beside.add(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        beside.add(print)
    beside.add(lambda: [][0])
    with pytest.raises(IndexError):
        beside.done()
    beside.done()


def test_items_made_ahead_are_the_same_and_the_fault_of_one_comes_after_those_before_it():
    def items():
        yield from (3, None, 1)
        raise ValueError("the fourth")

    made = []
    with pytest.raises(ValueError, match="the fourth"):
        made.extend(ahead(items()))

    assert (made, list(ahead(iter([])))) == ([3, None, 1], [])
