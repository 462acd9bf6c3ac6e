//! A line of the EHLO reply that breaks its grammar.

use crate::{
    grammar::ehlo_line,
    protocol::extensions::{self, Presence, Status},
    rules::{Case, Findings, Of, Severity, Told, Wakes, masked::is_masked, quoted, rule},
};

rule! {
    /// A keyword of the reply to EHLO, or what follows it, is not as the grammar or its RFC has it.
    ///
    /// Clients skip what they do not understand, so the extension is lost, or they take the line for something
    /// else.
    ///
    /// ## What to do
    /// Correct the server's configuration, or its software. A keyword has letters, digits and hyphens;
    /// `explain` shows what may follow it.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    /// ! S: 250-SIZE 10M
    ///   S: 250 STARTTLS
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-SIZE
    ///   S: 250-XVERP
    ///   S: 250-AUTH=LOGIN PLAIN
    ///   S: 250-LIMITS RCPTMAX=20
    ///   S: 250 STARTTLS
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "keyword-malformed", Extension, Warning, Server,
    ["RFC 1869 §4.3", "RFC 2821 §4.1.1.1", "RFC 5321 §4.1.1.1"], SINCE_2821,
    check, wakes: Wakes::line(may_be_malformed)
}

/// Whether a line may hold a keyword that is none, or what may not follow it.
fn may_be_malformed(told: &Told<'_>) -> bool {
    if told.of != Of::Keyword {
        return false;
    }
    let keyword = ehlo_line(told.text.trim_ascii());
    let legal = keyword.keyword.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
        && keyword.keyword.first() != Some(&b'-');
    let fits = |known: &extensions::Extension| {
        let value = keyword.params_text.trim_ascii().to_ascii_uppercase();
        known.argument.accepts((!value.is_empty()).then_some(value.as_slice()))
    };
    !legal || extensions::find(keyword.keyword).is_some_and(|known| !fits(known))
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    // Of a list whose beginning is missing, the first line may be the server's name.
    for offer in session.offers.iter().filter(|offer| offer.exchange.is_some()) {
        for keyword in &offer.keywords {
            if !case.is_sure() || is_masked(keyword.keyword) {
                continue;
            }
            let Some(turn) = session.turn(keyword.turn) else { continue };
            let legal =
                keyword.keyword.iter().enumerate().all(|(place, octet)| {
                    octet.is_ascii_alphanumeric() || *octet == b'-' && place > 0
                });
            if !legal {
                // Exim and others offered experiments with an underscore; clients skip them.
                let harmless = keyword.keyword.contains(&b'_') && keyword.keyword.is_ascii();
                let severity = if harmless { Severity::Note } else { Severity::Warning };
                findings
                    .on_turn(
                        turn,
                        format!(
                            "{} is no keyword: only letters, digits and hyphens may stand in it",
                            quoted(keyword.keyword)
                        ),
                    )
                    .help("correct what the server offers")
                    .severity(severity)
                    .done();
                continue;
            }
            let Some(known) = extensions::find(keyword.keyword) else { continue };
            // Nearly every keyword is told here.
            if keyword.params.trim_ascii().is_empty() && known.argument.accepts(None) {
                continue;
            }
            let text = session.transcript.text(turn).trim_ascii();
            let line = crate::grammar::reply_line(text).map_or(text, |line| line.text);
            // `AUTH=LOGIN` is a form of its own, and vendors' keywords have no document to keep to.
            if known.status == Status::Private || ehlo_line(line.trim_ascii()).equals_form {
                continue;
            }
            let words: Vec<&[u8]> = super::evidence::words(keyword).collect();
            let value = words.join(&b' ').to_ascii_uppercase();
            if value.iter().any(|octet| matches!(octet, b'*' | b'[' | b'<')) {
                continue;
            }
            let given = (!value.is_empty()).then_some(value.as_slice());
            if known.argument.accepts(given) {
                continue;
            }
            // Exchange lists AUTH without any mechanism where it has none for this client.
            let empty = given.is_none() && known.argument.presence == Presence::Required;
            let message = if empty {
                format!(
                    "{} stands without what has to follow it: {}",
                    quoted(keyword.keyword),
                    known.argument.looks_like
                )
            } else {
                format!(
                    "{} may be followed by {}, not by {}",
                    quoted(keyword.keyword),
                    known.argument.looks_like,
                    quoted(keyword.params)
                )
            };
            let severity = if empty { Severity::Note } else { Severity::Warning };
            findings
                .on_turn(turn, message)
                .help(format!("correct what the server offers ({})", known.clause()))
                .severity(severity)
                .done();
        }
    }
}
