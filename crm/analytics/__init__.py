"""What a manager reads on a Monday: figures made from what happened."""
