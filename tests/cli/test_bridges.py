"""`a486 bridges`: the operator sees and revokes laptops."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_a_laptop_that_is_not_there_is_not_revoked(run: Run) -> None:
    assert "Technician" in run("bridges", "list").stdout
    result = run("bridges", "revoke", "7")
    assert result.exit_code == 1
    assert "there is no paired laptop 7" in result.stderr
