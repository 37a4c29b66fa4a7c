"""The message classes of WhatsApp, from the files neonize ships, without loading its shared library."""

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any


def neonize_folder() -> Path:
    spec = importlib.util.find_spec("neonize")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def library_path() -> Path:
    return next(neonize_folder().glob("neonize-linux-*.so"))


def _load(name: str) -> Any:
    """A generated module: they import each other by names that start in neonize's `proto` folder."""
    folder = str(neonize_folder() / "proto")
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


adv = _load("waAdv.WAAdv_pb2")
cert = _load("waCert.WACert_pb2")
e2e = _load("waE2E.WAWebProtobufsE2E_pb2")
login = _load("waWa6.WAWebProtobufsWa6_pb2")
