//! Keywords of another time.

use crate::{
    grammar::{ehlo_line, phrase},
    protocol::extensions::{self, Status},
    rules::{Case, Findings, Of, Wakes, quoted, rule},
};

rule! {
    /// The server lists a keyword that was withdrawn, or writes one in a form from before its RFC.
    ///
    /// `AUTH=LOGIN` helped mail programs of the nineties; ONEX, VERB and XUSR belong to Sendmail's past. They
    /// harm nobody, and tell how old a configuration is.
    ///
    /// ## What to do
    /// Nothing, or switch them off: `broken_sasl_auth_clients = no` in Postfix.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-STARTTLS
    /// ! S: 250 AUTH=CRAM-MD5
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-STARTTLS
    ///   S: 250 AUTH CRAM-MD5
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "keyword-obsolete", Extension, Note, Server,
    ["RFC 4954 §3", "RFC 5321 §F"], SINCE_2821,
    check, wakes: Wakes::line(|told| told.of == Of::Keyword && may_be_obsolete(told.text))
}

/// Whether a line holds a keyword that was withdrawn, or the old form of one.
fn may_be_obsolete(text: &[u8]) -> bool {
    let name = ehlo_line(text.trim_ascii()).keyword;
    memchr::memchr(b'=', text).is_some()
        || GONE.iter().any(|gone| name.eq_ignore_ascii_case(gone.as_bytes()))
        || extensions::find(name)
            .is_some_and(|known| matches!(known.status, Status::Historic | Status::Obsolete))
}

/// Private keywords of Sendmail that went with version 8.
const GONE: &[&str] = &["ONEX", "VERB", "XUSR"];

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    for keyword in session.offers.iter().flat_map(|offer| &offer.keywords) {
        let Some(turn) = session.turn(keyword.turn) else { continue };
        let text = session.transcript.text(turn);
        let gone = GONE.iter().any(|name| keyword.keyword.eq_ignore_ascii_case(name.as_bytes()))
            || extensions::find(keyword.keyword)
                .is_some_and(|known| matches!(known.status, Status::Historic | Status::Obsolete));
        let old_form = text.contains(&b'=')
            && ["AUTH=", "X-EXPS=", "SIZE="].iter().any(|form| {
                let keyword_here = keyword.keyword.len() + 1 == form.len();
                keyword_here && phrase::contains(text, form.as_bytes())
            });
        let message = if old_form {
            let name = [keyword.keyword, b"="].concat();
            format!("{} is a form from before the extension's RFC", quoted(&name))
        } else if gone {
            format!("{} was withdrawn", quoted(keyword.keyword))
        } else {
            continue;
        };
        findings.on_turn(turn, message).help("switch it off where no old client needs it").done();
    }
}
