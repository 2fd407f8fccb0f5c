"""How many firms lie where."""

from gebyar.reference import regions
from gebyar.registry.models import SearchWord


def firms_by_province() -> dict[str, int]:
    """Return the number of firms in each of the 38 provinces, which the search tables count as they go."""
    terms = {f"=r{province.code}": province.code for province in regions.provinces()}
    counted = dict(SearchWord.objects.filter(word__in=terms).values_list("word", "firms"))
    return {code: counted.get(term, 0) for term, code in terms.items()}
