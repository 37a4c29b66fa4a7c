from django.contrib import admin
from unfold.admin import ModelAdmin

from crm.backups.models import Backup
from crm.core.admin import ReadOnly


@admin.register(Backup)
class BackupAdmin(ReadOnly, ModelAdmin):
    list_display = ("name", "place", "started_at", "finished_at", "checked_at", "bytes", "error")
    date_hierarchy = "started_at"
