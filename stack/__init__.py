"""The local stack behind `python3 run.py`: servers from wheels, the product's processes, and their supervisor.

Development and tests only; production runs the same processes from docker-compose.yml.
"""
