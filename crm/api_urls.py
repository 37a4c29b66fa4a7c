"""Version 1 of the API: every app's part."""

app_name = "api"
urlpatterns: list = []
