"""A run started over HTTP."""

from collections.abc import Callable

from kb.errors import KnowledgeBaseError, StoreBusyError
from kb.files import disk_errors, make_folder
from kb.lock import exclusive_lock
from kb.store import VersionStore
from server.errors import RequestError
from server.runs.child_process import start_child
from server.runs.history import RunHistory
from server.runs.place import ensure_place
from server.runs.run_lock import RunLock
from server.settings import Settings
from server.state.run import Run, RunRequest
from server.state.runs import RunStore, new_run_id

Launch = Callable[[Run, RunLock, Settings, RunStore], None]


def start_run(request: RunRequest, settings: Settings, store: RunStore, launch: Launch = start_child) -> Run:
    """Write the row of a run and start its process. At most one run goes on in a data folder.

    Raises RequestError (409) naming the run that goes on; StorageFullError, StorageDeniedError, ConfigurationError.
    """
    data = settings.data.absolute()
    folder = data / "runs"
    with disk_errors(folder):
        make_folder(folder)
    try:
        with exclusive_lock(folder / "STARTING"):
            return _start(request, settings.model_copy(update={"data": data}), store, launch)
    except StoreBusyError as error:
        message = "Another run is being started at this moment. `GET /v1/ingest` lists it; start this one when it has ended."
        raise RequestError(message, status=409, code="ingest_running") from error


def _start(request: RunRequest, settings: Settings, store: RunStore, launch: Launch) -> Run:
    running = RunHistory(store, settings.data).running()
    if running:
        goes_on = running[0].id
        message = f"The ingest run {goes_on} goes on. `GET /v1/ingest/{goes_on}` tells its progress; start this one when it has ended."
        raise RequestError(message, status=409, code="ingest_running")
    identifier = new_run_id()
    lock = RunLock.take(settings.data, identifier)
    try:
        run = store.begin(identifier, request, "http", _live(settings), ensure_place(settings))
    except BaseException:
        lock.release()
        raise
    launch(run, lock, settings, store)
    return run


def _live(settings: Settings) -> str | None:
    try:
        return VersionStore(settings.data).current_id()
    except KnowledgeBaseError:
        return None  # the run says what is wrong with it
