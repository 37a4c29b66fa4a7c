# One image for web, realtime, workers and beat; docker-compose.yml gives each its command.
FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
# tini hands signals on and buries the children of the WhatsApp worker.
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home livia \
    && install -d -o livia -g livia -m 0700 /data /data/whatsapp /data/media /data/beat
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=crm.settings \
    WHATSAPP_SESSION_DIR=/data/whatsapp \
    MEDIA_ROOT=/data/media \
    CELERY_BEAT_SCHEDULE=/data/beat/schedule \
    STATIC_ROOT=/app/staticfiles \
    NEONIZE_BOT_TAG=off
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# The values only let the settings load: nothing here talks to a server, and none of it stays in the image.
RUN pybabel compile --quiet --directory locale --domain django \
    && SECRET_KEY=only-while-the-image-is-built-0123456789 DATABASE_URL=postgresql:///build \
       python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q crm leads conversations whatsapp agent
USER livia
ENTRYPOINT ["tini", "-g", "--"]
EXPOSE 8000
CMD ["gunicorn", "crm.wsgi:application", "--bind=0.0.0.0:8000"]
