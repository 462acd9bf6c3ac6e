//! Keywords that no RFC defines. A keyword without a leading X should be registered (RFC 5321
//! §2.2.2); some of these are not.

use super::Clause;
use super::extensions::Presence::{Optional, Required};
use super::extensions::{Extension, NOTHING, Parameter, Status, Value};
use super::values;
use super::verbs::VerbId::{self, Mail, Rcpt};

const fn private(
    keyword: &'static str,
    seen_in: &'static [Clause],
    offers: &'static str,
) -> Extension {
    super::extensions::keyword(keyword, Status::Private, seen_in, offers)
}

const fn parameter(
    command: VerbId,
    name: &'static str,
    value: Value,
    longest: Option<usize>,
    clause: Clause,
) -> Parameter {
    Parameter { command, name, value, longest, clause }
}

const ATTRIBUTES: Value =
    Value::new(Required, "names of attributes, separated by spaces", values::attribute_names);
const UNKNOWN: Value =
    Value::new(Optional, "anything: its form is not documented", values::anything);

/// The keywords of vendors.
#[rustfmt::skip]
pub(super) const PRIVATE_EXTENSIONS: &[Extension] = &[
    // Postfix
    Extension {
        argument: ATTRIBUTES,
        verbs: &["XCLIENT"],
        notes: &["Not inside a transaction; its 220 begins the session anew."],
        ..private("XCLIENT", &["Postfix XCLIENT_README"], "a proxy may tell who the real client is")
    },
    Extension {
        argument: ATTRIBUTES,
        verbs: &["XFORWARD"],
        notes: &["Not inside a transaction."],
        ..private("XFORWARD", &["Postfix XFORWARD_README"], "a filter may tell whom to log as the client")
    },
    Extension {
        // Courier writes XVERP=Courier.
        parameters: &[parameter(Mail, "XVERP", Value::new(Optional, "nothing, or two delimiters", values::verp_delimiters), Some(2), "Postfix VERP_README")],
        ..private("XVERP", &["Postfix VERP_README"], "a sender of its own for each recipient")
    },

    // Exim
    Extension {
        notes: &["A client that knows the server may send EHLO, MAIL and RCPT before the greeting."],
        ..private("PIPECONNECT", &["Exim smtp_in.c"], "commands may be sent before the greeting")
    },
    Extension {
        notes: &["The underscore makes it an illegal keyword."],
        ..private("X_PIPE_CONNECT", &["Exim 4.93"], "commands may be sent before the greeting")
    },
    Extension {
        parameters: &[parameter(Mail, "PRDR", NOTHING, None, "draft-hall-prdr")],
        notes: &["After the message: 353, a reply for each recipient, and one for the message."],
        ..private("PRDR", &["draft-hall-prdr"], "a reply for each recipient after the message")
    },
    Extension { verbs: &["WELLKNOWN"], ..private("WELLKNOWN", &["Exim smtp_in.c"], "well-known files can be fetched") },

    // Courier
    private("XEXDATA", &["Courier"], "a reply for each recipient after the message"),
    Extension {
        parameters: &[parameter(Mail, "SECURITY", Value::new(Required, "STARTTLS", values::courier_security), Some(8), "Courier")],
        notes: &["Printed as XSECURITY=NONE,STARTTLS, which is no EHLO line."],
        ..private("XSECURITY", &["Courier"], "MAIL may ask for TLS all the way")
    },

    // Sendmail
    Extension { verbs: &["XUSR"], ..private("XUSR", &["Sendmail srvrsmtp.c"], "mail that a user submits") },

    // Microsoft Exchange
    Extension { verbs: &["X-ANONYMOUSTLS"], ..private("X-ANONYMOUSTLS", &["Microsoft Exchange 2007"], "TLS between Exchange servers") },
    Extension {
        argument: Value::new(Required, "names of SASL mechanisms, separated by spaces", values::sasl_mechs),
        verbs: &["X-EXPS"],
        notes: &["Also printed as X-EXPS=LOGIN, which is no EHLO line."],
        ..private("X-EXPS", &["Microsoft Exchange 2000"], "authentication between Exchange servers")
    },
    Extension { verbs: &["X-LINK2STATE"], ..private("X-LINK2STATE", &["Microsoft Exchange 2000"], "the link states of Exchange routing") },
    Extension {
        verbs: &["XEXCH50"],
        notes: &["354 is followed by as many octets as the command announced."],
        ..private("XEXCH50", &["Microsoft Exchange 5.5"], "message properties of Exchange")
    },
    Extension {
        parameters: &[parameter(Rcpt, "XRDST", UNKNOWN, None, "Microsoft Exchange 2010")],
        ..private("XRDST", &["Microsoft Exchange 2010"], "RCPT may name a mailbox database")
    },
    Extension {
        verbs: &["XSHADOW", "XQDISCARD"],
        parameters: &[parameter(Mail, "XSHADOW", UNKNOWN, None, "Microsoft Exchange 2010")],
        ..private("XSHADOW", &["Microsoft Exchange 2010"], "shadow redundancy")
    },
    Extension { verbs: &["XSHADOWREQUEST"], ..private("XSHADOWREQUEST", &["Microsoft Exchange 2013"], "shadow redundancy") },
    Extension { verbs: &["XPROXY"], ..private("XPROXY", &["Microsoft Exchange 2013"], "sessions handed on between Exchange servers") },
    Extension { verbs: &["XPROXYFROM"], ..private("XPROXYFROM", &["Microsoft Exchange 2013"], "sessions handed on between Exchange servers") },
    Extension {
        parameters: &[parameter(Mail, "XOORG", UNKNOWN, None, "Microsoft Exchange 2010")],
        ..private("XOORG", &["Microsoft Exchange 2010"], "MAIL may name the originating organisation")
    },
    Extension {
        parameters: &[parameter(Mail, "XSYSPROBE", UNKNOWN, None, "Microsoft Exchange 2013")],
        ..private("XSYSPROBE", &["Microsoft Exchange 2013"], "probe messages of Exchange")
    },
    private("XLONGADDR", &["Microsoft Exchange"], "addresses longer than the limits"),
    Extension {
        parameters: &[parameter(Rcpt, "XORAR", UNKNOWN, None, "Microsoft Exchange")],
        ..private("XORAR", &["Microsoft Exchange"], "RCPT may name an alternate recipient")
    },
    Extension { verbs: &["XSESSIONPARAMS"], ..private("XSESSIONPARAMS", &["Microsoft Exchange 2013"], "parameters of delivery to a mailbox") },

    // Others
    Extension {
        argument: Value::new(Required, "32 hexadecimal digits", values::loop_mark),
        ..private("XLOOP", &["Oracle Messaging Server"], "a mark that finds loops")
    },
    Extension {
        parameters: &[parameter(Rcpt, "XRCPTFORWARD", Value::new(Required, "base64", values::base64), None, "Dovecot")],
        ..private("XRCPTFORWARD", &["Dovecot"], "what a proxy hands on for a recipient (LMTP)")
    },
    Extension {
        parameters: &[parameter(Rcpt, "IGNOREQUOTA", NOTHING, None, "Cyrus")],
        ..private("IGNOREQUOTA", &["Cyrus"], "RCPT may ask to ignore the quota (LMTP)")
    },
    private("XONE", &["RFC 1869 §8"], "an example of that RFC"),
    private("XVRB", &["RFC 1869 §8"], "an example of that RFC"),
];
