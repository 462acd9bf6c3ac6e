//! A parameter of an extension that was not offered.

use super::evidence::{Offered, commands, may_have, offered};
use crate::{
    grammar::Param,
    protocol::{extensions, verbs::VerbId},
    rules::{Case, Findings, quoted, rule},
    session::Offer,
};

rule! {
    /// MAIL or RCPT carries a parameter of an extension which the server had not offered.
    ///
    /// A server that does not know a parameter refuses the command with 555 (or 501, 503, 504), or ignores
    /// it: then nobody does what the client counts on.
    ///
    /// ## What to do
    /// Send only parameters whose keyword stands in the reply to the EHLO in force; after STARTTLS that is the
    /// second one. Behind a server that offers less, do without, or refuse to send.
    ///
    /// ## Flags
    /// ```smtp also=refused,policy-rejected,sender-rejected,server-error
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 8BITMIME
    /// ! C: MAIL FROM:<a@client.example> SIZE=1000 BODY=8BITMIME
    ///   S: 555 5.5.4 Unsupported option: SIZE=1000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-SIZE 10240000
    ///   S: 250 8BITMIME
    ///   C: MAIL FROM:<a@client.example> SIZE=1000 BODY=8BITMIME
    ///   S: 250 2.1.0 Ok
    ///   C: RSET
    ///   S: 250 2.0.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "parameter-unadvertised", Extension, Warning, Client,
    ["RFC 1869 §6", "RFC 2821 §4.1.1.11", "RFC 5321 §4.1.1.11"], SINCE_2821,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for exchange in commands(case) {
        let path = exchange.command.as_ref().and_then(|said| said.parsed.path());
        let Some(path) = path.filter(|path| !path.params.is_empty()) else { continue };
        let Some(id) = exchange.id() else { continue };
        let list = match offered(case, exchange) {
            Some(Offered::List(offer)) => Some(offer),
            Some(Offered::Nothing) => None,
            _ => continue,
        };
        for param in &path.params {
            let Some(wanted) = missing(list, id, param) else { continue };
            let name = quoted(param.raw);
            let message = match list {
                Some(_) => format!("{name} needs {wanted}, which the server had not offered"),
                None => format!("{name} needs {wanted}; after HELO no extension is on offer"),
            };
            findings
                .on(param.raw, message)
                .help("send only parameters whose keyword the reply to EHLO lists")
                .done();
        }
    }
}

/// The keyword that a parameter needs, unless it was offered.
fn missing(list: Option<&Offer<'_>>, command: VerbId, param: &Param<'_>) -> Option<String> {
    let has = |keyword: &str| list.is_some_and(|offer| may_have(offer, keyword));
    let Some((extension, _)) = extensions::parameter(command, param.name, param.value) else {
        // A parameter that no document knows; vendors name the keyword like the parameter. Words of prose
        // behind an address are none.
        let name = std::str::from_utf8(param.name).ok()?;
        let vendor = param.value.is_some() && name.len() > 1;
        return (vendor && list.is_some() && !has(name)).then(|| name.to_ascii_uppercase());
    };
    if has(extension.keyword) {
        return None;
    }
    Some(extension.keyword.to_owned())
}
