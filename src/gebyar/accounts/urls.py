from django.urls import path

from gebyar.accounts import views

app_name = "accounts"

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/data/", views.my_data, name="my_data"),
    path("me/erase/", views.erase_me, name="erase_me"),
    path("", views.people, name="people"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/roles/", views.grant_role, name="grant_role"),
    path("roles/<int:pk>/end/", views.end_grant, name="end_grant"),
    path("invitations/", views.invite, name="invite"),
    path("invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("invitation/<str:token>/", views.accept_invitation, name="accept_invitation"),
]
