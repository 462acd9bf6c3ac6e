#!/usr/bin/env python3
"""A stand-in for mail servers and boxes that cannot be installed: answers SMTP (or FTP) lines from a script.

usage: scripted-server.py ADDRESS PORT SCRIPT

A script is a list of `PATTERN => REPLY` lines; blank lines and lines that begin with `#` are skipped.

  PATTERN  `<connect>`, `.` (the end of a message), `(auth)` (a line of an AUTH dialogue), or the beginning of a command line,
           in any case. `*` is every line. The first rule that fits answers; a rule that begins with `once ` answers once.
  REPLY    reply lines, separated by ` | `. `{path}` is what stands between < and > in the command, `{arg}` its second word.
           `<wait N>` waits N seconds, `<close>` closes the connection, `<silence>` answers nothing.

A reply with 354 switches to reading a message, one with 334 to reading a line of an AUTH dialogue.

`fixup pix` puts an editor between the client and the server that does to both directions what the Cisco PIX documents for
`fixup protocol smtp`: in the greeting all but 2, 0 and "0 " becomes `*`; a verb that is not one of the seven of RFC 821 §4.5.1
becomes X, octet by octet. `fixup asa` does what ASA's `inspect esmtp` documents: the same greeting; fifteen verbs pass; unknown
keywords of the EHLO reply become X with a counting letter at the end.
"""
import re
import socketserver
import sys
import time

ADDRESS, PORT, SCRIPT = sys.argv[1], int(sys.argv[2]), sys.argv[3]
PASSED = {
    "pix": "HELO MAIL RCPT DATA RSET NOOP QUIT".split(),
    "asa": "HELO MAIL RCPT DATA RSET NOOP QUIT AUTH EHLO ETRN HELP SAML SEND SOML VRFY".split(),
}
KNOWN_KEYWORDS = "8BITMIME AUTH BINARYMIME CHECKPOINT DSN ENHANCEDSTATUSCODES ETRN PIPELINING SIZE VRFY".split()

rules, fixup = [], None
for line in open(SCRIPT, encoding="utf-8"):
    line = line.rstrip("\n")
    if not line.strip() or line.startswith("#"):
        continue
    if line.startswith("fixup "):
        fixup = line.split()[1]
        continue
    pattern, reply = line.split(" => ", 1)
    once = pattern.startswith("once ")
    rules.append((pattern[5:] if once else pattern, reply, once))


def masked_greeting(text):
    """Masks a greeting line in place: 2, 0 and the blank after a 0 stay."""
    return re.sub(r"[^20]", lambda m: " " if m.group() == " " and text[m.start() - 1] == "0" else "*", text)


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def setup(self):
        super().setup()
        self.used, self.masked_keywords = set(), 0

    def say(self, lines, greeting=False, hello=False):
        for number, text in enumerate(lines):
            if fixup and greeting:
                text = masked_greeting(text)
            if fixup == "asa" and hello and number > 0:
                word = text[4:].split(" ")[0].split("=")[0]
                if word.upper() not in KNOWN_KEYWORDS:
                    letter = chr(ord("A") + self.masked_keywords % 26)
                    self.masked_keywords += 1
                    text = text[:4] + "X" * (len(text) - 5) + letter
            self.wfile.write(text.encode("utf-8") + b"\r\n")
        self.wfile.flush()

    def answer(self, event, line=""):
        """Returns the last code that was said, None when nothing was, False when the connection is to end."""
        for index, (pattern, reply, once) in enumerate(rules):
            if index in self.used:
                continue
            if not (pattern == event or (event == "line" and (pattern == "*" or line.upper().startswith(pattern.upper())))):
                continue
            if once:
                self.used.add(index)
            path = re.search(r"<([^>]*)>", line)
            words = line.split()
            reply = reply.replace("{path}", path.group(1) if path else "").replace("{arg}", words[1] if len(words) > 1 else "")
            lines, code, end = [], None, False
            for part in reply.split(" | "):
                if wait := re.fullmatch(r"<wait (\d+)>", part):
                    time.sleep(int(wait.group(1)))
                elif part == "<close>":
                    end = True
                elif part != "<silence>":
                    lines.append(part)
                    code = part[:3]
            self.say(lines, greeting=event == "<connect>", hello=line[:4].upper() == "EHLO")
            return False if end else code
        return None

    def handle(self):
        if self.answer("<connect>") is False:
            return
        mode = "command"
        while raw := self.rfile.readline():
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            if mode == "message":
                if line != ".":
                    continue
                code = self.answer(".")
            elif mode == "auth":
                code = self.answer("(auth)", line)
            else:
                verb = line.split(" ")[0].split(":")[0]
                if fixup and verb.upper() not in PASSED[fixup]:
                    line = "X" * len(verb) + line[len(verb):]
                code = self.answer("line", line)
            if code is False:
                return
            mode = {"354": "message", "334": "auth"}.get(code, "command")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((ADDRESS, PORT), Session).serve_forever()
