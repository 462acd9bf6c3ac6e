//! The same keyword twice in one list.

use super::evidence::words;
use crate::{
    rules::{Case, Findings, masked::is_masked, quoted, rule},
    session::Keyword,
};

rule! {
    /// The reply to EHLO lists a keyword twice.
    ///
    /// Which of the lines counts is nowhere said: some clients take the first, some the last. `AUTH` and
    /// `AUTH=` with the same mechanisms are a known courtesy to old clients.
    ///
    /// ## What to do
    /// Correct the server's configuration; two machines that each add to the list are a usual reason.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-SIZE 1000
    ///   S: 250-STARTTLS
    /// ! S: 250 SIZE 2000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-STARTTLS
    ///   S: 250-AUTH CRAM-MD5
    ///   S: 250 AUTH=CRAM-MD5
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "keyword-repeated", Extension, Note, Server,
    ["RFC 5321 §4.1.1.1"], SINCE_2821,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    for offer in &session.offers {
        for (place, keyword) in offer.keywords.iter().enumerate() {
            let same = |other: &&Keyword<'_>| other.keyword.eq_ignore_ascii_case(keyword.keyword);
            let Some(first) = offer.keywords.iter().take(place).find(same) else { continue };
            let auth = keyword.keyword.eq_ignore_ascii_case(b"AUTH")
                || keyword.keyword.eq_ignore_ascii_case(b"X-EXPS");
            // Several AUTH lines with one mechanism each, or the old form beside the new one, are read alike
            // by every client.
            if is_masked(keyword.keyword) || (auth && !words(first).eq(words(keyword))) {
                continue;
            }
            let Some(turn) = session.turn(keyword.turn) else { continue };
            if auth && is_old_form(session.transcript.text(turn))
                || session
                    .turn(first.turn)
                    .is_some_and(|turn| auth && is_old_form(session.transcript.text(turn)))
            {
                continue;
            }
            findings
                .on_turn(turn, format!("{} stands twice in the list", quoted(keyword.keyword)))
                .help("list each keyword once")
                .done();
        }
    }
}

fn is_old_form(line: &[u8]) -> bool {
    line.contains(&b'=')
}
