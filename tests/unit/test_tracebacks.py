"""A traceback is written whatever is going on, so that no test fails for another one's."""

import ast
import gc
import inspect
import traceback


class Lost:
    """Something that complains when it is collected."""

    said: list[str] = []  # noqa: RUF012 - of the one test

    def __init__(self) -> None:
        self.itself = self  # so that only the collector finds it

    def __del__(self) -> None:
        try:
            (1).real + {}["missing"]
        except KeyError:
            self.said.append(traceback.format_exc())


def test_one_may_be_written_while_a_source_is_read() -> None:
    source = inspect.getsource(ast)
    before = gc.get_threshold()
    gc.set_threshold(50, 2, 2)
    try:
        for _ in range(30):
            Lost()
        tree = ast.parse(source)
    finally:
        gc.set_threshold(*before)
    assert tree.body
    assert any("KeyError: 'missing'" in one for one in Lost.said)
