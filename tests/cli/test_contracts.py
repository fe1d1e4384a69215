"""`a486 contracts load`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run
from tests.registrations.walks import CODE, EMAIL, IVA

HEAD = "Contratto;Partita IVA;Ragione sociale;E-mail;Codice Fiscale"


def test_contracts_are_loaded_once_no_line_is_bad(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "contratti.csv"
    file.write_text(f"{HEAD}\nC-1;{IVA};Impianti;{EMAIL};{CODE}\nC-1;{IVA};Impianti;x;{CODE}\n")
    result = run("contracts", "load", str(file))
    assert result.exit_code == 1
    assert "line 3: the e-mail is not an address" in result.stderr
    assert "nothing was loaded" in result.stderr
    file.write_text(f"{HEAD}\nC-1;{IVA};Impianti;{EMAIL};{CODE}\n")
    result = run("contracts", "load", str(file))
    assert result.exit_code == 0
    assert "1 contracts with 1 people loaded, 0 enabled now" in result.stdout


def test_a_contract_of_another_company_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "contratti.csv"
    file.write_text(f"{HEAD}\nC-1;{IVA};Impianti;{EMAIL};{CODE}\n")
    assert run("contracts", "load", str(file)).exit_code == 0
    file.write_text(f"{HEAD}\nC-1;00743110157;Altra;{EMAIL};{CODE}\n")
    result = run("contracts", "load", str(file))
    assert result.exit_code == 1
    assert "another company" in result.stderr
