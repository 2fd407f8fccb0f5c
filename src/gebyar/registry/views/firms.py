"""The list, the map, and the page of a firm."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gebyar.registry.forms import FirmFilter
from gebyar.registry.queries.firms import card, cards, firm_page, my_firms
from gebyar.registry.queries.narrowing import may_filter_by_figures, narrowed_for
from gebyar.registry.queries.places import firms_by_province
from gebyar.registry.queries.search import CAP, PAGE_SIZE, search
from gebyar.registry.queries.wording import place
from gebyar.registry.services.photos import MOST_PHOTOS
from gebyar.registry.views.access import public_firm, signed_in

# Filters that stay folded away until one is used, so that on a phone the hits begin on the first screen.
FOLDED = ("division", "size", "certificate", "exports")


@require_safe
def firm_list(request: HttpRequest) -> HttpResponse:
    form = FirmFilter(request.GET)
    # Closed and not yet approved firms are reached through their own pages and queues.
    narrowed = narrowed_for(request.user, form.filters(active=True))
    found = search(form.words(), narrowed.filters)
    page = Paginator(found.ids, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form, "found": found, "page": page, "cards": cards(list(page.object_list)), "cap": CAP,
        "narrowed": any(request.GET.get(name) for name in FOLDED),
        "not_as_asked": narrowed.words, "may_filter_by_figures": may_filter_by_figures(request.user),
        "may_export": request.user.has_perm("registry.export_firms"),
    }  # fmt: skip
    return render(request, "registry/firm_list.html", context)


@require_safe
def firm_map(request: HttpRequest) -> HttpResponse:
    counts = firms_by_province()
    address = reverse("registry:firm_list")
    links = {code: f"{address}?{urlencode({'province': code})}" for code in counts}
    most = max(counts, key=lambda code: counts[code]) if any(counts.values()) else ""
    context = {
        # An empty province is left blank, or it would be coloured like the least of the others.
        "counts": {code: count or None for code, count in counts.items()}, "links": links, "total": sum(counts.values()),
        "most": place(most) if most else "", "most_count": counts.get(most, 0),
    }  # fmt: skip
    return render(request, "registry/map.html", context)


@require_safe
def firm(request: HttpRequest, pk: int) -> HttpResponse:
    found = public_firm(request, pk)
    entitled = request.user.has_perm("registry.see_firm_fully", found)
    context = {
        "firm": found,
        "card": card(found),
        "page": firm_page(found) if entitled else None,
        "may_act": entitled,
        "may_change": request.user.has_perm("registry.change_firm", found),
        "photos": list(found.photos.order_by("pk")),
        "most_photos": MOST_PHOTOS,
        "today": timezone.localdate(),
    }
    return render(request, "registry/firm.html", context)


@require_safe
def my_firm_list(request: HttpRequest) -> HttpResponse:
    return render(request, "registry/my_firms.html", {"members": my_firms(signed_in(request))})
