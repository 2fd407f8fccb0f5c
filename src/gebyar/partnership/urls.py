from django.urls import path

from gebyar.partnership.views import dashboard, deals, listings, suggestions, writing

app_name = "partnership"

urlpatterns = [
    path("", listings.listing_list, name="listing_list"),
    path("mine/", listings.my_listings, name="my_listings"),
    path("waiting/", listings.listings_waiting, name="listings_waiting"),
    path("new/", writing.listing_new, name="listing_new"),
    path("shares/", suggestions.shares, name="shares"),
    path("deals/", deals.deal_list, name="deal_list"),
    path("deals/figures/", dashboard.deal_figures, name="deal_figures"),
    path("deals/watch/", dashboard.deal_dashboard, name="deal_dashboard"),
    path("deals/export/", dashboard.deal_export, name="deal_export"),
    path("deals/<int:pk>/", deals.deal, name="deal"),
    path("deals/<int:pk>/statements/<int:number>/withdraw/", deals.statement_withdraw, name="statement_withdraw"),
    path("deals/<int:pk>/statements/<int:number>/evidence/", deals.evidence, name="evidence"),
    path("<int:pk>/", listings.listing, name="listing"),
    path("<int:pk>/steps/<int:number>/", writing.listing_step, name="listing_step"),
    path("<int:pk>/finish/", writing.listing_finish, name="listing_finish"),
    path("<int:pk>/send/", writing.send, name="send_listing"),
    path("<int:pk>/decide/", listings.decide, name="decide_listing"),
    path("<int:pk>/close/", listings.close, name="close_listing"),
    path("<int:pk>/suggestions/", suggestions.suggestions, name="suggestions"),
    path("<int:pk>/deal/", deals.deal_new, name="deal_new"),
    path("<int:pk>/photos/<int:number>/", listings.photo, name="listing_photo"),
    path("<int:pk>/photos/<int:number>/small/", listings.photo_small, name="listing_photo_small"),
    path("<int:pk>/photos/<int:number>/remove/", writing.photo_remove, name="listing_photo_remove"),
]
