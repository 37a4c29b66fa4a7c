# One image for migrate, web, realtime, workers, beat and backups; docker-compose.yml gives each its command.
FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# OTEL=1 brings the packages that send traces (docs/monitoring.md).
ARG OTEL=
COPY requirements.txt requirements-otel.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes -r requirements.txt ${OTEL:+-r requirements-otel.txt} \
    && /venv/bin/pip uninstall --quiet --yes pip setuptools

# pg_dump must not be older than the server: both come from one release.
FROM postgres:18-bookworm AS postgres

FROM python:3.11-slim-bookworm
# tini hands signals on and buries the children of the WhatsApp worker; the libraries are libpq's own needs.
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini libgssapi-krb5-2 libldap-2.5-0 liblz4-1 libzstd1 \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/debconf/*-old \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin livia \
    && install -d -o livia -g livia -m 0700 /data /data/whatsapp /data/media /data/beat /data/backups
COPY --from=postgres /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore \
     /usr/lib/postgresql/18/bin/psql /usr/local/bin/
COPY --from=postgres /usr/lib/*-linux-gnu/libpq.so.5* /usr/local/lib/
RUN ldconfig && pg_dump --version && pg_restore --version && psql --version
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=crm.settings \
    WHATSAPP_SESSION_DIR=/data/whatsapp \
    MEDIA_ROOT=/data/media \
    BACKUP_DIR=/data/backups \
    CELERY_BEAT_SCHEDULE=/data/beat/schedule \
    METRICS_DIR=/tmp/metrics \
    STATIC_ROOT=/app/staticfiles \
    NEONIZE_BOT_TAG=off
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# The values only let the settings load: nothing here talks to a server, and none of it stays in the image.
RUN pybabel --quiet compile --directory locale --domain django \
    && SECRET_KEY=only-while-the-image-is-built-0123456789 DATABASE_URL=postgresql:///build \
       python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q agent conversations crm deploy leads whatsapp \
    && rm -rf /tmp/metrics
USER 10001:10001
ENTRYPOINT ["tini", "-g", "--"]
EXPOSE 8000
# For web and realtime. The other services bring their own checks.
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=4 CMD ["python", "deploy/healthy.py"]
CMD ["gunicorn", "--config=deploy/gunicorn.py", "crm.wsgi:application"]
