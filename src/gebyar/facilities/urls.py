from django.urls import path

from gebyar.facilities.views import applications, calls, desk, facilities, rulebook, unused

app_name = "facilities"

urlpatterns = [
    path("", facilities.facility_list, name="facility_list"),
    path("about/<slug:key>/", facilities.facility, name="facility"),
    path("firms/<int:pk>/", facilities.offers, name="offers"),
    path("mine/", applications.mine, name="mine"),
    path("calls/", calls.call_list, name="call_list"),
    path("calls/new/<slug:key>/", calls.call_new, name="call_new"),
    path("calls/<int:pk>/", facilities.call, name="call"),
    path("calls/<int:pk>/change/", calls.call_change, name="call_change"),
    path("calls/<int:pk>/publish/", calls.call_publish, name="call_publish"),
    path("calls/<int:pk>/extend/", calls.call_extend, name="call_extend"),
    path("calls/<int:pk>/allot/", calls.allot, name="allot"),
    path("calls/<int:pk>/apply/", applications.apply, name="apply"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/form/", applications.application_form, name="application_form"),
    path("applications/<int:pk>/submit/", applications.submit, name="submit"),
    path("applications/<int:pk>/withdraw/", applications.withdraw, name="withdraw"),
    path("applications/<int:pk>/documents/<slug:key>/", applications.document, name="document"),
    path("applications/<int:pk>/visit/", desk.visit, name="visit"),
    path("applications/<int:pk>/judge/", desk.judge, name="judge"),
    path("applications/<int:pk>/pay/", desk.payment, name="pay"),
    path("applications/<int:pk>/follow-up/", applications.follow_up, name="follow_up"),
    path("desk/", desk.desk, name="desk"),
    path("unused/", unused.unused_firms, name="unused"),
    path("unused/make/", unused.unused_make, name="unused_make"),
    path("unused/export/", unused.unused_export, name="unused_export"),
    path("rules/", rulebook.rules_list, name="rules_list"),
    path("rules/<slug:key>/", rulebook.rules_of, name="rules"),
    path("rules/<slug:key>/change/", rulebook.rules_change, name="rules_change"),
    path("rules/<slug:key>/<int:number>/file/", rulebook.rules_file, name="rules_file"),
    path("rules/<slug:key>/<int:number>/publish/", rulebook.rules_publish, name="rules_publish"),
]
