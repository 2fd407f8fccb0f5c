"""Derived tables that make the register searchable; rebuilt from it at any time by `gebyar manage refresh_search`."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from gebyar.registry.models.firms import Firm


class SearchDocument(models.Model):
    """The words of a firm (Indonesian stems) and, as words of their own, what lists are filtered by."""

    firm = models.OneToOneField(Firm, on_delete=models.CASCADE, primary_key=True, related_name="search")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="search_words")]

    def __str__(self) -> str:
        return str(self.firm_id)


class SearchWord(models.Model):
    """A distinct word of the register: misspelt queries are corrected against this small table, not 4.5 million names."""

    word = models.CharField(max_length=60, primary_key=True)
    firms = models.BigIntegerField(default=0)

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigrams")]

    def __str__(self) -> str:
        return self.word
