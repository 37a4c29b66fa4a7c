"""What managers should see: troubles as rows, with a beginning, an end and whoever took them on."""
