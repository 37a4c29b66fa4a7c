from django.urls import path

from leads import board_views, lead_views, public_views

app_name = "leads"
urlpatterns = [
    path("board/", board_views.board, name="board"),
    path("board/columns/<str:status>/", board_views.column, name="column"),
    path("leads/new/", lead_views.new, name="new"),
    path("leads/<int:lead_id>/", lead_views.detail, name="detail"),
    path("leads/<int:lead_id>/edit/", lead_views.edit, name="edit"),
    path("leads/<int:lead_id>/move/", board_views.move, name="move"),
    path("leads/<int:lead_id>/assign/", lead_views.assign, name="assign"),
    path("contato/", public_views.public_form, name="public_form"),
    path("contato/obrigado/", public_views.public_thanks, name="public_thanks"),
]
