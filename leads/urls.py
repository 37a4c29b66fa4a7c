from django.urls import path

from leads import public_views, views

app_name = "leads"
urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/columns/<str:status>/", views.column, name="column"),
    path("leads/new/", views.new, name="new"),
    path("leads/<int:lead_id>/", views.detail, name="detail"),
    path("leads/<int:lead_id>/edit/", views.edit, name="edit"),
    path("leads/<int:lead_id>/move/", views.move, name="move"),
    path("leads/<int:lead_id>/assign/", views.assign, name="assign"),
    path("contato/", public_views.public_form, name="public_form"),
    path("contato/obrigado/", public_views.public_thanks, name="public_thanks"),
]
