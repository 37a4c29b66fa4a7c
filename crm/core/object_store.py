"""One bucket of S3-compatible storage, where backups go. Whatever goes wrong is a sentence for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.conf import settings

CONNECT_SECONDS = 5
READ_SECONDS = 60
TRIES = 4
_REFUSED = {"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden"}


class ObjectStoreError(Exception):
    """The storage did not do what it was asked; the text says why and what to look at."""


class ObjectStore:
    def __init__(self) -> None:
        if not settings.BACKUP_S3_BUCKET:
            raise ObjectStoreError("Backups are off: BACKUP_S3_BUCKET is not set.")
        self.bucket = settings.BACKUP_S3_BUCKET

    @cached_property
    def _client(self) -> Any:
        import boto3  # costs a quarter of a second: only who stores something pays
        from botocore.config import Config

        endpoint = settings.BACKUP_S3_ENDPOINT_URL
        return boto3.client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=settings.BACKUP_S3_REGION or None,
            aws_access_key_id=settings.BACKUP_S3_ACCESS_KEY_ID or None,
            aws_secret_access_key=settings.BACKUP_S3_SECRET_ACCESS_KEY or None,
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                s3={"addressing_style": "path" if endpoint else "auto"},
                # Only Amazon knows the newer checksums for certain.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, key: str, data: bytes) -> None:
        with self._sentences():
            self._client.put_object(Bucket=self.bucket, Key=key, Body=data)

    def get(self, key: str) -> bytes:
        with self._sentences(key):
            return self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def keys(self, prefix: str) -> list[str]:
        """All keys that begin so, in the order of the alphabet."""
        with self._sentences():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            return sorted(row["Key"] for page in pages for row in page.get("Contents", ()))

    def delete(self, key: str) -> None:
        with self._sentences():
            self._client.delete_object(Bucket=self.bucket, Key=key)

    @contextmanager
    def _sentences(self, key: str = "") -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError, NoCredentialsError

        try:
            yield
        except ClientError as error:
            raise ObjectStoreError(self._refusal(error.response.get("Error", {}), key)) from error
        except NoCredentialsError as error:
            raise ObjectStoreError(
                "The storage needs BACKUP_S3_ACCESS_KEY_ID and BACKUP_S3_SECRET_ACCESS_KEY."
            ) from error
        except (ConnectionError, HTTPClientError) as error:
            raise ObjectStoreError(f"The storage cannot be reached: {error}") from error
        except (BotoCoreError, ValueError) as error:
            raise ObjectStoreError(f"The storage settings (BACKUP_S3_…) do not fit: {error}") from error

    def _refusal(self, error: dict[str, str], key: str) -> str:
        code = error.get("Code", "")
        if code == "NoSuchBucket":
            return f"The bucket {self.bucket} does not exist. Create it, or correct BACKUP_S3_BUCKET."
        if code in ("NoSuchKey", "404"):
            return f"There is no backup {key}."
        if code in _REFUSED:
            return f"The storage refused these credentials for the bucket {self.bucket} ({code})."
        return f"The storage answered {code}: {error.get('Message', '')}"
