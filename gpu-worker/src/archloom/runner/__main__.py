"""`python -m archloom.runner`: one worker, until SIGTERM, SIGINT or the end of its parent."""

import logging
import os
import signal
import sys
import threading
import time
from typing import Final

from archloom.runner.log import log_to_stderr
from archloom.runner.process_tree import ParentGone, end_with_parent
from archloom.runner.settings import Settings, SettingsError
from archloom.runner.supervisor import Supervisor
from archloom.store.errors import DatabaseUnavailable

log = logging.getLogger(__name__)

END_SECONDS: Final = 7.5


def main() -> int:
    log_to_stderr()
    try:
        settings = Settings.from_environment(os.environ)
        if settings.parent_pid is not None:
            end_with_parent(settings.parent_pid)
    except (SettingsError, ParentGone) as error:
        log.error("%s", error)
        return 1
    return run(Supervisor(settings))


def run(supervisor: Supervisor) -> int:
    """The main thread only waits for signals: a handler that took a lock could meet that very lock held."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, _: asked.append(signum))
    failed: list[BaseException] = []

    def work() -> None:
        try:
            supervisor.run()
        except DatabaseUnavailable:
            pass  # asked to stop before the database answered
        except Exception as error:
            log.exception("the worker cannot go on")
            failed.append(error)

    worker = threading.Thread(target=work, name="supervisor", daemon=True)
    worker.start()
    while worker.is_alive() and not asked:
        time.sleep(0.1)
    supervisor.stop()
    worker.join(END_SECONDS)
    return 1 if failed else 0


if __name__ == "__main__":
    status = main()
    logging.shutdown()
    # Threads that did not come back in time must not keep the process.
    sys.stderr.flush()
    os._exit(status)
