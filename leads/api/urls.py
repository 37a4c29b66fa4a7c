from django.urls import path

from leads.api import history, leads, people, tasks

urlpatterns = [
    path("leads", leads.LeadsView.as_view(), name="leads"),
    path("leads/<int:lead_id>", leads.LeadView.as_view(), name="lead"),
    path("leads/<int:lead_id>/move", leads.LeadMoveView.as_view(), name="lead_move"),
    path("leads/<int:lead_id>/assign", leads.LeadAssignView.as_view(), name="lead_assign"),
    path("leads/<int:lead_id>/interactions", history.InteractionsView.as_view(), name="lead_interactions"),
    path("leads/<int:lead_id>/notes", history.NotesView.as_view(), name="lead_notes"),
    path("tasks", tasks.TasksView.as_view(), name="tasks"),
    path("tasks/<int:task_id>", tasks.TaskView.as_view(), name="task"),
    path("tasks/<int:task_id>/finish", tasks.TaskFinishView.as_view(), name="task_finish"),
    path("tasks/<int:task_id>/drop", tasks.TaskDropView.as_view(), name="task_drop"),
    path("tasks/<int:task_id>/undo", tasks.TaskUndoView.as_view(), name="task_undo"),
    path("consultants", people.ConsultantsView.as_view(), name="consultants"),
]
