from django.urls import path

from conversations import api, sending_views, views

app_name = "conversations"
urlpatterns = [
    path("", views.conversations, name="list"),
    path("chats.json", api.chats, name="chats"),
    path("<int:conversation_id>/", views.conversations, name="detail"),
    path("<int:conversation_id>/older/", views.older, name="older"),
    path("<int:conversation_id>/side/", views.side, name="side"),
    path("<int:conversation_id>/send/", sending_views.send, name="send"),
    path("<int:conversation_id>/read/", views.read, name="read"),
    path("<int:conversation_id>/takeover/", views.takeover, name="takeover"),
    path("<int:conversation_id>/handback/", views.handback, name="handback"),
    path("<int:conversation_id>/media/<int:message_id>/", sending_views.media, name="media"),
    path("<int:conversation_id>/messages/<int:message_id>/resend/", sending_views.resend, name="resend"),
    path("<int:conversation_id>/messages/<int:message_id>/arrived/", sending_views.arrived, name="arrived"),
]
