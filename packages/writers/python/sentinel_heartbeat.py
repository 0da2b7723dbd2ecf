"""The heartbeat of a trading bot, for Python 3.8 and later. One file, nothing to install beside it.

    from sentinel_heartbeat import update_heartbeat_status, step, planned_stop

    with planned_stop():                                   # says so when the bot ends on purpose
        with step("Logging in", ok="Login successful"):    # a beat before, one after, one with the error
            broker.login()
        while True:
            trades = trade()
            update_heartbeat_status("\u2705 Heartbeat active", True, source="loop", progress=trades)

Beat from the work, never from a timer or a thread of its own: it would go on while the loop hangs.
No function here throws into the trading loop, except `hold_instance_lock`, which is there to stop a second bot.
The file and its keys: docs/status-file.md of Sentinel.
"""

import contextlib
import datetime
import errno
import json
import os
import random
import re
import signal
import socket
import sqlite3
import stat
import sys
import threading
import time
import uuid

__version__ = "0.1.0"
__all__ = [
    "Heartbeat",
    "InstanceHeld",
    "configure",
    "hold_instance_lock",
    "planned_stop",
    "step",
    "update_heartbeat_status",
]

DEFAULT_FILE = os.path.join("logs", "heartbeat_status.txt")
LONGEST_STATUS = 1000
LONGEST_ERROR = 200
NO_STATUS = "\u2753 No status given"  # of a status without text: no beat is lost for it
FALSE_WORDS = ("", "false", "no", "off", "0", "none", "null", "n", "f")
_AS_BEFORE = object()
# Readers keep numbers as JavaScript does: beyond this two counts may look like one.
LARGEST_NUMBER = 2**53 - 1
MOST_BYTES = 64 * 1024  # no reader takes more
FEW_POSITIONS = 20  # in a file that would be larger with all of them
RENAME_WAITS = (0.001, 0.002, 0.004, 0.008, 0.016)  # seconds: on Windows a reader refuses a rename for a moment
NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EACCES, errno.EPERM)
# Control characters, other line breaks, and what nobody sees or what turns the direction of a text.
BREAKS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
SURROGATES = re.compile("[\ud800-\udfff]")


class InstanceHeld(RuntimeError):
    """Another process holds the lock: two bots would trade twice."""


