"""Python runs this at the start of a test child: it makes the real neonize trust the loopback server.

Only with WALOOP_ROOT_KEY in the environment. Right after `neonize._binder` loaded the shared library, the 32 bytes of
its root key are replaced in the memory of this process; no file changes.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
BINDER = "neonize._binder"


class TrustingFinder(importlib.abc.MetaPathFinder):
    """Wraps the loader of the one module that loads the shared library."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != BINDER:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = TrustingLoader(spec.loader, self.key)
        return spec


class TrustingLoader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader, key: bytes) -> None:
        self.loader = loader
        self.key = key

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        library = load("waloop_library", HERE.parent / "library.py")
        library.Library(Path(module.gocode._name)).replace_root_key(self.key)


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def chain() -> None:
    """Run the sitecustomize this one stands before, if there is one."""
    others = [place for place in sys.path if place and Path(place).resolve() != HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.origin is not None:
        load("sitecustomize_of_the_environment", Path(spec.origin))


if key := os.environ.get("WALOOP_ROOT_KEY"):
    sys.meta_path.insert(0, TrustingFinder(bytes.fromhex(key)))
chain()
