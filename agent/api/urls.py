from django.urls import path

from agent.api import views

urlpatterns = [
    path("products", views.Products.as_view(), name="products"),
    path("simulations", views.Simulations.as_view(), name="simulations"),
    path("simulations/<int:simulation_id>", views.OneSimulation.as_view(), name="simulation"),
    path("simulations/<int:simulation_id>/schedule", views.Schedule.as_view(), name="simulation_schedule"),
    path("simulations/<int:simulation_id>/send", views.Send.as_view(), name="simulation_send"),
    path("leads/<int:lead_id>/simulations", views.Simulate.as_view(), name="lead_simulations"),
]