class _Refused(Exception):
    """An update that cannot be written. `code` is the cause, as the errno names are."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Heartbeat:
    """A heartbeat bound to a file. Most bots need none: the functions below use one.

    file      default: HEARTBEAT_STATUS_FILE of the environment, else logs/heartbeat_status.txt
    secrets   texts that must not reach the file, whatever a beat says: passwords, keys (of at least 4 characters)
    on_error  called with (file, code, error) when updates do not land: once for each cause, and again only after one
              has landed. Default: a line on standard error
    """

    def __init__(self, file=None, secrets=(), on_error=None):
        self._on_error = on_error
        self._told = set()
        self._secrets = []
        self._given = file or os.environ.get("HEARTBEAT_STATUS_FILE") or DEFAULT_FILE
        try:
            self.file = os.path.abspath(os.fspath(self._given))
        except Exception as error:  # the folder that it counts from is gone, or it is no path: each beat tries again
            self.file = _text(self._given)
            self._report(error)
        else:
            self._given = None
        self._secrets = self._secret_texts(secrets)
        self._session_active = True
        self._progress = None
        self._facts = {}
        self._begin_run()

    def update(self, status, session_active=_AS_BEFORE, source=None, progress=None, stopped=False, **facts):
        """Writes one beat. Never throws. Returns whether it landed (an update from within a signal handler that
        interrupted another one is written right after that, and returns False).

        session_active  true or false; None, 0, "" and the texts "false", "no", "off", "0" are false. Default: as in the
                        last update
        source          who beats: "login", "loop", "reporter"
        progress        a number or text that changes only when real work is done. Default: as in the last update
        stopped         this end is planned: nobody is alarmed

        These hold until another update says otherwise; None ends them:
        halted          why the bot lives and does not trade, on purpose: it is not restarted
        needs_person    what a person has to do; told at once, and not restarted meanwhile
        exposure        {"positions": [{"symbol": "MCL", "side": "long", "quantity": 2, "stop": False}], "orders": 1}
        feeds           {"md": time.time()}: when each feed last brought something (seconds, or a datetime)
        expect          {"what": "daily close", "by": time.time() + 3600}
        """
        try:
            return self._beat((status, session_active, source, progress, stopped, facts))
        except Exception as error:  # a stack without room, a machine without memory
            self._report(error)
            return False

    def _beat(self, given):
        if self._pid != os.getpid():  # a fork is another run, and a lock that another thread held is never given back in it
            self._begin_run()
        with self._lock:
            if _is_within(self._writing):
                self._put_off.append(given)
                return False
            # A handler may throw at any moment, also before `finally`: what was broken off is then not within its call.
            self._writing = sys._getframe()
            self._put_off.clear()  # left by an update that was broken off: older than this one
            try:
                landed = self._try_update(*given)
                while self._put_off:
                    self._try_update(*self._put_off.pop(0))
                return landed
            finally:
                self._writing = None

    @contextlib.contextmanager
    def step(self, name, ok=None, failed=None, source=None):
        """A beat before the work, one after it, and one with the error's message where it throws. The error goes on."""
        self.update("\u23f3 %s" % _text(name), source=source)
        try:
            yield
        except Exception as error:
            said = _text(name if failed is None else failed)
            self.update("\u274c %s: %s" % (said, self._error_text(error)), source=source)
            raise
        self.update("\u2705 %s" % _text(name if ok is None else ok), source=source)

    @contextlib.contextmanager
    def planned_stop(self, status="\u2705 Stopped as planned"):
        """Says that the end is planned when the work within ends by itself, by `sys.exit()` or `sys.exit(0)`, by
        Ctrl-C, or by SIGTERM. Any other end is told as an error, and Sentinel may restart the bot.

        SIGTERM becomes `SystemExit(0)` in the main thread, unless the program handles it itself.
        """
        before = _exit_on_sigterm()
        try:
            yield
        except SystemExit as end:
            self._say_end(status, None if end.code in (None, 0) else "ended with exit code %s" % _text(end.code))
            raise
        except KeyboardInterrupt:
            self._say_end(status, None)
            raise
        except BaseException as error:
            self._say_end(status, self._error_text(error))
            raise
        else:
            self._say_end(status, None)
        finally:
            if before is not None:
                with contextlib.suppress(ValueError):  # it ends in another thread than it began
                    signal.signal(signal.SIGTERM, before)

    def _say_end(self, status, why):
        if why is None:
            self.update(status, session_active=False, stopped=True)
        else:
            self.update("\u274c The bot ended: %s" % why, session_active=False)

    def _try_update(self, status, session_active, source, progress, stopped, facts):
        try:
            self._update(status, session_active, source, progress, stopped, facts)
        except Exception as error:  # whatever it is, the trading loop goes on, and the cause is told
            self._report(error)
            return False
        # What a caller does wrong it does with each beat: told once is enough.
        self._told = {code for code in self._told if code.startswith("BAD_")}
        return True

    def _update(self, status, session_active, source, progress, stopped, facts):
        line = self._said(status) or NO_STATUS
        if session_active is not _AS_BEFORE:
            self._session_active = self._truth(session_active)
        if progress is not None:
            self._progress = _progress(progress, self._said)
        self._keep(facts)
        self._seq += 1
        at = time.time()
        details = {
            "session_active": self._session_active,
            "updated_at": _instant(at),
            "started_at": self._started_at,
            "pid": self._pid,
            "host": _host(),
            "boot": self._boot,
            "instance": self._instance,
            "seq": self._seq,
            "source": None if source is None else self._said(source),
            "progress": self._progress,
            "stopped": True if stopped else None,
        }
        given = {key: value for key, value in details.items() if value is not None}
        given.update(self._facts)
        if self._given is not None:
            self.file, self._given = os.path.abspath(os.fspath(self._given)), None
        local = datetime.datetime.fromtimestamp(at).isoformat(timespec="microseconds")
        data = _data(line, local, given)
        if len(data) > MOST_BYTES and "exposure" in given:
            data = _data(line, local, {**given, "exposure": _listed(given["exposure"])})
        if len(data) > MOST_BYTES:
            raise _Refused("TOO_LARGE", "a beat has at most 64 KiB: give it less text")
        if not self._tidied:
            self._tidied = True
            _remove_leftovers(self.file)
        _replace(self.file, data, patient=not self._told)

    def _keep(self, facts):
        """What is not of the right kind is told, does not stop the beat, and is not known from then on: what was said
        before may be true no more."""
        for key, value in facts.items():
            try:
                written = None if value is None else FACTS[key](value, self._said)
            except Exception as error:  # a caller may pass anything
                self._report(_Refused("BAD_%s" % key.upper(), "%s: %s" % (type(error).__name__, _text(error))))
                written = None
            if written is None:
                self._facts.pop(key, None)
            else:
                self._facts[key] = written

    def _truth(self, value):
        """A session that is not clearly there is not there: None, 0, "", "false", "no", "off", "0" and what has no truth."""
        try:
            return value.strip().lower() not in FALSE_WORDS if isinstance(value, str) else bool(value)
        except Exception as error:  # a caller may pass anything
            self._report(_Refused("BAD_SESSION_ACTIVE", "%s: %s" % (type(error).__name__, _text(error))))
            return False

    def _begin_run(self):
        self._instance = str(uuid.uuid4())
        self._started_at = _instant(time.time())
        self._boot = _boot()
        self._seq = 0
        self._tidied = False
        # A signal handler may beat while the loop does: an update within an update is put off until that has landed.
        self._lock = threading.RLock()
        self._writing = None  # the call that writes now
        self._put_off = []
        self._pid = os.getpid()  # last: what is broken off here is begun again

    def _secret_texts(self, secrets):
        try:
            given = (secrets,) if isinstance(secrets, (str, bytes)) else tuple(secrets or ())
            texts = {each.decode("utf-8", "replace") if isinstance(each, bytes) else _text(each) for each in given}
            return sorted((each for each in texts if len(each) >= 4), key=len, reverse=True)
        except Exception as error:  # a caller may pass anything
            self._report(_Refused("BAD_SECRETS", "%s: %s" % (type(error).__name__, _text(error))))
            return []

    def _redact(self, text):
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        return text

    def _said(self, value):
        """One line of what a caller gives, whatever it is, without secrets."""
        return clean_status(self._redact(_text(value)))

    def _error_text(self, error):
        return (self._said(error) or type(error).__name__)[:LONGEST_ERROR]

    def _report(self, error):
        try:
            code = getattr(error, "code", None) or errno.errorcode.get(getattr(error, "errno", None), None)
            code = str(code or type(error).__name__)
            if code in self._told:
                return
            self._told.add(code)
            if self._on_error is not None:
                self._on_error(self.file, code, error)
            elif code.startswith("BAD_"):
                _complain("%s is not written, it is not of the right form (%s)" % (code[4:].lower(), self._said(error)))
            elif code == "TOO_LARGE":
                _complain("cannot write %s (%s): %s" % (self.file, code, error))
            else:
                _complain("cannot write %s (%s): check the path, its owner and the disk" % (self.file, code))
        except Exception as another:  # a handler that is not ours must not stop the trading loop
            _complain("on_error failed: %s" % self._said(another))


