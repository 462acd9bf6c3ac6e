//! The extensions of the RFCs: what each offers and what it asks of both sides.

use super::Clause;
use super::extensions::Presence::{Optional, Required};
use super::extensions::Status::{Experimental, Historic, Obsolete, Registry, Standard};
use super::extensions::Submission::{May, Must, MustNot, Only, Should};
use super::extensions::{Extension, NOTHING, Parameter, Value, keyword};
use super::values;
use super::verbs::VerbId::{self, Expn, Mail, Rcpt, Vrfy};

const fn parameter(
    command: VerbId,
    name: &'static str,
    value: Value,
    longest: Option<usize>,
    clause: Clause,
) -> Parameter {
    Parameter { command, name, value, longest, clause }
}

const XTEXT: Value = Value::new(
    Required,
    "xtext: visible characters, with + and = written as +2B and +3D",
    values::xtext,
);

/// The keywords of the RFCs and of the registry.
#[rustfmt::skip]
pub(super) const EXTENSIONS: &[Extension] = &[
    Extension {
        argument: Value::new(Optional, "the largest message in octets; 0 or nothing: no fixed limit", values::size_param),
        parameters: &[
            parameter(Mail, "SIZE", Value::new(Required, "a number of 1 to 20 digits", values::size_value), Some(20), "RFC 1870 §3"),
        ],
        submission: May,
        notes: &[
            "A message declared as larger than the limit is refused with 552, or 452 where it would fit later (§6.1).",
            "The declared size is an estimate: a longer message is no breach of the client (§6.3).",
            "The size counts neither the doubled dots nor the final one (§5).",
        ],
        ..keyword("SIZE", Standard, &["RFC 1427", "RFC 1653", "RFC 1870 §3"], "MAIL may declare the size of the message")
    },
    Extension {
        parameters: &[
            parameter(Mail, "BODY", Value::new(Required, "7BIT or 8BITMIME", values::body_value), Some(8), "RFC 6152 §2"),
        ],
        submission: Should,
        notes: &[
            "Without BODY=8BITMIME no octet of the message may be above 127 (§3).",
            "Lines still end with CRLF and are at most 998 octets long (§2).",
        ],
        ..keyword("8BITMIME", Standard, &["RFC 1652", "RFC 6152 §2"], "the message may hold 8-bit text")
    },
    Extension {
        submission: Should,
        notes: &[
            "RSET, MAIL, SEND, SOML, SAML and RCPT may stand anywhere in a group, other commands only at its end (§3.1).",
            "Replies are matched by counting, never by their text (§3.1).",
            "Without the keyword a client waits for each reply (RFC 5321 §2.1).",
            "LMTP servers must offer it (RFC 2033 §5).",
        ],
        ..keyword("PIPELINING", Standard, &["RFC 1854", "RFC 2197", "RFC 2920 §3.1"], "commands may be sent without waiting for each reply")
    },
    Extension {
        verbs: &["STARTTLS"],
        submission: May,
        notes: &[
            "Both sides forget what EHLO told before TLS (§4.2).",
            "It must not be offered again inside TLS (§4.2).",
            "A server that the MX records name must not ask for it (§4).",
        ],
        ..keyword("STARTTLS", Standard, &["RFC 2487", "RFC 3207 §4"], "the connection can be turned into TLS")
    },
    Extension {
        argument: Value::new(Required, "names of SASL mechanisms, separated by spaces", values::sasl_mechs),
        verbs: &["AUTH"],
        parameters: &[
            parameter(Mail, "AUTH", Value::new(Required, "<> or an address in xtext", values::auth_mailbox), Some(500), "RFC 4954 §5"),
        ],
        submission: Must,
        notes: &[
            "The list may change with TLS: the client reads it anew (§4).",
            "AUTH=LOGIN with an equals sign is no EHLO line; servers print it for old clients.",
        ],
        ..keyword("AUTH", Standard, &["RFC 2554 §3", "RFC 4954 §3"], "the client can authenticate")
    },
    Extension {
        submission: Should,
        notes: &[
            "Each line of a 2yz, 4yz or 5yz reply begins with a code, except for the greeting and the replies to HELO and EHLO (§4).",
            "The class of the code is the first digit of the reply code (§4).",
            "LMTP servers must offer it (RFC 2033 §5).",
        ],
        ..keyword("ENHANCEDSTATUSCODES", Standard, &["RFC 2034 §3"], "replies carry enhanced status codes")
    },
    Extension {
        parameters: &[
            parameter(Mail, "RET", Value::new(Required, "FULL or HDRS", values::ret_value), Some(4), "RFC 3461 §4.3"),
            parameter(Mail, "ENVID", XTEXT, Some(100), "RFC 3461 §4.4"),
            parameter(Rcpt, "NOTIFY", Value::new(Required, "NEVER, or a list of SUCCESS, FAILURE and DELAY", values::notify_esmtp_value), Some(28), "RFC 3461 §4.1"),
            parameter(Rcpt, "ORCPT", Value::new(Required, "an address type, a semicolon, the address in xtext", values::original_recipient_address), Some(500), "RFC 3461 §4.2"),
        ],
        submission: Should,
        notes: &[
            "NOTIFY=NEVER stands alone (§4.1).",
            "Each parameter at most once, otherwise 501 (§4.5).",
            "A notification itself is sent from <> without RET (§6.1).",
        ],
        ..keyword("DSN", Standard, &["RFC 1891", "RFC 3461 §4"], "the client may say when it wants delivery status notifications")
    },
    Extension {
        verbs: &["BDAT"],
        submission: May,
        notes: &[
            "BDAT and DATA must not be mixed in a transaction (§2).",
            "After a refused chunk only RSET helps (§2).",
        ],
        ..keyword("CHUNKING", Standard, &["RFC 1830", "RFC 3030 §2"], "the message may be sent in chunks of counted octets")
    },
    Extension {
        parameters: &[
            parameter(Mail, "BODY", Value::new(Required, "BINARYMIME", values::binary_body_value), Some(10), "RFC 3030 §3"),
        ],
        needs: &["CHUNKING"],
        submission: May,
        notes: &["A message declared as binary goes through BDAT; DATA gets 503 (§3)."],
        ..keyword("BINARYMIME", Standard, &["RFC 1830", "RFC 3030 §3"], "the message may hold any octets")
    },
    Extension {
        parameters: &[
            parameter(Mail, "SMTPUTF8", NOTHING, None, "RFC 6531 §3.4"),
            parameter(Vrfy, "SMTPUTF8", NOTHING, None, "RFC 6531 §3.7.4.2"),
            parameter(Expn, "SMTPUTF8", NOTHING, None, "RFC 6531 §3.7.4.2"),
        ],
        needs: &["8BITMIME"],
        submission: May,
        notes: &[
            "Addresses in UTF-8 only where the keyword was offered and MAIL carries the parameter (§3.4).",
            "Refused with 550 5.6.7 at MAIL, 553 5.6.7 at RCPT, 554 5.6.9 after the message (§3.5).",
            "The argument of EHLO stays ASCII (§3.7.1).",
        ],
        ..keyword("SMTPUTF8", Standard, &["RFC 6531 §3.1"], "addresses and headers may be in UTF-8")
    },
    Extension {
        verbs: &["VRFY"],
        notes: &["RFC 2821 wants it listed, RFC 5321 allows it (§3.5.2); a server that lists it must not answer 502 (§4.2.4)."],
        ..keyword("VRFY", Standard, &["RFC 2821 §3.5.2", "RFC 5321 §3.5.2"], "VRFY works")
    },
    Extension {
        verbs: &["EXPN"],
        notes: &["A server that has EXPN must list it (§3.5.2)."],
        ..keyword("EXPN", Standard, &["RFC 1869 §5", "RFC 5321 §3.5.2"], "EXPN works")
    },
    Extension {
        verbs: &["HELP"],
        ..keyword("HELP", Standard, &["RFC 1869 §5", "RFC 5321 §4.1.1.8"], "HELP works")
    },
    Extension {
        verbs: &["ETRN"],
        submission: MustNot,
        notes: &["Not inside a transaction (§5)."],
        ..keyword("ETRN", Standard, &["RFC 1985 §3"], "a client can have the mail sent that waits for it")
    },
    Extension {
        verbs: &["ATRN"],
        needs: &["AUTH"],
        submission: MustNot,
        notes: &["Only after AUTH, otherwise 530; with its 250 the roles are swapped (§5.2.1)."],
        ..keyword("ATRN", Standard, &["RFC 2645 §5.1.1"], "a client without a fixed address can fetch its mail (ODMR, port 366)")
    },
    Extension {
        argument: Value::new(Optional, "the least BY time in seconds", values::deliverby_param),
        parameters: &[
            parameter(Mail, "BY", Value::new(Required, "seconds, a semicolon, N or R, and T for a trace; R needs more than 0", values::by_value), Some(13), "RFC 2852 §4"),
        ],
        submission: May,
        notes: &["BY=n;R with n of 0 or less is refused with 501 5.5.4 (§4)."],
        ..keyword("DELIVERBY", Standard, &["RFC 2852 §2"], "MAIL may set a time for delivery")
    },
    Extension {
        argument: Value::new(Optional, "solicitation keywords, separated by commas", values::solicitation_keywords),
        parameters: &[
            parameter(Mail, "SOLICIT", Value::new(Required, "solicitation keywords, separated by commas", values::solicitation_keywords), Some(1000), "RFC 3865 §4.1"),
        ],
        submission: May,
        notes: &["The server may refuse with 550 (§2.3)."],
        ..keyword("NO-SOLICITING", Standard, &["RFC 3865 §4.1"], "the server names the advertising that it does not take")
    },
    Extension {
        parameters: &[
            parameter(Mail, "MTRK", Value::new(Required, "base64 without padding, and a colon and seconds", values::mtrk_value), Some(37), "RFC 3885 §3.1"),
        ],
        submission: May,
        notes: &["The client must send ENVID too (§3.2)."],
        ..keyword("MTRK", Standard, &["RFC 3885 §2"], "messages can be tracked")
    },
    Extension {
        parameters: &[parameter(Mail, "CONPERM", NOTHING, None, "RFC 4141 §4")],
        submission: May,
        notes: &["504 where it cannot be honoured (§4.2)."],
        ..keyword("CONPERM", Standard, &["RFC 4141 §4"], "the content may be converted")
    },
    Extension {
        parameters: &[parameter(Rcpt, "CONNEG", NOTHING, None, "RFC 4141 §5")],
        submission: May,
        notes: &["The reply to RCPT lists what the recipient can display (§5.2)."],
        ..keyword("CONNEG", Standard, &["RFC 4141 §5"], "RCPT tells what the recipient can display")
    },
    Extension {
        argument: Value::new(Optional, "imap and imap://host", values::ehlo_params),
        verbs: &["BURL"],
        needs: &["8BITMIME"],
        submission: Only,
        notes: &["Only after an accepted RCPT (§3.1)."],
        ..keyword("BURL", Standard, &["RFC 4468 §3.1"], "the server can fetch the message from a URL")
    },
    Extension {
        argument: Value::new(Required, "the longest delay in seconds and the latest date", values::future_release_limits),
        parameters: &[
            parameter(Mail, "HOLDFOR", Value::new(Required, "seconds, 1 to 9 digits", values::holdfor_value), Some(9), "RFC 4865 §4.1"),
            parameter(Mail, "HOLDUNTIL", Value::new(Required, "a date and time in UTC", values::holduntil_value), Some(25), "RFC 4865 §4.1"),
        ],
        submission: Only,
        notes: &["One of HOLDFOR and HOLDUNTIL, not both (§4.1)."],
        ..keyword("FUTURERELEASE", Standard, &["RFC 4865 §3"], "the message may be held until a time")
    },
    Extension {
        argument: Value::new(Optional, "the name of a priority profile", values::priority_profile),
        parameters: &[
            parameter(Mail, "MT-PRIORITY", Value::new(Required, "a number from -9 to 9", values::priority_value), Some(2), "RFC 6710 §7"),
        ],
        submission: May,
        notes: &["A changed priority is told with 250 2.3.6 (§4.1)."],
        ..keyword("MT-PRIORITY", Standard, &["RFC 6710 §3"], "MAIL may set a priority")
    },
    Extension {
        parameters: &[
            parameter(Rcpt, "RRVS", Value::new(Required, "a date and time, and ;C or ;R", values::rrvs_value), Some(28), "RFC 7293 §3.1"),
        ],
        submission: May,
        notes: &["Refused with 550 5.7.17, 5.7.18 or 5.7.19 (§5.1)."],
        ..keyword("RRVS", Standard, &["RFC 7293 §3.3"], "RCPT may ask that the mailbox has not changed hands since a date")
    },
    Extension {
        parameters: &[parameter(Mail, "REQUIRETLS", NOTHING, None, "RFC 8689 §2")],
        submission: May,
        notes: &["Only inside TLS (§2)."],
        ..keyword("REQUIRETLS", Standard, &["RFC 8689 §2"], "the message must travel over TLS all the way")
    },
    Extension {
        argument: Value::new(Required, "limits such as RCPTMAX=100", values::limits_params),
        submission: May,
        notes: &["MAILMAX: transactions of a session; RCPTMAX and RCPTDOMAINMAX: recipients and their domains of a transaction (§4)."],
        ..keyword("LIMITS", Standard, &["RFC 9422 §3"], "the server announces its limits")
    },
    Extension {
        parameters: &[
            parameter(Mail, "TRANSID", Value::new(Required, "<left@right>", values::transid_value), Some(80), "RFC 1845 §2"),
        ],
        submission: May,
        notes: &["355 to MAIL: the client goes straight to DATA and sends from that octet (§3)."],
        ..keyword("CHECKPOINT", Experimental, &["RFC 1845 §2"], "an interrupted message can be resumed")
    },
    Extension {
        parameters: &[parameter(Mail, "SUBMITTER", XTEXT, None, "RFC 4405 §4")],
        notes: &["Refused with 550 5.7.1 or 554 5.7.7 (§4.2)."],
        ..keyword("SUBMITTER", Historic, &["RFC 4405 §4"], "MAIL names who is responsible for the message (Sender ID)")
    },
    Extension {
        parameters: &[
            parameter(Mail, "ALT-ADDRESS", Value::new(Required, "an address", values::esmtp_value), None, "RFC 5336 §3.4"),
            parameter(Rcpt, "ALT-ADDRESS", Value::new(Required, "an address", values::esmtp_value), None, "RFC 5336 §3.4"),
        ],
        needs: &["8BITMIME"],
        notes: &["Replaced by SMTPUTF8 (RFC 6531)."],
        ..keyword("UTF8SMTP", Obsolete, &["RFC 5336 §3.1"], "addresses may be in UTF-8, with one in ASCII beside them")
    },
    Extension {
        verbs: &["SEND"],
        notes: &["A server that has SEND must list it (RFC 5321 §F.6)."],
        ..keyword("SEND", Obsolete, &["RFC 1869 §5", "RFC 5321 §F.6"], "SEND works")
    },
    Extension { verbs: &["SOML"], ..keyword("SOML", Obsolete, &["RFC 1869 §5", "RFC 5321 §F.6"], "SOML works") },
    Extension { verbs: &["SAML"], ..keyword("SAML", Obsolete, &["RFC 1869 §5", "RFC 5321 §F.6"], "SAML works") },
    Extension {
        verbs: &["TURN"],
        notes: &["Only between hosts that authenticated each other (RFC 5321 §F.1)."],
        ..keyword("TURN", Obsolete, &["RFC 1869 §5", "RFC 5321 §F.1"], "TURN works")
    },
    Extension {
        verbs: &["VERB"],
        notes: &["Replies are then preceded by lines with code 050, which no grammar allows."],
        ..keyword("VERB", Registry, &["IANA registry of SMTP Service Extensions"], "verbose replies (Sendmail)")
    },
    Extension {
        verbs: &["ONEX"],
        ..keyword("ONEX", Registry, &["IANA registry of SMTP Service Extensions"], "a session of one transaction (Sendmail)")
    },
];
