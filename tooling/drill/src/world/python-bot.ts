/** How real owners write the file: two lines, three without a pid, with it alone, with pid and host, or beside and renamed. */
export type Writer = 'two' | 'three' | 'pid-alone' | 'pid' | 'safe';

export type PythonBot = {
  readonly writer?: Writer;
  /** Where it beats. */
  readonly file?: string;
  /** Seconds between two beats, and before the first one. */
  readonly every?: number;
  readonly first?: number;
  /** Python: what line 1 says. */
  readonly status?: string;
  /** Python: seconds that its clock is ahead. */
  readonly ahead?: string;
  /** Takes TERM and goes on. */
  readonly ignoresTerm?: boolean;
  /** Python: statements after each beat. */
  readonly after?: string;
  /** Python: statements in place of the writer; `status` and `line` are there. */
  readonly write?: string;
};

const plainWrite = `with open(FILE, "w", encoding="utf-8") as file:
        file.write(line)`;
const safeWrite = `handle, temporary = tempfile.mkstemp(dir=os.path.dirname(FILE), suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8", newline="\\n") as out:
        out.write(line + "\\n")
    os.chmod(temporary, 0o644)
    os.replace(temporary, FILE)`;

const facts: Readonly<Record<Writer, string>> = {
  two: 'None',
  three: '{"session_active": session_active}',
  'pid-alone': '{"session_active": session_active, "pid": os.getpid(), "pnl": float("nan")}',
  pid: '{"session_active": session_active, "pid": os.getpid(), "host": socket.gethostname()}',
  safe: '{"session_active": session_active, "pid": os.getpid(), "host": socket.gethostname()}',
};

const indented = (code: string, depth: number) => code.replaceAll('\n', `\n${' '.repeat(depth)}`);

/**
 * The text of `heartbeat.py`: a bot that appends its pid to `pids` and beats until it is ended. Files in its folder give
 * it a fault: `silent` (it works and does not beat), `stuck` (progress stands still), `error` (it beats ❌), `exit`
 * (it ends with the code in it, once).
 */
export const pythonBot = (
  bot: PythonBot = {},
): string => `import json, os, select, signal, socket, sys, tempfile, time
from datetime import datetime, timedelta

FILE = ${JSON.stringify(bot.file ?? 'logs/heartbeat_status.txt')}
with open("pids", "a") as pids:
    pids.write(f"{os.getpid()} {os.readlink('/proc/self/ns/pid')}\\n")

def ends(number, frame):
    with open("terms", "a") as terms:
        terms.write(f"{os.getpid()}\\n")
    ${bot.ignoresTerm ? 'return' : 'os._exit(0)'}

def pause(seconds):
    # time.sleep fails under a clock that is set.
    select.select([], [], [], seconds)

signal.signal(signal.SIGTERM, ends)
progress = 0

def update_heartbeat_status(status, session_active=True):
    stamp = datetime.now() + timedelta(seconds=${bot.ahead ?? '0'})
    facts = ${facts[bot.writer ?? 'three']}
    line = f"{status}\\n{stamp.isoformat()}"
    if facts is not None:
        if progress > 0:
            facts["progress"] = progress
        line += "\\n" + json.dumps(facts)
    ${bot.write === undefined ? (bot.writer === 'safe' ? safeWrite : plainWrite) : indented(bot.write, 4)}

pause(${bot.first ?? 0})
while True:
    if os.path.exists("exit"):
        code = int(open("exit").read())
        os.remove("exit")
        os._exit(code)
    if os.path.exists("progress") and not os.path.exists("stuck"):
        progress += 1
    if os.path.exists("error"):
        update_heartbeat_status("❌ Heartbeat error - order refused")
    elif not os.path.exists("silent"):
        update_heartbeat_status(${bot.status ?? '"✅ Heartbeat active - Signal validation in progress"'})
    ${indented(bot.after ?? 'pass', 4)}
    pause(${bot.every ?? 0.3})
`;
