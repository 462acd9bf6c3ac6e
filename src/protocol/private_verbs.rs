//! Verbs that no RFC defines: those of vendors, of old servers, of attackers, and of HTTP.

use super::Clause;
use super::verbs::{
    Argument::{self, None as Nothing, Optional, Required},
    Kind::{self, Historic, Hole, Http, Private},
    Pipelining::{Anywhere, Last, Unknown},
    Verb, VerbId, verb,
};

/// A row of a verb of which little more than the name is known.
const fn name_only(name: &'static str, kind: Kind, defined_by: &'static [Clause]) -> Verb {
    Verb { defined_by, ..verb(name, VerbId::Other, kind, Argument::Unknown, Unknown, "") }
}

/// The verbs that no RFC defines.
#[rustfmt::skip]
pub(super) const PRIVATE_VERBS: &[Verb] = &[
    // Private verbs that dialogues of today show.
    Verb {
        syntax: "XCLIENT attribute=value ...",
        keyword: Some("XCLIENT"),
        defined_by: &["Postfix XCLIENT_README"],
        ..verb("XCLIENT", VerbId::Xclient, Private, Required, Anywhere, "a proxy tells the server who the real client is")
    },
    Verb {
        syntax: "XFORWARD attribute=value ...",
        keyword: Some("XFORWARD"),
        defined_by: &["Postfix XFORWARD_README"],
        ..verb("XFORWARD", VerbId::Xforward, Private, Required, Anywhere, "a content filter tells the server whom to log as the client")
    },
    Verb {
        syntax: "X-EXPS mechanism [initial-response]",
        keyword: Some("X-EXPS"),
        defined_by: &["Microsoft Exchange 2000"],
        ..verb("X-EXPS", VerbId::XExps, Private, Required, Last, "AUTH between Exchange servers")
    },
    Verb {
        keyword: Some("X-ANONYMOUSTLS"),
        defined_by: &["Microsoft Exchange 2007"],
        ..verb("X-ANONYMOUSTLS", VerbId::XAnonymoustls, Private, Nothing, Last, "STARTTLS between Exchange servers, without a trusted certificate")
    },
    Verb {
        syntax: "XEXCH50 octets n",
        keyword: Some("XEXCH50"),
        defined_by: &["Microsoft Exchange 5.5"],
        ..verb("XEXCH50", VerbId::Xexch50, Private, Required, Last, "announces message properties as so many octets, which follow a 354")
    },
    Verb {
        syntax: "X-LINK2STATE FIRST|NEXT|LAST CHUNK={...}",
        keyword: Some("X-LINK2STATE"),
        defined_by: &["Microsoft Exchange 2000"],
        ..verb("X-LINK2STATE", VerbId::XLink2state, Private, Required, Unknown, "carries the link states of Exchange routing")
    },
    Verb {
        syntax: "XSHADOW server",
        keyword: Some("XSHADOW"),
        defined_by: &["Microsoft Exchange 2010"],
        ..verb("XSHADOW", VerbId::Xshadow, Private, Required, Unknown, "asks for shadow redundancy")
    },
    Verb {
        syntax: "XSHADOWREQUEST [server]",
        keyword: Some("XSHADOWREQUEST"),
        defined_by: &["Microsoft Exchange 2013"],
        ..verb("XSHADOWREQUEST", VerbId::Xshadowrequest, Private, Optional, Unknown, "asks for shadow redundancy")
    },
    Verb {
        syntax: "XQDISCARD n",
        keyword: Some("XSHADOW"),
        defined_by: &["Microsoft Exchange 2010"],
        ..verb("XQDISCARD", VerbId::Xqdiscard, Private, Required, Unknown, "asks which shadow copies may be dropped")
    },
    Verb {
        syntax: "XPROXY SID=.. IP=.. PORT=.. DOMAIN=..",
        keyword: Some("XPROXY"),
        defined_by: &["Microsoft Exchange 2013"],
        ..verb("XPROXY", VerbId::Xproxy, Private, Required, Unknown, "hands a session from front end to back end")
    },
    Verb {
        syntax: "XPROXYFROM SID=.. IP=.. PORT=.. DOMAIN=..",
        keyword: Some("XPROXYFROM"),
        defined_by: &["Microsoft Exchange 2013"],
        ..verb("XPROXYFROM", VerbId::Xproxyfrom, Private, Required, Unknown, "the front end tells who the real client is")
    },
    Verb {
        keyword: Some("XPROXYTO"),
        defined_by: &["Microsoft Exchange 2013"],
        ..verb("XPROXYTO", VerbId::Xproxyto, Private, Required, Unknown, "hands a session on")
    },
    Verb {
        syntax: "XSESSIONPARAMS MDBGUID=..",
        keyword: Some("XSESSIONPARAMS"),
        defined_by: &["Microsoft Exchange 2013"],
        ..verb("XSESSIONPARAMS", VerbId::Xsessionparams, Private, Required, Unknown, "names the mailbox database")
    },
    Verb {
        keyword: Some("VERB"),
        defined_by: &["Sendmail srvrsmtp.c"],
        ..verb("VERB", VerbId::Verb, Private, Nothing, Last, "asks for verbose replies, lines with code 050")
    },
    Verb {
        keyword: Some("ONEX"),
        defined_by: &["Sendmail srvrsmtp.c"],
        ..verb("ONEX", VerbId::Onex, Private, Nothing, Last, "announces a session of one transaction")
    },
    Verb {
        keyword: Some("XUSR"),
        defined_by: &["Sendmail srvrsmtp.c"],
        ..verb("XUSR", VerbId::Xusr, Private, Nothing, Last, "announces mail that a user submits")
    },
    Verb {
        syntax: "WELLKNOWN path",
        keyword: Some("WELLKNOWN"),
        defined_by: &["Exim smtp_in.c"],
        ..verb("WELLKNOWN", VerbId::Wellknown, Private, Required, Last, "fetches a well-known file")
    },

    // Verbs of which only the name is known.
    name_only("EMAL", Historic, &["early ESMTP drafts"]),
    name_only("ESAM", Historic, &["early ESMTP drafts"]),
    name_only("ESND", Historic, &["early ESMTP drafts"]),
    name_only("ESOM", Historic, &["early ESMTP drafts"]),
    name_only("EVFY", Historic, &["early ESMTP drafts"]),
    name_only("XADR", Historic, &["PMDF"]),
    name_only("XCIR", Historic, &["PMDF"]),
    name_only("XGEN", Historic, &["PMDF"]),
    name_only("XSTA", Historic, &["PMDF"]),
    name_only("XAUTH", Historic, &["old servers"]),
    name_only("XQUE", Historic, &["old servers"]),
    name_only("XTRN", Historic, &["old servers"]),
    name_only("XLICENSE", Historic, &["old servers"]),
    name_only("X-ADAT", Historic, &["old servers"]),
    name_only("X-DRCP", Historic, &["old servers"]),
    name_only("X-ERCP", Historic, &["old servers"]),
    name_only("X-EXCH50", Historic, &["Microsoft Exchange 5.5"]),
    name_only("XREMOTEQUEUE", Historic, &["old servers"]),
    name_only("QUEU", Historic, &["old servers"]),
    name_only("IDENT", Historic, &["old servers"]),
    name_only("TICK", Historic, &["old servers"]),
    name_only("TIME", Historic, &["old servers"]),
    name_only("TURNME", Historic, &["old servers"]),
    name_only("XACK", Historic, &["PowerMTA"]),
    name_only("XDFN", Historic, &["PowerMTA"]),
    name_only("XMRG", Historic, &["PowerMTA"]),
    name_only("XPRT", Historic, &["PowerMTA"]),
    name_only("XJOB", Historic, &["PowerMTA"]),
    name_only("XVRP", Historic, &["PowerMTA"]),
    name_only("XDUMPCONTEXT", Historic, &["Momentum"]),
    name_only("XSET", Historic, &["Momentum"]),
    name_only("MRSQ", Historic, &["RFC 780"]),
    name_only("MRCP", Historic, &["RFC 780"]),
    name_only("CONT", Historic, &["RFC 780"]),
    name_only("ABRT", Historic, &["RFC 780"]),
    name_only("DEBUG", Hole, &["Sendmail before 5.59"]),
    name_only("WIZ", Hole, &["Sendmail before 5.59"]),
    name_only("KILL", Hole, &["Sendmail before 5.59"]),
    name_only("SHOWQ", Hole, &["Sendmail 8 debug verbs"]),
    name_only("SHOWCACHE", Hole, &["Sendmail 8 debug verbs"]),
    name_only("GET", Http, &["RFC 9110 §9.3.1"]),
    name_only("POST", Http, &["RFC 9110 §9.3.3"]),
    name_only("HEAD", Http, &["RFC 9110 §9.3.2"]),
    name_only("PUT", Http, &["RFC 9110 §9.3.4"]),
    name_only("CONNECT", Http, &["RFC 9110 §9.3.6"]),
    name_only("OPTIONS", Http, &["RFC 9110 §9.3.7"]),
    name_only("HOST:", Http, &["RFC 9110 §7.2"]),
    name_only("USER-AGENT:", Http, &["RFC 9110 §10.1.5"]),
];
