import pytest

from agent.brain.stages import TRANSITIONS, Stage, check_transition


def test_every_stage_has_its_moves():
    assert set(TRANSITIONS) == set(Stage)


@pytest.mark.parametrize("stage", [s for s in Stage if s != Stage.OPTED_OUT])
def test_a_client_may_leave_from_anywhere(stage):
    check_transition(stage, Stage.OPTED_OUT)


@pytest.mark.parametrize("a", list(Stage))
@pytest.mark.parametrize("b", list(Stage))
def test_a_move_is_legal_exactly_if_it_is_in_the_table(a, b):
    if a == b or b in TRANSITIONS[a]:
        check_transition(a, b)
    else:
        with pytest.raises(ValueError, match=f"^Invalid transition: {a.value} -> {b.value}$"):
            check_transition(a, b)


def test_nobody_is_transferred_before_a_simulation():
    with pytest.raises(ValueError, match="Invalid transition: QUALIFICATION -> TRANSFERRED"):
        check_transition(Stage.QUALIFICATION, Stage.TRANSFERRED)
