from django.urls import path

from agent import views

app_name = "agent"
urlpatterns = [
    path("livia/", views.livia, name="livia"),
    path("simulations/<int:simulation_id>/", views.simulation, name="simulation"),
    path("simulations/<int:simulation_id>/schedule.csv", views.schedule, name="schedule"),
    path("simulations/<int:simulation_id>/send/", views.send, name="send"),
    path("leads/<int:lead_id>/simulate/", views.simulate, name="simulate"),
    path("leads/<int:lead_id>/simulate/result/", views.simulate_result, name="simulate_result"),
]
