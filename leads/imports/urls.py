from django.urls import path

from leads.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="list"),
    path("example.csv", views.example, name="example"),
    path("<int:import_id>/", views.detail, name="detail"),
    path("<int:import_id>/status/", views.status, name="status"),
    path("<int:import_id>/rows.csv", views.rows_file, name="rows"),
    path("<int:import_id>/sheet/", views.sheet, name="sheet"),
    path("<int:import_id>/map/", views.map_columns, name="map"),
    path("<int:import_id>/columns/", views.columns, name="columns"),
    path("<int:import_id>/run/", views.run, name="run"),
    path("<int:import_id>/continue/", views.go_on, name="go_on"),
    path("<int:import_id>/stop/", views.stop, name="stop"),
    path("<int:import_id>/undo/", views.undo, name="undo"),
    path("<int:import_id>/discard/", views.discard, name="discard"),
]
