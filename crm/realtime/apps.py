from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "crm.realtime"
    label = "realtime"
