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


def test_the_targets_of_a_leaf_are_printed_its_own_or_those_above(run: Run) -> None:
    shown = {line.split("(")[-1].split(")")[0]: line for line in run("tree", "show").stdout.splitlines()}
    assert "first answer 4 h, solved 27 h" in shown["mome.technical.hardware.other"]
    assert "first answer 18 h, solved 36 h" in shown["smart_info.technical.information"]
    assert "first answer" not in shown["mome.technical"]
