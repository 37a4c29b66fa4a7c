from django.urls import path

from conversations.api import contacts, messages, threads
from crm.core.middleware import takes_file

urlpatterns = [
    path("conversations", threads.ConversationsView.as_view(), name="conversations"),
    path("conversations/<int:conversation_id>", threads.ConversationView.as_view(), name="conversation"),
    path("conversations/<int:conversation_id>/takeover", threads.TakeoverView.as_view(), name="conversation_takeover"),
    path("conversations/<int:conversation_id>/handback", threads.HandbackView.as_view(), name="conversation_handback"),
    path("conversations/<int:conversation_id>/read", threads.ReadView.as_view(), name="conversation_read"),
    path("conversations/<int:conversation_id>/messages", takes_file(messages.MessagesView.as_view()), name="messages"),
    path("messages/<int:message_id>", messages.MessageView.as_view(), name="message"),
    path("messages/<int:message_id>/file", messages.MessageFileView.as_view(), name="message_file"),
    path("contacts", contacts.ContactsView.as_view(), name="contacts"),
    path("contacts/<int:contact_id>", contacts.ContactView.as_view(), name="contact"),
]