_usual = {}


def configure(file=None, secrets=(), on_error=None):
    """Sets what the functions of this module write to, and how. Call it once, before the first beat."""
    _usual[""] = Heartbeat(file, secrets, on_error)
    return _usual[""]


def _heartbeat():
    # Without a lock: a signal handler may beat while the first one is made.
    return _usual.get("") or _usual.setdefault("", Heartbeat())


def update_heartbeat_status(status, session_active=True, source=None, progress=None, stopped=False, **facts):
    """Writes one beat to logs/heartbeat_status.txt. Never throws: returns whether it landed."""
    return _heartbeat().update(status, session_active, source, progress, stopped, **facts)


def step(name, ok=None, failed=None, source=None):
    """`with step("Logging in"):` beats before and after the work, and with the error where it throws."""
    return _heartbeat().step(name, ok, failed, source)


def planned_stop(status="\u2705 Stopped as planned"):
    """`with planned_stop():` around the whole bot: its end is told as planned, or as an error."""
    return _heartbeat().planned_stop(status)


def hold_instance_lock(file=None):
    """Makes this process the only bot of its status file, until it ends, however it ends.

    It is the lock that bots with `@sentinel/heartbeat-core` take: each keeps the other out. Take it first, before the
    broker is asked anything. Never delete `<file>.lock`. Not for network disks (NFS, SMB).

    Raises InstanceHeld when another process holds it, OSError when the file cannot be locked at all.
    Returns a function that gives the lock back.
    """
    given = os.path.abspath(os.fspath(file) if file is not None else _heartbeat().file)
    target = os.path.realpath(given)
    lock_file, note = target + ".lock", target + ".lock.json"
    os.makedirs(os.path.dirname(lock_file), exist_ok=True)
    if os.path.islink(lock_file):
        raise OSError(errno.ELOOP, "the lock file is a link, which is not followed: remove it", lock_file)
    try:
        connection = _exclusive(lock_file)
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise InstanceHeld(_held_text(lock_file, note)) from None
        raise OSError(errno.EACCES, "cannot be locked (%s): make it writable" % error, lock_file) from error
    _held[lock_file] = connection
    try:
        unclaim = _claim({lock_file, given + ".lock"})
    except InstanceHeld:
        _held.pop(lock_file).close()
        raise
    holder = {"pid": os.getpid(), "host": _host(), "started_at": _instant(time.time())}
    with contextlib.suppress(OSError):  # the lock is what counts: a second bot is told less
        _replace(note, (json.dumps(holder) + "\n").encode("utf-8"), follow=False)

    def release():
        if _held.pop(lock_file, None) is not None:
            with contextlib.suppress(OSError):
                os.remove(note)
            connection.close()
            unclaim()

    return release


