"""What we say, in the languages that we speak. English sentences are the ids; catalogues give the others.

Rooms below the faces write plain English, in f-strings where they quote values: that is what the API answers, what the
command line prints and what logs keep. A page or a mail for people says it in their language: `say` looks the sentence
up, and where it holds values, recognizes it by its form. Each distribution of adapters brings catalogues of its own.
"""

from app.translations.languages import LANGUAGES, Language, choose_language, is_language
from app.translations.saying import say
from app.translations.words import Words, marked

__all__ = ["LANGUAGES", "Language", "Words", "choose_language", "is_language", "marked", "say"]
