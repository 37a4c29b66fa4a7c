from django.urls import path

from crm.analytics import api_views

urlpatterns = [
    path("analytics", api_views.Everything.as_view(), name="analytics"),
    path("analytics/<slug:block>", api_views.OneBlock.as_view(), name="analytics_block"),
]
