"""linecard: the part of a phone system that knows its people.

    directory, host_key = linecard.Directory.create("acme.db")
    operator = directory.bootstrap_operator(email="ops@example.com")

See Directory and Actor; Store for keeping the rows elsewhere; LinecardError for what can be refused.
"""

from . import audit, schema
from ._ffi import lib as _lib
from .batch import Batch
from .calling import Line
from .checking import Permissions, id_number
from .directory import Actor, Directory
from .errands import (
    AssetKeeper,
    ErrandLater,
    ErrandRefused,
    ErrandsPumped,
    Handover,
    NumberOrder,
    NumberProvider,
)
from .errors import (
    Busy,
    CallbackFailed,
    Conflict,
    Denied,
    Forked,
    Internal,
    Invalid,
    LimitReached,
    LinecardError,
    NoMemory,
    NotFound,
    Reentrant,
    Stale,
    StoreFailed,
    TooNew,
    WrongKind,
)
from .mail import Letter, Mail, MailImpossible, MailLater, MailRejected, Pumped
from .receipt import Preview, Receipt
from .sign_in import HostKey, SignIn
from .store import (
    SCHEMA_MAJOR,
    Change,
    Column,
    Index,
    Row,
    Scan,
    Store,
    StoreConflict,
    Table,
    Transaction,
    sort_key,
)
from .told import Committed, LogEvent

__version__: str = _lib.linecard_version().decode()

__all__ = [
    "SCHEMA_MAJOR",
    "Actor",
    "AssetKeeper",
    "Batch",
    "Busy",
    "CallbackFailed",
    "Change",
    "Column",
    "Committed",
    "Conflict",
    "Denied",
    "Directory",
    "ErrandLater",
    "ErrandRefused",
    "ErrandsPumped",
    "Forked",
    "Handover",
    "HostKey",
    "Index",
    "Internal",
    "Invalid",
    "Letter",
    "LimitReached",
    "Line",
    "LinecardError",
    "LogEvent",
    "Mail",
    "MailImpossible",
    "MailLater",
    "MailRejected",
    "NoMemory",
    "NotFound",
    "NumberOrder",
    "NumberProvider",
    "Permissions",
    "Preview",
    "Pumped",
    "Receipt",
    "Reentrant",
    "Row",
    "Scan",
    "SignIn",
    "Stale",
    "Store",
    "StoreConflict",
    "StoreFailed",
    "Table",
    "TooNew",
    "Transaction",
    "WrongKind",
    "audit",
    "id_number",
    "schema",
    "sort_key",
]
