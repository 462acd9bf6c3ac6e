#!/usr/bin/env python3
"""The server that record-tools.sh sends its clients to: Python's aiosmtpd with a few accounts.

usage: recording-server.py CERTIFICATE KEY

On 127.0.0.1: port 2525 takes a login without TLS, port 2526 wants STARTTLS before it. `user` with `pass` may log in;
recipients that begin with `nobody` and senders that begin with `bad` are refused.
"""
import ssl
import sys
import threading
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Answers:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("bad"):
            return f"553 5.1.8 <{address}>: Sender address rejected: Domain not found"
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        return "250 2.0.0 Ok: queued as 4F2C91A0B3"


def login(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"user" and data.password == b"pass", handled=False)


warnings.simplefilter("ignore")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
common = {"hostname": "127.0.0.1", "server_hostname": "mail.example.com", "ident": "ESMTP ready", "authenticator": login}
Controller(Answers(), port=2525, auth_require_tls=False, **common).start()
Controller(Answers(), port=2526, tls_context=context, **common).start()
threading.Event().wait()