def _exclusive(file):
    """Locks a file by SQLite's lock on it: the kernel gives it back when the process dies. Raises sqlite3.Error."""
    _close_to_readers(file)
    connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        for statement in ("PRAGMA journal_mode = MEMORY", "BEGIN EXCLUSIVE", "PRAGMA user_version = 1"):
            # The last one proves it: on a file that cannot be written SQLite shares its lock without an error.
            connection.execute(statement).close()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _close_to_readers(file):
    """Whoever may read a file may hold a shared lock on it, and so keep out its owner."""
    with contextlib.suppress(OSError, AttributeError):
        if not os.path.lexists(file):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        found = os.lstat(file)
        if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_mode & 0o077:
            os.chmod(file, 0o600)


def _claims_folder():
    """Where the claims of this user are, those of `@sentinel/heartbeat-core` too; None: there is no safe place."""
    if not hasattr(os, "getuid"):
        return None
    uid = os.getuid()
    temporary = os.environ.get("TMPDIR") or os.environ.get("TMP") or os.environ.get("TEMP") or "/tmp"
    folder = os.path.join(temporary, "sentinel-locks-%d" % uid)
    if uid == 0 and os.path.isdir("/run") and os.stat("/run").st_uid == 0 and not os.stat("/run").st_mode & 0o022:
        folder = "/run/sentinel-locks"
    os.makedirs(folder, 0o700, exist_ok=True)
    found = os.lstat(folder)
    isours = stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & 0o022
    return folder if isours else None


