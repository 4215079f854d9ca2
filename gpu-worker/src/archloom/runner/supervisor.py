"""From start to stop of one worker.

Stopping takes less than 8 seconds: attempts are given back unharmed, the leases of those that do not come
back in time are taken away by another worker at once, since this one is then marked as stopped.
"""

import logging
import os
import platform
import re
import socket
import threading
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from archloom.recipes import recipe_summaries
from archloom.runner.activity import Activity
from archloom.runner.claimer import Claimer, Shared
from archloom.runner.crew import Desk, Evaluator, LanguageThread, Librarian, ProtectionGate, Selector
from archloom.runner.keeper import Keeper
from archloom.runner.leases import Leases
from archloom.runner.settings import Settings
from archloom.runner.starter_corpus import ensure_starter_corpus
from archloom.runner.wakeup import Wakeup
from archloom.sandbox.interface import Sandbox, SandboxError
from archloom.sandbox.open import open_sandbox
from archloom.sandbox.self_test import self_test
from archloom.stages.adapter_folder import AdapterFolders
from archloom.stages.corpus_structures import CorpusStructures
from archloom.stages.known_programs import KnownPrograms
from archloom.store import Store
from archloom.store.errors import StoreError
from archloom.store.workers import ProtectionCheck, WorkerIdentity

log = logging.getLogger(__name__)

ATTEMPTS_SECONDS: Final = 5.0
KEEPER_SECONDS: Final = 2.0
PACKAGES: Final = ("archloom-worker", "torch", "transformers", "peft", "sandlock")


class Supervisor:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._closing = threading.Event()
        self._leases = Leases()
        self._wakeup = Wakeup()
        self._activity = Activity()

    def stop(self) -> None:
        """Begins an orderly end. Not for signal handlers: it takes locks."""
        self._stopping.set()
        self._wakeup.ring()

    def run(self) -> None:
        """Returns when the worker has stopped. Raises CorpusMismatch."""
        identity = _identity(self._settings)
        # Until there is anything to give back, waiting for the database ends with the first wish to stop.
        store = Store(self._settings.database_url, self._stopping)
        worker = store.workers.register(identity)
        log.info("worker %s on %s with %s slots", worker, identity.device, identity.slots)
        keeper = Keeper(
            self._settings,
            worker,
            self._store(),
            self._leases,
            self._wakeup,
            self._activity,
            self._closing,
        )
        keeper.start()
        claimers: list[Claimer] = []
        try:
            ensure_starter_corpus(store)
            claimers = self._start_claimers(worker, store)
            self._stopping.wait()
            log.info("stopping")
        finally:
            self._end(claimers, keeper)
            store.close()

    def _start_claimers(self, worker: int, store: Store) -> list[Claimer]:
        shared = Shared(
            worker, self._settings.lease_seconds, self._leases, self._wakeup, self._activity, self._stopping
        )
        home = self._settings.home
        slots = self._settings.slots
        gate = ProtectionGate()
        sandbox: Sandbox | None = None
        evaluators: list[Claimer] = []
        try:
            sandbox = open_sandbox(self._settings.allow_unprotected, self._settings.device)
        except SandboxError as error:
            log.error("nothing is evaluated here: %s", error)
            check = ProtectionCheck("the jail starts", passed=False, detail=str(error))
            store.workers.set_protection(worker, "none", [check])
            gate.decide(None)
        else:
            evaluators = [
                Evaluator(number, shared, self._store(), sandbox, gate) for number in range(1, slots + 1)
            ]
            tester = threading.Thread(
                target=self._test_sandbox, args=(sandbox, gate, worker), name="self-test", daemon=True
            )
            tester.start()
        claimers: list[Claimer] = [
            LanguageThread(shared, self._store(), AdapterFolders(home)),
            Selector(shared, self._store(), KnownPrograms(home, CorpusStructures(sandbox, slots))),
            Desk(shared, self._store()),
            Librarian(shared, self._store(), sandbox, slots, gate),
            *evaluators,
        ]
        for claimer in claimers:
            claimer.start()
        return claimers

    def _test_sandbox(self, sandbox: Sandbox, gate: ProtectionGate, worker: int) -> None:
        """Opens the gate with what the sandbox was found to protect."""
        store = self._store()
        try:
            report = self_test(sandbox)
            checks = [ProtectionCheck(check.name, check.passed, check.detail) for check in report.checks]
            store.workers.set_protection(worker, report.level, checks)
            is_enough = report.level != "none" or self._settings.allow_unprotected
            log.log(
                logging.INFO if is_enough else logging.ERROR,
                "protection: %s%s",
                report.level,
                "" if is_enough else "; nothing is evaluated here (ARCHLOOM_ALLOW_UNPROTECTED=1 would)",
            )
            gate.decide(report.level if is_enough else None)
        except (SandboxError, StoreError) as error:
            log.error("the sandbox could not be tested, so nothing is evaluated here: %s", error)
            gate.decide(None)
        except BaseException:
            # Slots wait for a decision; one that never comes would keep them silent for ever.
            gate.decide(None)
            raise
        finally:
            store.close()

    def _end(self, claimers: list[Claimer], keeper: Keeper) -> None:
        self.stop()
        self._leases.shut_down()
        deadline = time.monotonic() + ATTEMPTS_SECONDS
        for claimer in claimers:
            claimer.join(max(0.0, deadline - time.monotonic()))
        late = [claimer.name for claimer in claimers if claimer.is_alive()]
        if late:
            log.warning("still busy, and left behind: %s", ", ".join(late))
        # Whoever still waits for a lost database gives up now; the keeper has one more thing to write.
        self._closing.set()
        keeper.end()
        keeper.join(KEEPER_SECONDS)

    def _store(self) -> Store:
        return Store(self._settings.database_url, self._closing)


def _identity(settings: Settings) -> WorkerIdentity:
    return WorkerIdentity(
        name=settings.name,
        host=socket.gethostname(),
        pid=os.getpid(),
        device=_device(),
        slots=settings.slots,
        versions=_versions(),
        recipes=recipe_summaries(),
    )


def _device() -> str:
    """The first graphics card, if there is one and the installed torch can use it. Asked without loading
    torch."""
    cards = sorted(Path("/proc/driver/nvidia/gpus").glob("*/information"))
    if not cards or version("torch").endswith("+cpu"):
        return "cpu"
    model = re.search(r"^Model:\s*(.+)$", cards[0].read_text(), re.MULTILINE)
    return model.group(1).strip() if model else "GPU"


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "kernel": platform.release()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
