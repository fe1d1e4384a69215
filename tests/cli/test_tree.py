"""`a486 tree`: the operator sees the decision tree."""

from __future__ import annotations

from conversations.tickets.tree import tree
from tests.cli.conftest import Run


def test_the_tree_is_printed_with_what_its_advice_was_worth(run: Run) -> None:
    shown = run("tree", "show").stdout
    assert all(f"({path})" in shown for path in tree().paths())
    assert "Il dispositivo non risponde (mome.technical.hardware.silent): solved 0, not solved 0" in shown
    assert "The device does not answer" in run("tree", "show", "--language", "en").stdout
    assert run("tree", "show", "--language", "de").exit_code == 2
