#!/usr/bin/env python3
"""Records the errors of mail libraries: Python's smtplib and aiosmtplib, and Nodemailer, against the scripted server.

usage: record-errors.py [DESTINATION]     (a folder; default: samples/client-error beside this file)

aiosmtplib and Nodemailer are recorded where Python and Node.js find them (NODE_PATH). Everything stays on loopback;
names and addresses are reserved ones.
"""
import asyncio
import contextlib
import os
import pathlib
import shutil
import smtplib
import subprocess
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
DESTINATION = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "client-error")
PORT = 2640
MESSAGE = "From: a@client.example\r\nTo: b@example.net\r\nSubject: test\r\n\r\nhello\r\n"


@contextlib.contextmanager
def server(script):
    """The scripted server, for as long as it is wanted."""
    global PORT
    PORT += 1
    running = subprocess.Popen([sys.executable, HERE / "scripted-server.py", "127.0.0.1", str(PORT), HERE / f"scripts/{script}.txt"])
    try:
        time.sleep(0.5)
        yield PORT
    finally:
        running.terminate()
        running.wait()


def send(port, sender="a@client.example", recipients=("b@example.net",), name="client.example", user=None):
    """Sends a mail with smtplib; what goes wrong is what we are after."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname=name, timeout=10) as client:
        if user:
            client.login(user, "pass")
        client.sendmail(sender, recipients, MESSAGE)


def record(name, script, action):
    """What an uncaught exception prints, without this machine's folders."""
    with server(script) as port:
        try:
            action(port)
        except Exception:
            text = traceback.format_exc()
    text = text.replace(str(HERE.parent), "/home/ann").replace(sys.prefix, "/usr").replace(sys.base_prefix, "/usr")
    (DESTINATION / f"{name}.txt").write_text(text, encoding="utf-8")


STAGES = "refuses-at-each-stage"
DESTINATION.mkdir(exist_ok=True)
record("smtplib-recipients", STAGES, lambda port: send(port, recipients=["nobody@example.net", "full@example.net"]))
record("smtplib-sender", STAGES, lambda port: send(port, sender="spoofed@example.org"))
record("smtplib-message", STAGES, send)
record("smtplib-login", STAGES, lambda port: send(port, user="ann"))
record("smtplib-hello", STAGES, lambda port: send(port, name="refused.example"))
record("smtplib-connect", "busy", send)

with contextlib.suppress(ImportError):
    import aiosmtplib

    def send_async(port):
        to = ["nobody@example.net", "full@example.net"]
        asyncio.run(aiosmtplib.send(MESSAGE, sender="a@client.example", recipients=to, hostname="127.0.0.1", port=port, local_hostname="client.example"))

    record("aiosmtplib-recipients", STAGES, send_async)

NODE = """
const mail = require("nodemailer");
const [port, how, from, to, user] = process.argv.slice(2);
const auth = user ? { user, pass: "pass" } : undefined;
const transport = mail.createTransport({ host: "127.0.0.1", port, name: "client.example", ignoreTLS: true, auth });
transport.sendMail({ from, to: to.split(","), subject: "test", text: "hello" }, error => {
    if (how === "object") console.log(error);
    else if (how === "json") console.log(JSON.stringify({ level: "error", message: error.message, ...error }));
    else console.log(`2026-11-28T10:15:00.000Z error: mail not sent: ${error}`);
});
"""
RUNS = {
    "nodemailer-recipients": ("object", "a@client.example", "nobody@example.net,full@example.net", ""),
    "nodemailer-message": ("object", "a@client.example", "b@example.net", ""),
    "nodemailer-login": ("object", "a@client.example", "b@example.net", "ann"),
    "nodemailer-sender-json": ("json", "spoofed@example.org", "b@example.net", ""),
    "nodemailer-one-line": ("line", "a@client.example", "full@example.net", ""),
}
found = shutil.which("node") and subprocess.run(["node", "-e", 'require("nodemailer")'], check=False, capture_output=True).returncode == 0
for name, run in RUNS.items() if found else ():
    with server(STAGES) as port:
        printed = subprocess.run(["node", "-", str(port), *run], input=NODE, check=True, capture_output=True, text=True).stdout
    for folder in os.environ.get("NODE_PATH", "").split(":"):
        printed = printed.replace(folder, "/home/ann/node_modules") if folder else printed
    (DESTINATION / f"{name}.txt").write_text(printed, encoding="utf-8")
