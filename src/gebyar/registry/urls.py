from django.urls import path

from gebyar.registry.views import corrections, deliveries, exports, firms, members, papers, photos, registering

app_name = "registry"

urlpatterns = [
    path("", firms.firm_list, name="firm_list"),
    path("map/", firms.firm_map, name="map"),
    path("mine/", firms.my_firm_list, name="my_firms"),
    path("new/", registering.register, name="firm_register"),
    path("export/", exports.export, name="export"),
    path("lists/", deliveries.delivery_list, name="delivery_list"),
    path("lists/new/", deliveries.delivery_new, name="delivery_new"),
    path("lists/<int:pk>/", deliveries.delivery, name="delivery"),
    path("lists/<int:pk>/columns/", deliveries.delivery_mapping, name="delivery_mapping"),
    path("lists/<int:pk>/check/", deliveries.delivery_check, name="delivery_check"),
    path("lists/<int:pk>/take-in/", deliveries.delivery_take_in, name="delivery_take_in"),
    path("lists/<int:pk>/problems/", deliveries.delivery_problems, name="delivery_problems"),
    path("lists/<int:pk>/progress/", deliveries.delivery_progress, name="delivery_progress"),
    path("corrections/", corrections.correction_list, name="correction_list"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/decide/", corrections.decide, name="decide_correction"),
    path("corrections/<int:pk>/withdraw/", corrections.withdraw, name="withdraw_correction"),
    path("invitations/<str:token>/", members.accept, name="accept_invitation"),
    path("<int:pk>/", firms.firm, name="firm"),
    path("<int:pk>/ask/", registering.ask, name="ask_membership"),
    path("<int:pk>/facts/<str:field>/", corrections.correct_fact, name="fact"),
    path("<int:pk>/contact/", papers.contact, name="contact"),
    path("<int:pk>/certificates/new/", papers.certificate_add, name="certificate_add"),
    path("<int:pk>/certificates/<int:number>/file/", papers.certificate_file, name="certificate_file"),
    path("<int:pk>/certificates/<int:number>/remove/", papers.certificate_remove, name="certificate_remove"),
    path("<int:pk>/photos/new/", photos.photo_add, name="photo_add"),
    path("<int:pk>/photos/<int:number>/", photos.photo, name="photo"),
    path("<int:pk>/photos/<int:number>/small/", photos.photo_small, name="photo_small"),
    path("<int:pk>/photos/<int:number>/remove/", photos.photo_remove, name="photo_remove"),
    path("<int:pk>/people/", members.members, name="members"),
    path("<int:pk>/people/<int:number>/end/", members.end, name="end_membership"),
]
