"""Where backups go: one bucket of S3-compatible storage, or a folder. Whatever goes wrong is a sentence for the
operator.

Both hold an object whole or not at all. What is too large for memory is streamed: `upload` draws from a reader, and an
error of the reader leaves nothing behind.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

CONNECT_SECONDS = 5
READ_SECONDS = 60
TRIES = 4
PART_BYTES = 32 * 1024 * 1024  # times the 10,000 parts that S3 allows
_REFUSED = {"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden"}


class ObjectStoreError(Exception):
    """The storage did not do what it was asked; the text says why and what to look at."""


class Reader(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Store(Protocol):
    """`where` says in a few words which place it is."""

    where: str

    def put(self, key: str, data: bytes) -> None: ...
    def upload(self, key: str, source: Reader) -> None: ...
    def get(self, key: str) -> bytes: ...
    def reading(self, key: str) -> AbstractContextManager[Reader]: ...
    def keys(self, prefix: str) -> list[str]: ...
    def delete(self, key: str) -> None: ...
    def unfinished_remove(self, prefix: str) -> None: ...


def object_store(place: str = "") -> Store:
    """The bucket of the settings, else their folder; or `place`: "s3", or the path of a folder."""
    if place == "s3" or (not place and settings.BACKUP_S3_BUCKET):
        return ObjectStore()
    return FolderStore(Path(place or settings.BACKUP_DIR))


class ObjectStore:
    """The bucket."""

    def __init__(self) -> None:
        if not settings.BACKUP_S3_BUCKET:
            raise ObjectStoreError("There is no bucket: BACKUP_S3_BUCKET is not set.")
        if not settings.BACKUP_KEY:
            raise ObjectStoreError("Nothing leaves this machine unencrypted: BACKUP_KEY is not set.")
        self.bucket = settings.BACKUP_S3_BUCKET
        self.where = f"s3://{self.bucket}"

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

    def upload(self, key: str, source: Reader) -> None:
        from boto3.s3.transfer import TransferConfig

        # A part at a time in this thread: memory stays at one part, and the reader's errors come out as they are.
        config = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False)
        with self._sentences():
            self._client.upload_fileobj(source, self.bucket, key, Config=config)

    def get(self, key: str) -> bytes:
        with self._sentences(key):
            return self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    @contextmanager
    def reading(self, key: str) -> Iterator[Reader]:
        with self._sentences(key):
            body = self._client.get_object(Bucket=self.bucket, Key=key)["Body"]
            try:
                yield body
            finally:
                body.close()

    def unfinished_remove(self, prefix: str) -> None:
        """Parts that a killed upload left, which would be paid for and never seen."""
        with self._sentences():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix=prefix)
            for row in [row for page in pages for row in page.get("Uploads", ())]:
                self._client.abort_multipart_upload(Bucket=self.bucket, Key=row["Key"], UploadId=row["UploadId"])

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


class FolderStore:
    """A folder on this machine, for nobody else's eyes."""

    _KEY = re.compile(r"(?!\.)[\w.-]+(/(?!\.)[\w.-]+)*", re.ASCII)

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.where = str(self.folder)

    def put(self, key: str, data: bytes) -> None:
        self.upload(key, io.BytesIO(data))

    def upload(self, key: str, source: Reader) -> None:
        path = self._path(key)
        part = path.with_name(f".{path.name}.part")
        with self._sentences():
            self._make(path.parent)
            try:
                with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                    while data := source.read(1 << 20):
                        file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            self._settle(path.parent)

    def get(self, key: str) -> bytes:
        with self.reading(key) as file:
            return file.read()

    @contextmanager
    def reading(self, key: str) -> Iterator[Reader]:
        with self._sentences():
            try:
                file = self._path(key).open("rb")
            except (FileNotFoundError, IsADirectoryError) as error:
                raise ObjectStoreError(f"There is no backup {key}.") from error
        with file:
            yield file

    def keys(self, prefix: str) -> list[str]:
        """All keys that begin so, in the order of the alphabet."""
        top = self.folder / prefix.rpartition("/")[0]
        with self._sentences():
            files = (path for path in top.rglob("*") if path.is_file() and not path.name.startswith("."))
            keys = (path.relative_to(self.folder).as_posix() for path in files)
            return sorted(key for key in keys if key.startswith(prefix))

    def delete(self, key: str) -> None:
        path = self._path(key)
        with self._sentences():
            path.unlink(missing_ok=True)
            if path.parent != self.folder and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def unfinished_remove(self, prefix: str) -> None:
        with self._sentences():
            for path in (self.folder / prefix).rglob(".*.part"):
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not self._KEY.fullmatch(key):
            raise ObjectStoreError(f"There is no backup {key}.")
        return self.folder / key

    def _make(self, folder: Path) -> None:
        """Each folder that is missing, closed to others."""
        for path in reversed([folder, *folder.parents]):
            if not path.exists():
                path.mkdir(mode=0o700, exist_ok=True)

    def _settle(self, folder: Path) -> None:
        """The new name is on the disk before anybody is told so."""
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ObjectStoreError(f"The folder {self.folder} does not do (BACKUP_DIR): {error}") from error
