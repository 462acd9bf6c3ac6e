#!/usr/bin/env python3
"""Times the whole program on a log, beside `wc -l` and `grep -c` on the same file in the same sitting.

usage: benches/beside_wc.py LOG [--runs 5] [--smtplog target/release/smtplog]

Prints for each command the fastest and the median run in seconds, the median's ratio to that of `wc -l`,
octets of the log a second, and the peak of memory as the operating system counts it. The runs of all
commands take turns, so that a machine that gets slower meanwhile is slower for all of them. What smtplog
writes goes to a file in memory where there is one. Any log will do; a large one tells more.
"""
import argparse, os, statistics, tempfile, time

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("log")
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--smtplog", default="target/release/smtplog")
chosen = parser.parse_args()

QUIET = ["--fail-on", "never", "--no-progress"]


def smtplog(*arguments):
    return [chosen.smtplog, *arguments, *QUIET, chosen.log]


COMMANDS = {
    "wc -l": ["wc", "-l", chosen.log],
    "grep -c 550": ["grep", "-c", "550", chosen.log],
    "summary, 1 job": smtplog("summary", "--format", "json", "--jobs", "1"),
    "summary, 2 jobs": smtplog("summary", "--format", "json", "--jobs", "2"),
    "analyze to jsonl, 1 job": smtplog("analyze", "--format", "jsonl", "--jobs", "1"),
    "analyze to jsonl, 2 jobs": smtplog("analyze", "--format", "jsonl", "--jobs", "2"),
}


def run(command, out):
    """Seconds and KiB of one run."""
    out.seek(0)
    out.truncate()
    begun = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.dup2(out.fileno(), 1)
        os.execvpe(command[0], command, {**os.environ, "LC_ALL": "C"})
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed")
    return seconds, usage.ru_maxrss


memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
times = {name: [] for name in COMMANDS}
peaks = dict.fromkeys(COMMANDS, 0)
with tempfile.TemporaryFile(dir=memory) as out:
    for turn in range(chosen.runs + 1):
        for name, command in COMMANDS.items():
            seconds, peak = run(command, out)
            # The first turn brings the log into the page cache.
            if turn > 0:
                times[name].append(seconds)
                peaks[name] = max(peaks[name], peak)
octets = os.path.getsize(chosen.log)
base = statistics.median(times["wc -l"])
print(f"{chosen.log}: {octets / 1e6:.0f} MB, {chosen.runs} runs")
print(f"{'command':26}{'fastest':>10}{'median':>10}{'/ wc -l':>10}{'MB/s':>10}{'peak MiB':>10}")
for name, taken in times.items():
    median = statistics.median(taken)
    rate = octets / 1e6 / median
    print(f"{name:26}{min(taken):9.3f}s{median:9.3f}s{median / base:10.1f}{rate:10.0f}{peaks[name] / 1024:10.0f}")
