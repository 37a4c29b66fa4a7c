"""Addresses of a client's rights: who saw their data, their data handed out, decisions explained and reviewed."""

from django.urls import path

from crm.privacy import access_views, review_views, subject_views

rights = [
    path("accesses/", access_views.accesses, name="accesses"),
    path("accesses.csv", access_views.accesses_csv, name="accesses_csv"),
    path("leads/<int:lead_id>/export/", subject_views.subject, name="subject"),
    path("exports/<int:export_id>/", subject_views.subject_file, name="subject_file"),
    path("leads/<int:lead_id>/decision/", review_views.decision, name="decision"),
    path("leads/<int:lead_id>/review/", review_views.ask, name="review_ask"),
    path("reviews/<int:review_id>/", review_views.review, name="review"),
    path("reviews/<int:review_id>/lift/", review_views.lift, name="review_lift"),
]
