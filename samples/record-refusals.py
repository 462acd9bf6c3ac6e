#!/usr/bin/env python3
"""Records what Python's smtplib prints with set_debuglevel(1) while the scripted server refuses what it is sent.

usage: record-refusals.py [DESTINATION]     (a folder; default: samples/python-smtplib beside this file)

Everything stays on loopback; names and addresses are reserved ones.
"""
import contextlib
import pathlib
import smtplib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
DESTINATION = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "python-smtplib")
PORT = 2599
FIELDS = "From: a@client.example\r\nTo: b@example.net\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nSubject: test\r\n"
HOPS = "".join(f"Received: from hop{n}.example.net by hop{n + 1}.example.net; Mon, 23 Nov 2026 10:00:00 +0000\r\n" for n in range(60))


def recipients(client):
    """One transaction for each recipient."""
    for name in "disabled", "callout", "rate", "disk", "ptr", "spf", "dns", "utf8", "reputation":
        client.mail("a@client.example")
        client.rcpt(f"{name}@example.net")
        client.rset()
    client.mail("a@client.example")
    client.rcpt("somebody@nowhere.example")


def messages(client):
    """One transaction for each message."""
    bodies = ["hello", "hello", "hello", "hello", "hello", "hello", "x" * 1200]
    for number, body in enumerate(bodies):
        client.mail("a@client.example")
        client.rcpt("b@example.net")
        fields = HOPS + FIELDS if number == 5 else FIELDS
        client.data(f"{fields}\r\n{body}\r\n")


def login(client):
    """A login while the directory is away."""
    client.login("ann", "pass")


def shield(client):
    """A mail behind a desktop's mail shield."""
    client.mail("a@client.example")
    client.rcpt("b@example.net")


RECORDS = {
    "recipients-refused": ("refuses-recipients", recipients),
    "messages-refused": ("refuses-messages", messages),
    "login-unavailable": ("login-unavailable", login),
    "mail-shield": ("mail-shield", shield),
}

for name, (script, send) in RECORDS.items():
    server = subprocess.Popen([sys.executable, HERE / "scripted-server.py", "127.0.0.1", str(PORT), HERE / f"scripts/{script}.txt"])
    try:
        time.sleep(0.5)
        with open(DESTINATION / f"{name}.txt", "w", encoding="utf-8") as out, contextlib.redirect_stderr(out):
            client = smtplib.SMTP(local_hostname="client.example", timeout=10)
            client.set_debuglevel(1)
            with contextlib.suppress(smtplib.SMTPException):
                client.connect("127.0.0.1", PORT)
                client.ehlo()
                send(client)
            with contextlib.suppress(smtplib.SMTPException):
                client.quit()
    finally:
        server.terminate()
        server.wait()
    PORT += 1
