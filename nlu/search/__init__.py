"""Item search: from a citizen's words to the item of the catalogue that is meant."""

from nlu.search.entries import BadEntryError
from nlu.search.index import Decision, Hit, Index
from nlu.search.learned import Learned, StoredFormError

__all__ = ["BadEntryError", "Decision", "Hit", "Index", "Learned", "StoredFormError"]
