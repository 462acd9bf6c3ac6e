//! Room and sizes: full mailboxes, full disks, large messages, many recipients.

use super::super::{
    cause::Cause::{
        IdleTimeout, MailboxFull, MessageTooLarge, NoValidRecipients, PolicyRejected, RateLimited,
        StorageFull, TooManyErrors, TooManyRecipients,
    },
    provider::Provider::{Cisco, Google, Microsoft},
    row::{COMMON, Retry, Row, of, row},
    stage::{ANY, AUTH, CONNECT, DATA, HELLO, MAIL, MESSAGE, OTHER, RCPT, UNASKED},
};
use crate::rules::Party;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(MailboxFull, COMMON).at(RCPT | DATA | MESSAGE).codes(&[422, 452, 552, 550, 554]).enhanced(&[(2, 2)]).phrases(&[
        "over quota", "overquota", "over the quota", "over the allowed quota", "over allowed quota", "over its quota", "over their quota", "over his quota", "exceeded its quota", "exceeded the quota", "exceeded their quota", "storage quota", "quota exceeded", "exceeded quota", "exceeds quota", "quota full", "mailbox full", "mailbox is full", "inbox is full", "mailbox too full", "user is over quota",
        "inbox is out of storage space", "out of storage space", "exceeded storage allocation", "exceeds allowed storage", "over the maximum allowed mailbox size", "mailbox size exceeded", "mailbox size limit exceeded", "mailbox has exceeded",
        "maildir over quota", "maildir has overdrawn", "account is over quota", "account storage limit", "full mailbox", "not enough space in mailbox", "recipient overquota", "mailbox for .. is full", "mailbox _ is full", "inbox _ is full", "disk quota exceeded", "disc quota exceeded", "exceeding their quota", "exceeding its quota", "exceeding its mailbox quota", "too many messages on the server", "has too many messages", "does not have enough space", "space has been used up", "exceeded the local limit", "disk space limit", "not enough storage space", "quota violation", "reached disk quota", "mailfolder is full", "would exceed maximum allowed storage", "quota usage exceeded", "mail quota", "bouncing mail: quota",
    ]),
    of(Google, MailboxFull).at(RCPT).codes(&[452, 552]).enhanced(&[(2, 2)]).sub_codes(&["?p=overquotatemp", "?p=overquotaperm"])
        .says("the Google account {recipient} has no storage left"),
    row(StorageFull, "Postfix, Exim").at(MAIL | RCPT | DATA | MESSAGE).codes(&[452]).enhanced(&[(3, 1)]).phrases(&["insufficient system storage", "insufficient disk space", "insufficient storage", "no space left on device", "not enough disk space", "space shortage", "low on disk space", "disk full", "out of disk space"])
        .help("free space on the server's queue disk (Postfix wants more than queue_minfree)"),
    row(StorageFull, "Postfix").at(MESSAGE).codes(&[451]).enhanced(&[(3, 0)]).phrases(&["queue file write error", "file write error", "error writing message"])
        .says("the server could not write the message to its queue")
        .help("check the server's disk space, and that the message is below its size limit"),
    of(Microsoft, StorageFull).at(ANY).codes(&[431, 452]).enhanced(&[(3, 1)]).phrases(&["insufficient system resources"]).unsure()
        .says("the server is short of resources (Exchange calls it back pressure)")
        .help("free disk space and memory on the Exchange server; it takes mail again by itself then"),
    row(StorageFull, COMMON).at(ANY).codes(&[431, 452]).enhanced(&[(3, 1)]).phrases(&["insufficient system resources", "insufficient resources", "mail system full"])
        .says("the server is short of resources"),
    of(Google, RateLimited).at(RCPT).codes(&[450, 550]).enhanced(&[(2, 1)]).sub_codes(&["?p=receivingrate"]).phrases(&["receiving mail too quickly", "receiving mail at a rate that prevents"])
        .says("the mailbox {recipient} receives more mail than it may")
        .help("slow down, and try this recipient again later"),
    row(RateLimited, "Yahoo").at(RCPT).codes(&[450]).phrases(&["user is receiving mail too quickly", "exceeding receiving limits", "receiving messages is limited"])
        .says("the mailbox {recipient} receives more mail than it may"),
    of(Microsoft, RateLimited).at(RCPT | MESSAGE).codes(&[554, 550]).enhanced(&[(2, 121), (2, 122)])
        .says("the hourly limit of messages to {recipient} is used up")
        .help("spread the mail to this recipient over time"),

    row(MessageTooLarge, COMMON).at(MAIL | RCPT | DATA | MESSAGE).codes(&[552, 523, 554, 550]).enhanced(&[(3, 4), (2, 3)]).phrases(&[
        "message size exceeds fixed limit", "message size exceeds fixed maximum message size", "message size exceeds", "message size .. exceeds", "message too large", "message too big", "message is too large", "message is too big", "message larger than", "message file too big",
        "size limit exceeded", "exceeds size limit", "message exceeds", "message size limit", "exceeded maximum message size", "maximum message size", "maximum email size exceeded", "maximum size exceeded", "exceeds maximum size", "exceeding maximum message size", "exceeds the maximum message size",
        "too big for system", "mail size limit exceeded", "mail too large", "mail too big", "message length exceeds", "exceeded the maximum allowed", "data size exceeds", "size exceeds", "too much mail data", "too much data", "message data too", "channel size limit", "exceeds my databytes limit", "message exceeds the size",
    ]),
    of(Google, MessageTooLarge).at(MAIL | MESSAGE).codes(&[552]).enhanced(&[(3, 4), (2, 3)]).sub_codes(&["?p=maxsizeerror"]).phrases(&["exceeded google's message size limits", "exceeds google's message size limit"])
        .says("the message is larger than Google takes"),
    row(MessageTooLarge, "Microsoft").at(MESSAGE).codes(&[550, 552]).enhanced(&[(2, 3)]).phrases(&["recipsizelimit", "message too large for this recipient"])
        .says("the message is larger than the mailbox {recipient} may receive")
        .help("make the message smaller, or have the mailbox's limit raised"),
    row(MessageTooLarge, "Google, Cisco").at(MESSAGE).codes(&[552]).enhanced(&[(3, 4)]).sub_codes(&["?p=header-limits"]).phrases(&["message header size", "bytes per individual header size", "exceeds google's header", "header size limit", "headers too large", "too many headers"])
        .says("the message's header section is larger than the server takes")
        .help("trim the header: loops and filters add Received and X- fields without end"),
    row(MessageTooLarge, "Google").at(MESSAGE).codes(&[552]).enhanced(&[(3, 4)]).phrases(&["number of attachments .. exceeds", "limit of limit attachments", "too many attachments"])
        .says("the message has more attachments than the server takes")
        .help("send fewer attachments in a message, or a link"),

    row(TooManyRecipients, COMMON).at(RCPT | DATA | MESSAGE).codes(&[452, 451, 450, 421, 550, 552, 554]).enhanced(&[(5, 3)]).phrases(&["too many recipients", "too many rcpts", "too many rcpt", "maximum number of recipients", "exceeded the maximum number of recipients", "recipient limit exceeded", "recipients limit exceeded", "number of recipients exceeds", "too many addresses", "reached the maximum recipients", "too much recipients"]),
    row(TooManyRecipients, "Google").at(RCPT).codes(&[451]).enhanced(&[(3, 0)]).phrases(&["multiple destination domains per transaction"])
        .says("the server takes recipients of one domain in a transaction")
        .help("send to each domain in a transaction of its own"),
    row(TooManyRecipients, "Postfix").at(RCPT | DATA).codes(&[450, 550]).enhanced(&[(7, 1), (5, 3)]).phrases(&["multi-recipient bounce"])
        .says("the server takes no bounce (null sender) to several recipients")
        .help("send a bounce to one recipient only"),
    row(PolicyRejected, COMMON).at(MAIL | RCPT | DATA).codes(&[421, 452, 550, 554]).phrases(&["too many invalid recipients", "too many unknown recipients", "too many bad recipients", "too many unknown users", "too many invalid users", "directory harvest", "directory harvest attack", "too many bounces", "excessive unknown recipients", "excessive unknown users", "excessive invalid recipients"]).party(Party::Client)
        .says("the client tried too many recipients that do not exist, as address harvesters do")
        .help("clean the list of recipients before sending again"),
    row(NoValidRecipients, "Postfix, Exim").at(DATA | MESSAGE).codes(&[554, 503]).enhanced(&[(5, 1)]).phrases(&["no valid recipients", "no valid recipient", "valid rcpt command must precede data", "no recipients have been accepted", "no recipients accepted"]),

    row(TooManyErrors, "Postfix").at(CONNECT | HELLO | AUTH | MAIL | RCPT | DATA | MESSAGE | OTHER | UNASKED).codes(&[421]).enhanced(&[(7, 0), (7, 1)]).vague().phrases(&["too many errors", "too much errors"]),
    row(TooManyErrors, COMMON).codes(&[421, 500, 501, 502, 503, 521, 550, 554]).phrases(&[
        "too many syntax or protocol errors", "too many syntax errors", "too many unrecognized commands", "too many unknown commands", "too many bad commands", "too many invalid commands", "too many protocol errors", "too many command errors", "too many failed commands", "too many consecutive errors", "too many wrong commands",
        "too many nonmail commands", "too many non-mail commands", "exceeded bad smtp command limit", "bad smtp command limit", "maximum number of errors", "error limit exceeded", "error limit reached",
    ]),
    of(Cisco, TooManyErrors).codes(&[421]).phrases(&["exceeded bad smtp command limit, disconnecting"])
        .help("mend the first 500 of the session; behind a firewall that masks commands (fixup, inspect esmtp) switch that off"),
    row(TooManyErrors, "Exim, Postfix").at(AUTH).codes(&[421, 535]).phrases(&["too many failed authentication", "too many authentication failures", "too many auth failures", "too many login failures", "too many failed logins"])
        .says("the server gave up after too many failed logins"),

    row(IdleTimeout, "Postfix, Google").at(ANY).codes(&[421, 451]).enhanced(&[(4, 2)]).phrases(&["timeout exceeded", "connection expired", "timeout waiting for", "idle timeout", "idle too long", "idle for too long", "timed out waiting for", "command timeout", "timeout - closing connection", "timeout closing connection", "smtp command timeout", "smtp incoming data timeout", "session timeout", "session timed out", "no command received", "inactivity", "timed out", "error: timeout", "timeout on connection", "read timeout", "closing connection due to timeout"]),
    row(IdleTimeout, COMMON).at(ANY).codes(&[421]).enhanced(&[(4, 2)]).phrases(&["connection timed out"]),
    row(IdleTimeout, "Postfix").at(MESSAGE | DATA).codes(&[421, 451]).enhanced(&[(4, 2)]).phrases(&["timeout exceeded", "smtp incoming data timeout", "message timeout", "timed out while receiving", "data timeout"]).retry(Retry::Helps)
        .says("the server waited too long for the rest of the message")
        .help("check what slows the message down: path MTU, a firewall that inspects SMTP, a virus scanner"),
];
