from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is the machine's affair: a busy one fails nothing. Nor does what an
# earlier run has left, or a tree where nothing can be left.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
    print_blob=True,
)
settings.load_profile("any machine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked slow belong to `make slow` (W2S_SLOW is set there), not to `make test`."""
    if os.environ.get("W2S_SLOW"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.fixture(autouse=True, scope="module")
def _one_blas_thread() -> Iterator[None]:
    """Small problems: threads that wait for each other cost more than they bring."""
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield


@pytest.fixture(autouse=True, scope="session")
def _one_tree_of_commands() -> Iterator[None]:
    """Typer's runner would build all commands anew, from their annotations, at every call."""
    from typer import testing

    with pytest.MonkeyPatch.context() as patch:
        if build := getattr(testing, "_get_command", None):  # its own affair: another may have none
            patch.setattr(testing, "_get_command", cache(build))
        yield
