//! A parameter of MAIL or RCPT has the form that its RFC gives it.

use super::evidence;
use crate::{
    grammar::Argument,
    protocol::extensions,
    rules::{Case, Findings, Wakes, quoted, rule},
};

rule! {
    /// A parameter of MAIL or RCPT is malformed.
    ///
    /// A parameter is a keyword, or a keyword, an equal sign and a value without spaces; each extension says what its
    /// values look like. The server answers 501 or 555, and the transaction does not begin.
    ///
    /// ## What to do
    /// Correct the value; the message shows the form.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: MAIL FROM:<a@client.example> SIZE=abc
    ///   S: 501 5.5.4 Bad message size syntax
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example> SIZE=1000
    ///   S: 250 2.1.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "parameter-malformed", Syntax, Warning, Client,
    ["RFC 1869 §6", "RFC 2821 §4.1.2", "RFC 5321 §4.1.2", "RFC 5321 §4.1.1.11"], SINCE_2821,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    chunks(case, findings);
    for (exchange, said, argument) in evidence::paths(case) {
        if argument.tail.is_empty() || evidence::is_redacted(said.parsed.argument) {
            continue;
        }
        let Some(id) = exchange.id() else { continue };
        for param in &argument.params {
            let rule_of_it = extensions::parameter(id, param.name, param.value);
            let looks_like = match rule_of_it {
                Some((_, row)) if !row.accepts(param.value) => row.value.looks_like,
                None if param.value.is_some_and(<[u8]>::is_empty) && exchange.refused() => {
                    "something after the equal sign"
                }
                _ => continue,
            };
            findings
                .on(param.raw, format!("the parameter {} is malformed", quoted(param.raw)))
                .help(format!(
                    "the value of {} is {looks_like}",
                    String::from_utf8_lossy(param.name)
                ))
                .party(evidence::who(case))
                .done();
        }
        let Some(junk) = argument.junk.first() else { continue };
        // What an accepted command carries behind its path may be somebody's remark in the record.
        if matches!(exchange.code(), 501 | 504 | 555) && argument.path.is_bracketed() {
            findings
                .on(junk, format!("{} is no parameter", quoted(junk)))
                .help("parameters are KEYWORD or KEYWORD=value, parted by single spaces")
                .party(evidence::who(case))
                .done();
        }
    }
}

/// BDAT: the size of the chunk, and LAST.
fn chunks(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, said) in evidence::commands(case) {
        let Argument::Bdat(bdat) = &said.parsed.detail else { continue };
        if bdat.size.is_empty() || evidence::is_redacted(said.parsed.argument) {
            continue;
        }
        let wrong = if bdat.octets().is_none() { bdat.size } else { bdat.junk };
        if wrong.is_empty() || !exchange.refused() {
            continue;
        }
        findings
            .on(wrong, format!("{} is no size of a chunk, nor LAST", quoted(wrong)))
            .help("BDAT takes the chunk's octets in decimal digits, and LAST behind a space")
            .party(evidence::who(case))
            .done();
    }
}
