"""No action is lost or stored twice when the kernel is killed: the benchmark of it, in short."""

import pytest

from benchmarks.kills import run

pytestmark = pytest.mark.browser


def test_every_action_is_stored_once_though_the_kernel_is_killed(page, lab):
    found = run(page, lab, kills=5, actions=50, seed=1)
    assert found.kills == 5
    assert found.made >= 50
    assert found.wrong() == {}
