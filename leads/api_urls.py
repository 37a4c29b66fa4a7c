from django.urls import re_path

from leads.api.intake import LeadsView

urlpatterns = [re_path(r"^leads/?$", LeadsView.as_view(), name="api-leads")]