def _claim(paths):
    """A second fence, by path: a folder that is renamed takes the lock within it along, and whoever makes it anew would
    find that free. Claims count while the lock named by their token is held. Where none can be made there is the lock
    beside the file alone. Raises InstanceHeld. Returns what lets go of them."""
    database = held = mine = None
    token = str(uuid.uuid4())
    try:
        folder = _claims_folder()
        if folder is None:
            return lambda: None
        mine = os.path.join(folder, token + ".lock")
        held = _exclusive(mine)
        database = sqlite3.connect(os.path.join(folder, "claims.db"), timeout=2, isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = OFF", CLAIMS, "BEGIN IMMEDIATE"):
            database.execute(statement).close()
        for path in sorted(paths):
            row = database.execute("SELECT token, pid, host FROM claims WHERE path = ?", (path,)).fetchone()
            if row is not None and _is_claimed(folder, row[0]):
                database.close()
                held.close()
                with contextlib.suppress(OSError):
                    os.remove(mine)
                raise InstanceHeld("process %s on %s holds %s: end it before another bot is started" % (row[1], row[2], path))
            database.execute(
                "INSERT OR REPLACE INTO claims (path, token, pid, host, started_at) VALUES (?, ?, ?, ?, ?)",
                (path, token, os.getpid(), _host(), int(time.time() * 1000)),
            )
        database.execute("COMMIT")
    except (sqlite3.Error, OSError):  # the lock beside the file is what counts
        for connection in (database, held):
            if connection is not None:
                connection.close()
        with contextlib.suppress(OSError, TypeError):
            os.remove(mine)
        return lambda: None
    _held[token] = held

    def unclaim():
        with contextlib.suppress(sqlite3.Error, OSError):
            database.execute("DELETE FROM claims WHERE token = ?", (token,))
            database.close()
            _held.pop(token).close()
            os.remove(mine)

    return unclaim


CLAIMS = (
    "CREATE TABLE IF NOT EXISTS claims"
    " (path TEXT PRIMARY KEY, token TEXT, pid INTEGER, host TEXT, started_at INTEGER) STRICT"
)


def _is_claimed(folder, token):
    file = os.path.join(folder, "%s.lock" % token)
    if not os.path.exists(file):
        return False
    try:
        connection = _exclusive(file)
    except sqlite3.Error as error:
        return "locked" in str(error)
    connection.close()
    with contextlib.suppress(OSError):
        os.remove(file)
    return False


# A connection that nobody refers to would be closed, and its lock with it.
_held = {}


def _held_text(lock_file, note):
    who = "another process"
    with contextlib.suppress(OSError, ValueError):
        with open(note, encoding="utf-8") as file:
            holder = json.load(file)
        if isinstance(holder, dict):
            who = "process %s on %s" % (holder.get("pid"), clean_status(_text(holder.get("host"))))
    return "%s holds %s: end it before another bot is started" % (who, lock_file)


def clean_status(text):
    """One line of at most 1,000 characters, without control characters and halves of characters."""
    line = BREAKS.sub(" ", SURROGATES.sub("\ufffd", text)).strip()
    return line if len(line) <= LONGEST_STATUS else line[: LONGEST_STATUS - 1].rstrip() + "\u2026"


def _text(value):
    try:
        return str(value)
    except Exception:  # code of whoever made the value: the beat goes out all the same
        return "(%s without text)" % type(value).__name__


def _data(line, local, details):
    return ("%s\n%s\n%s\n" % (line, local, json.dumps(details, allow_nan=False))).encode("utf-8")


def _progress(value, said):
    """A number or text that JSON can hold; numpy's numbers and Decimal too."""
    if isinstance(value, str):
        return said(value)
    try:
        number = value.__index__() if hasattr(value, "__index__") else float(value)
    except (TypeError, ValueError, OverflowError):
        return said(value)
    # Nothing that is not a number is smaller or equal.
    return number if abs(number) <= LARGEST_NUMBER else said(value)


def _reason(value, said):
    if value is True or value is False:
        return value or None
    if not isinstance(value, str):
        raise TypeError("expected the reason as text, or True or False")
    return said(value)[:500] or None


def _when(value):
    """Seconds since 1970, a datetime (naive: local time), or the text of an instant with its offset."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(re.sub("[zZ]$", "+00:00", value.strip()))
        if value.tzinfo is None:
            raise ValueError("an instant needs Z or an offset")
    return _instant(value.timestamp() if hasattr(value, "timestamp") else float(value))


def _exposure(value, said):
    positions = [
        {
            "symbol": said(each["symbol"]),
            "side": SIDES[_text(each["side"]).lower()],
            "quantity": abs(_number(each["quantity"])),
            **({} if each.get("stop") is None else {"stop": bool(each["stop"])}),
        }
        for each in value["positions"]
    ]
    rest = {"more": int, "orders": int, "pnl_day": _number, "currency": said}
    return {"positions": positions, **{key: rest[key](value[key]) for key in rest if value.get(key) is not None}}


def _listed(exposure):
    """The same with few positions, those first that are most at stake: the other open ones are counted."""
    def weight(position):
        return 0 if position["quantity"] == 0 else -2 if position.get("stop") is False else -1

    ordered = sorted(exposure["positions"], key=weight)
    cut = sum(1 for each in ordered[FEW_POSITIONS:] if each["quantity"] != 0)
    return {**exposure, "positions": ordered[:FEW_POSITIONS], "more": exposure.get("more", 0) + cut}


def _number(value):
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("not a number: %s" % number)
    return int(number) if number.is_integer() else number


def _instant(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _host():
    return socket.gethostname()


def _boot():
    """The start of this machine and the pid namespace: within them a pid names one process."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return "%s %s" % (file.read().strip(), os.readlink("/proc/self/ns/pid"))
    except OSError:
        return None  # a system without /proc


def _is_within(call):
    """Whether this code runs within that call: a signal handler that interrupted it does."""
    frame = call and sys._getframe(1)
    while frame is not None and frame is not call:
        frame = frame.f_back
    return frame is not None


def _complain(line):
    with contextlib.suppress(Exception):
        os.write(2, ("heartbeat: %s\n" % line).encode("utf-8", "replace"))


def _exit_on_sigterm():
    """Gives the handler that was there, or None where nothing was changed."""
    def end(_number, _frame):
        raise SystemExit(0)

    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return None
    with contextlib.suppress(ValueError):  # an interpreter within another one takes no signals
        return signal.signal(signal.SIGTERM, end)
    return None


# -- the file: written beside, then renamed, so that a reader sees the old one or the new one ------------------------

_MARK = "".join(random.choice("0123456789abcdefghijklmnopqrstuvwxyz") for _ in range(8))
_count = 0


def _host_mark():
    return re.sub(r"[^A-Za-z0-9_-]", "_", _host()) or "host"


def _temporary(target):
    global _count
    _count += 1
    return "%s.%s.%d.%s-%d.tmp" % (target, _host_mark(), os.getpid(), _MARK, _count)


def _replace(file, data, patient=True, follow=True):
    """Replaces the file whole, and leaves no temporary file. Permissions stay, a link is followed, a missing folder is
    made. Where no temporary file can be made and the old file is there, it is written in place."""
    target = os.path.realpath(file) if follow else file
    mode = None
    with contextlib.suppress(FileNotFoundError):
        found = os.lstat(target)
        if not stat.S_ISREG(found.st_mode) and not (stat.S_ISLNK(found.st_mode) and not follow):
            raise _Refused("ENOTFILE", "%s is not a regular file" % target)
        mode = stat.S_IMODE(found.st_mode) & 0o777 if stat.S_ISREG(found.st_mode) else None
    temporary = _temporary(target)
    try:
        try:
            _write_new(temporary, data, mode)
        except OSError as error:
            if mode is None or error.errno not in NO_ROOM:
                raise
            _remove(temporary)
            _overwrite(target, data)
            return
        _rename(temporary, target, patient)
    finally:
        _remove(temporary)  # also when a signal's exception comes in between


def _write_new(path, data, mode):
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags, 0o666)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle = os.open(path, flags, 0o666)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    if mode is not None and os.name != "nt":
        os.chmod(path, mode)


