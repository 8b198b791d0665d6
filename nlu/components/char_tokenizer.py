"""Tokens for Chinese without a dictionary: a character each, while Latin words and numbers stay whole."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+|\S")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class CharTokenizer(Tokenizer):  # type: ignore[misc] # Rasa ships no types
    """Splits texts into characters; spaces are no tokens."""

    @staticmethod
    def supported_languages() -> list[str]:
        """Languages written without spaces between words."""
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What Rasa's Tokenizer asks for, with nothing to configure."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute, with their places in it."""
        return [Token(match.group(), match.start()) for match in _TOKEN.finditer(message.get(attribute))]
