#!/usr/bin/env python3
"""Types a session into an interactive program at a pseudo-terminal and keeps what the screen showed.

usage: type-session.py OUTPUT COMMAND [ARGUMENT…] < LINES

Each line of standard input is typed, with Return, when the program has shown a complete reply (`nnn text`) since the last line;
after a 354 the lines follow one another until the one that is a single dot. Lines that mean something else:

  <now> TEXT    type at once, without waiting for a reply
  <prompt> TEXT type when the last line on the screen looks like a prompt (`$ `, `# `, `telnet> `, `Password: `)
  <wait N>      let N seconds pass (decimals allowed), reading what appears
  <hangup>      close the terminal

`\\b`, `\\e`, `\\x1d` and the like stand for the key. At the end the program has five seconds to finish.
"""
import os
import pty
import re
import select
import signal
import sys
import time

output, command = sys.argv[1], sys.argv[2:]
lines = sys.stdin.read().split("\n")
if lines and lines[-1] == "":
    lines.pop()

pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm", LANG="C.UTF-8", PS1="user@client:~$ ", HISTFILE="/dev/null")
    os.execvp(command[0], command)

screen, ended = b"", False
REPLY = re.compile(rb"(?:^|\n)([2-5]\d\d)(?: [^\n]*)?\r*\n\Z")
PROMPT = re.compile(rb"(?:[$#>] |word: ?)\Z")


def look(seconds, until=None, since=0):
    """Reads for `seconds`, or until `until` fits what appeared after `since`; then a little more, so that nothing is cut."""
    global screen, ended
    limit = time.monotonic() + seconds
    while not ended and (left := limit - time.monotonic()) > 0:
        ready, _, _ = select.select([terminal], [], [], min(left, 0.15))
        if ready:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                piece = b""
            if not piece:
                ended = True
            screen += piece
        elif until and (found := until.search(screen[since:])):
            return found
    return until.search(screen[since:]) if until else None


def give_up(why):
    os.kill(pid, signal.SIGKILL)
    return f"type-session.py: {why}; the screen showed:\n{screen.decode('utf-8', 'replace')}"


def press(text):
    os.write(terminal, text.encode("utf-8").decode("unicode_escape").encode("latin-1") if "\\" in text else text.encode("utf-8"))


def type_line(text):
    os.write(terminal, b"")
    press(text)
    os.write(terminal, b"\r")


since, message = 0, False
for text in lines:
    if ended:
        break
    if wait := re.fullmatch(r"<wait ([\d.]+)>", text):
        look(float(wait.group(1)))
        continue
    if text == "<hangup>":
        os.kill(pid, signal.SIGHUP)
        break
    now, prompt = text.startswith("<now> "), text.startswith("<prompt> ")
    if now:
        text = text[6:]
        look(0.05)
    elif prompt:
        text = text[9:]
        if not look(8, PROMPT, since) and not ended:
            sys.exit(give_up(f"no prompt before {text!r}"))
    elif message:
        look(0.05)
    else:
        found = look(8, REPLY, since)
        if not found and not ended:
            sys.exit(give_up(f"no reply before {text!r}"))
        message = bool(found and found.group(1) == b"354")
    if ended:
        break
    since = len(screen)
    type_line(text)
    if message and text == ".":
        message = False
    # the terminal's own echo of this line is not a reply
    look(0.1)
    echoed = screen.find(b"\n", since)
    since = echoed + 1 if echoed >= 0 else len(screen)

look(5)
try:
    os.kill(pid, signal.SIGKILL)
except ProcessLookupError:
    pass
with open(output, "wb") as file:
    file.write(screen)
