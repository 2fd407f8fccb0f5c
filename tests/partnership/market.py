"""Made-up listings and deals for tests."""

import io
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from tests.factories import person
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Role
from gebyar.partnership.facts import ListingFacts
from gebyar.partnership.models import Listing
from gebyar.partnership.services.deals import open_deal
from gebyar.partnership.services.listings import decide_listing, send_listing, write_listing

# What only the firm and its officers may read: no answer to others may hold any of it.
PRICES = (61_234, 71_234)
SHOWN_PRICES = ("61234", "71234", "61.234", "71.234", "61,234", "71,234")


def draft(firm=None, member=None, **facts):
    firm = firm or make_firm(name="Keripik Uji")
    usual = {
        "direction": "offer", "role": "supplier", "title": "Keripik singkong pedas", "description": "Renyah, kemasan 200 g",
        "kbli_codes": ("10794",), "quantity": 500.0, "unit": "kg", "certificates": ("halal",), "lead_time_days": 7,
        "price_low": PRICES[0], "price_high": PRICES[1],
    }  # fmt: skip
    return write_listing(actor=member or make_member(firm), firm=firm, facts=ListingFacts(**usual | facts))


def waiting(**facts):
    listing = draft(**facts)
    return send_listing(actor=member_of(listing), listing=listing)


def approved(**facts):
    listing = waiting(**facts)
    return decide_listing(actor=person(Role.PROGRAMME_OFFICER), listing=listing, approve=True)


def buyer_need(**facts):
    """An approved need of a shop that fits the usual offer."""
    usual = {
        "firm": make_firm(name="Toko Oleh-oleh Uji", region_code="33.75.01", kind="partner"), "direction": "need",
        "title": "Butuh kripik singkong untuk toko", "description": "", "quantity": 6.0, "unit": "kg", "period": "month",
        "certificates": ("halal",), "lead_time_days": 10, "price_low": None, "price_high": None,
    }  # fmt: skip
    return approved(**usual | facts)


def member_of(listing: Listing):
    return listing.firm.members.first().user


def a_deal(seller=None, buyer=None, **facts):
    seller = seller or make_firm(name="Penjual Uji", region_code="33.74.10")
    buyer = buyer or make_firm(name="Pembeli Uji", region_code="35.78.10")
    usual = {"relation": "order", "title": "Keripik untuk toko", "origin": "Temu Bisnis", "origin_date": days_ago(40)}
    return open_deal(actor=None, seller=seller, buyer=buyer, **usual | facts)


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def tiny_photo():
    content = io.BytesIO()
    Image.new("RGB", (1, 1)).save(content, "JPEG")
    return ContentFile(content.getvalue(), name="keripik.jpg")
