"""The catalogue: rows and buttons hold names, so each name stands for one thing."""

from __future__ import annotations

import pytest

from conversations.core.catalogue import Catalogue
from conversations.core.feature import Feature, SlashCommand
from conversations.home.screens import Help, Home
from conversations.supplies.look_up import LookUp

START = SlashCommand("home", {"it": "start", "en": "start"})
AGAIN = SlashCommand("help", {"it": "aiuto", "en": "start"})


class OtherHelp(Help):
    """Another action under the same name."""


class OtherLookUp(LookUp):
    """Another dialogue under the same name."""


def test_actions_of_the_same_name_are_refused() -> None:
    with pytest.raises(ValueError, match="Help and OtherHelp share the name 'help'"):
        Catalogue([Feature(actions=(Help(),)), Feature(actions=(OtherHelp(),))])


def test_dialogues_of_the_same_name_are_refused() -> None:
    with pytest.raises(ValueError, match="LookUp and OtherLookUp share the name 'look_up'"):
        Catalogue([Feature(flows=(LookUp(),)), Feature(flows=(OtherLookUp(),))])


def test_commands_of_the_same_name_are_refused() -> None:
    with pytest.raises(ValueError, match="the command /start is given twice"):
        Catalogue([Feature(actions=(Help(), Home()), commands=(START, AGAIN))])


def test_a_command_without_its_action_is_refused() -> None:
    with pytest.raises(ValueError, match="the command /start /start names no action: 'home'"):
        Catalogue([Feature(actions=(Help(),), commands=(START,))])