def _overwrite(target, data):
    with open(target, "r+b") as out:
        out.write(data)
        out.truncate()


def _rename(temporary, target, patient):
    for wait in RENAME_WAITS if patient and os.name == "nt" else ():
        try:
            os.replace(temporary, target)
            return
        except PermissionError:
            time.sleep(wait)
    os.replace(temporary, target)


def _remove(path):
    with contextlib.suppress(OSError):
        os.remove(path)


def _remove_leftovers(file):
    """Temporary files of writers of this file that were killed: their process is dead, or they are an hour old."""
    target = os.path.realpath(file)
    folder, name = os.path.split(target)
    pattern = re.compile(re.escape(name) + r"\.([\w-]+)\.(\d{1,10})\.[a-z0-9]{8}-\d+\.tmp")
    with contextlib.suppress(OSError):
        for each in os.listdir(folder):
            match = pattern.fullmatch(each)
            if match is None:
                continue
            path = os.path.join(folder, each)
            dead = match.group(1) == _host_mark() and not _is_alive(int(match.group(2)))
            if dead or time.time() - os.lstat(path).st_mtime > 3600:
                _remove(path)


def _is_alive(pid):
    if os.name == "nt":
        return True  # os.kill would end it there
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


SIDES = {"long": "long", "buy": "long", "short": "short", "sell": "short"}
FACTS = {
    "halted": _reason,
    "needs_person": _reason,
    "exposure": _exposure,
    "feeds": lambda value, said: {said(name): _when(at) for name, at in value.items()},
    "expect": lambda value, said: {"what": said(value["what"]), "by": _when(value["by"])},
}
