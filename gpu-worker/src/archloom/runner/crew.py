"""The threads that do the work: evaluators, one language thread, one selector."""

import logging
import threading
import time
from typing import Final

from archloom.contract.generated import JobKind, ProtectionLevel
from archloom.datasets.errors import DatasetUnavailable
from archloom.language.client import LanguageClient
from archloom.language.interface import GenerateRequest, LanguageError, Stopped
from archloom.novelty.frame import IMPORTS
from archloom.recipes import get_recipe
from archloom.runner.claimer import Claimer, Shared
from archloom.sandbox.interface import Sandbox, SandboxError
from archloom.stages.adapter_folder import AdapterFolders
from archloom.stages.check_corpus import check_corpus
from archloom.stages.check_model import check_model
from archloom.stages.control import Control
from archloom.stages.evaluate import evaluate
from archloom.stages.export_networks import export_networks
from archloom.stages.fetch_data import fetch_data
from archloom.stages.finetune import finetune
from archloom.stages.generate import generate
from archloom.stages.import_corpus import import_corpus
from archloom.stages.known_programs import KnownPrograms
from archloom.stages.preview_prompt import preview_prompt
from archloom.stages.select import select
from archloom.stages.slots import SlotOfRecipe
from archloom.store import Store
from archloom.store.errors import CorpusMismatch
from archloom.store.rows import Job

log = logging.getLogger(__name__)

DEFAULT_RECIPE: Final = "digits"
DEFAULT_CORPUS: Final = "starter-1"
RETRY_SECONDS: Final = 10.0
KEPT_SECONDS: Final = 60.0  # a language process that answers questions, after the last one
ONE_TOKEN: Final = GenerateRequest(
    model="starter",
    adapter_dir=None,
    prompt=IMPORTS,
    count=1,
    seed=0,
    temperature=1.0,
    top_p=1.0,
    top_k=0,
    max_new_tokens=1,
)


class ProtectionGate:
    """Opened once the sandbox was tested; nothing is evaluated before."""

    def __init__(self) -> None:
        self._decided = threading.Event()
        self._level: ProtectionLevel | None = None

    def decide(self, level: ProtectionLevel | None) -> None:
        """The level to write on every evaluation; None: nothing may be evaluated here."""
        self._level = level
        self._decided.set()

    def wait(self, stopping: threading.Event) -> ProtectionLevel | None:
        while not self._decided.wait(0.2):
            if stopping.is_set():
                return None
        return self._level


class Evaluator(Claimer):
    def __init__(
        self, number: int, shared: Shared, store: Store, sandbox: Sandbox, gate: ProtectionGate
    ) -> None:
        super().__init__(f"slot {number}", ("evaluate",), shared, store, self._evaluate)
        self._slot = SlotOfRecipe(sandbox)
        self._gate = gate
        self._level: ProtectionLevel = "none"

    def prepare(self) -> bool:
        while not self._shared.stopping.is_set():
            try:
                self.say("starting its jail")
                self._slot.open(get_recipe(DEFAULT_RECIPE))
            except (SandboxError, DatasetUnavailable) as error:
                log.error("%s cannot be opened: %s", self.name, error)
                self.say(f"cannot start: {error}")
                self._shared.stopping.wait(RETRY_SECONDS)
            else:
                break
        self.say("waiting for the sandbox's self-test")
        level = self._gate.wait(self._shared.stopping)
        if level is None:
            self.say("off: the sandbox does not protect this machine")
            return False
        self._level = level
        return True

    def clean_up(self) -> None:
        self._slot.close()

    def _evaluate(self, job: Job, store: Store, control: Control) -> None:
        evaluate(job, store, self._slot, self._shared.worker, self._level, control, self.announce)


class LanguageThread(Claimer):
    """The only user of the language process, which holds one model."""

    def __init__(self, shared: Shared, store: Store, adapters: AdapterFolders) -> None:
        super().__init__("language", ("generate", "finetune"), shared, store, self._use_language)
        self._language = LanguageClient()
        self._adapters = adapters

    def prepare(self) -> bool:
        """Loads the default model by writing one token, so that the first run need not wait for it."""
        self.say("loading the language model")
        try:
            self._language.generate(ONE_TOKEN, lambda _: None, self._shared.stopping.is_set)
        except Stopped:
            return False
        except LanguageError as error:
            log.error("the default language model does not load: %s", error)
        return True

    def clean_up(self) -> None:
        self._language.close()

    def _use_language(self, job: Job, store: Store, control: Control) -> None:
        stage = generate if job.kind == "generate" else finetune
        stage(job, store, self._language, self._adapters, control)


class Desk(Claimer):
    """Answers quick questions about models and prompts, with a language process of its own: the loop's may be
    busy for minutes."""

    def __init__(self, shared: Shared, store: Store) -> None:
        super().__init__("desk", ("preview_prompt", "check_model"), shared, store, self._answer)
        self._language = LanguageClient()
        self._used_at = 0.0

    def rest(self) -> None:
        if self._language.process_id() is not None and time.monotonic() - self._used_at > KEPT_SECONDS:
            self._language.close()

    def clean_up(self) -> None:
        self._language.close()

    def _answer(self, job: Job, store: Store, control: Control) -> None:
        try:
            stage = preview_prompt if job.kind == "preview_prompt" else check_model
            stage(job, store, self._language, control)
        finally:
            self._used_at = time.monotonic()


class Librarian(Claimer):
    """Brings data and networks in and out."""

    def __init__(
        self, shared: Shared, store: Store, sandbox: Sandbox | None, slots: int, gate: ProtectionGate
    ) -> None:
        kinds: tuple[JobKind, ...] = ("check_corpus", "import_corpus", "export_networks", "fetch_data")
        super().__init__("library", kinds, shared, store, self._do)
        self._sandbox = sandbox
        self._slots = slots
        self._gate = gate

    def _do(self, job: Job, store: Store, control: Control) -> None:
        match job.kind:
            case "check_corpus":
                # Networks from elsewhere run in the jail, so they wait for its self-test like candidates.
                is_safe = self._gate.wait(self._shared.stopping) is not None
                check_corpus(job, store, self._sandbox if is_safe else None, self._slots, control)
            case "import_corpus":
                import_corpus(job, store, control)
            case "export_networks":
                export_networks(job, store, control)
            case _:
                fetch_data(job, store, self._shared.worker, control)


class Selector(Claimer):
    def __init__(self, shared: Shared, store: Store, known: KnownPrograms) -> None:
        super().__init__("selection", ("select",), shared, store, self._select)
        self._known = known

    def prepare(self) -> bool:
        self.say("reading the corpus")
        try:
            self._known.warm(self._store, DEFAULT_CORPUS)
        except CorpusMismatch as error:
            log.error("%s", error)  # a run that needs this corpus fails with the same words
        return True

    def _select(self, job: Job, store: Store, control: Control) -> None:
        select(job, store, self._known, control)
