//! Free mail servers, and what is built of them.

use super::{
    clue::{
        Product, accepted, greeting, greeting_hint, hello, keyword, made_of, order, product, reply,
    },
    queue_id,
};

#[rustfmt::skip]
pub(super) const PRODUCTS: &[Product] = &[
    product("Postfix", &[
        greeting("ESMTP Postfix"),
        order("PIPELINING SIZE VRFY", 2), order("PIPELINING SIZE ETRN", 2), order("PIPELINING SIZE STARTTLS", 1), order("SIZE VRFY ETRN", 1),
        reply("Error: command not recognized", 3), reply("Error: need RCPT command", 3), reply("Error: need MAIL command", 3),
        reply("Error: nested MAIL command", 3), reply("Error: send HELO/EHLO first", 3), reply("Error: too many errors", 2),
        reply("End data with <CR><LF>.<CR><LF>", 3), reply("I can break rules, too", 3), reply("can break rules, too. Goodbye", 1),
        reply("Relay access denied", 1), reply("Recipient address rejected", 1), reply("Sender address rejected", 1),
        reply("Client host rejected", 1), reply("Helo command rejected", 2), reply("Ok: queued as ", 1),
        accepted(queue_id::postfix, 2),
    ]),
    made_of("Zimbra", &["Postfix"], &[greeting("Zimbra")]),
    product("Exim", &[
        greeting("ESMTP Exim"),
        reply("Commands supported:", 2), reply("Syntactically invalid ", 3), reply("SMTP synchronization error", 3),
        reply("message, ending with \".\" on a line by itself", 2), reply("relay not permitted", 2), reply("Unrouteable address", 2),
        reply("sender verify fail", 1), reply("valid RCPT command must precede DATA", 3), reply("No such user here", 1),
        order("SIZE 8BITMIME PIPELINING", 2), keyword("X_PIPE_CONNECT", 3), keyword("PIPECONNECT", 3), keyword("PRDR", 2),
        reply("OK id=", 1), accepted(queue_id::exim, 3),
    ]),
    product("Sendmail", &[
        greeting("Sendmail"),
        hello("pleased to meet you", 2), reply("Enter mail, end with \".\" on a line by itself", 1),
        reply("... Sender ok", 2), reply("... Recipient ok", 2), reply("requires domain address", 2),
        reply("Need MAIL before RCPT", 1), reply("For more info use \"HELP <topic>\"", 2), reply("Cannot VRFY user; try RCPT", 1),
        accepted(queue_id::sendmail, 3),
    ]),
    product("qmail", &[
        reply("qmail home page", 3), reply("in my list of allowed rcpthosts", 3), reply("try my best", 2), reply("(#5.5.1)", 1),
        reply("unimplemented (#5.5.1)", 3), accepted(queue_id::qmail, 3),
    ]),
    product("OpenSMTPD", &[
        greeting("OpenSMTPD"),
        hello("pleased to meet you", 1), reply("Destination address valid: Recipient ok", 3), reply("Invalid command: Command not recognized", 2),
        reply("Enter mail, end with \".\" on a line by itself", 1), accepted(queue_id::opensmtpd, 3),
    ]),
    product("Haraka", &[
        greeting("Haraka"), hello("Haraka is at your service", 3), reply("go ahead, make my day", 3), reply("Have a jolly good day", 3),
    ]),
    product("Courier", &[
        greeting("Courier"), reply("ESMTP command error", 3), reply("STARTTLS is required first", 2),
        keyword("XEXDATA", 3), keyword("XSECURITY", 2),
    ]),
    product("Apache James", &[greeting("JAMES SMTP Server"), greeting("Apache JAMES")]),
    product("hMailServer", &[greeting("hMailServer"), reply("DATA HELO EHLO MAIL NOOP QUIT RCPT RSET SAML TURN VRFY", 3)]),
    product("Stalwart", &[greeting("Stalwart"), hello("you had me at", 3)]),
    product("go-smtp", &[greeting_hint("ESMTP Service Ready"), reply("Roger, accepting mail from", 3), reply("I'll make sure <", 3), reply("Go ahead. End your data with <CR><LF>.<CR><LF>", 3)]),
    product("maddy", &[greeting("maddy")]),
    product("aiosmtpd", &[greeting("Python SMTP"), reply("Error: send HELO first", 1)]),
    made_of("Python smtpd", &["aiosmtpd"], &[greeting("Python SMTP proxy")]),
    product("qpsmtpd", &[greeting("qpsmtpd"), reply("send us your mail, but not your spam", 3)]),
    product("XMail", &[greeting("XMail")]),
    product("Mercury/32", &[greeting("Mercury/32")]),
    product("KumoMTA", &[greeting("KumoMTA"), reply("Welcome to KumoMTA", 3)]),
    made_of("ZoneMTA", &["smtp-server"], &[greeting("ZoneMTA")]),
    product("smtp-server", &[hello("Nice to meet you", 3), reply("OK: message queued", 1)]),
    product("PowerMTA", &[greeting("PowerMTA"), reply("try reading the RFCs", 2)]),
    product("Oracle Messaging Server", &[greeting("Messaging Server")]),
    product("Dovecot", &[greeting("Dovecot ready"), greeting("Dovecot (")]),
    product("spamd", &[greeting("spamd IP-based SPAM blocker"), hello("Pleased to be wasting your time", 3)]),
];
