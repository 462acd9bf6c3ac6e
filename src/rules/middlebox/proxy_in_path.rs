//! A proxy answers in the server's place.

use std::sync::LazyLock;

use crate::{
    grammar::{Phrases, phrase},
    rules::{Case, Confidence, Findings, Of, Wakes, quoted, rule},
    session::Kind,
};

rule! {
    /// The words of a desktop anti-virus or a gateway stand where the server's should.
    ///
    /// What the client talks to is not the server but a program between them: it rewrites the list of
    /// keywords, answers some commands itself and shows a certificate of its own. Faults that it makes
    /// look like the server's.
    ///
    /// ## What to do
    /// Switch the product's mail scanning off for a test; update it, or leave the port out of it.
    ///
    /// ## Flags
    /// ```smtp
    /// ! S: 220 mx.example.net ESMTP avast! SMTP proxy ready.
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP ready
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 Bye
    /// ```
    "proxy-in-path", Middlebox, Warning, Middlebox,
    ["RFC 5321 §3.7", "RFC 2821 §3.8"], ALL_EDITIONS,
    check, wakes: Wakes::line(|told| (told.of == Of::Greeting || told.may_refuse()) && NAMED.any(told.text))
}

/// Where a product's words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Greeting,
    /// In a reply with code 421.
    Dismissal,
    Anywhere,
}

/// Words by which a product gives itself away; matched in any case.
const PRODUCTS: &[(&str, Where, &str)] = &[
    ("avast! smtp proxy", Where::Greeting, "the mail shield of Avast"),
    ("in avast! exceeded", Where::Anywhere, "the mail shield of Avast"),
    (
        "cannot connect to smtp server",
        Where::Dismissal,
        "a mail shield on the client's own machine",
    ),
    ("avg esmtp proxy", Where::Greeting, "the mail scanner of AVG"),
    ("bitdefender smtp proxy", Where::Greeting, "the mail scanner of BitDefender"),
    ("interscan version", Where::Greeting, "Trend Micro InterScan"),
    ("checkpoint firewall-1 secure", Where::Greeting, "Check Point FireWall-1"),
    ("symantec mail security", Where::Greeting, "Symantec Mail Security"),
    ("norton antivirus", Where::Greeting, "Norton AntiVirus"),
    ("mailmarshal", Where::Greeting, "MailMarshal"),
    ("esafe", Where::Greeting, "eSafe"),
    ("[f-secure internet gatekeeper]", Where::Anywhere, "F-Secure Internet Gatekeeper"),
    ("content blocked by palo alto", Where::Anywhere, "a Palo Alto firewall"),
    ("sonicwall", Where::Greeting, "SonicWALL"),
];

static NAMED: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new(&PRODUCTS.iter().map(|(words, ..)| *words).collect::<Vec<_>>()));

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, exchange) in case.exchanges() {
        let Some(reply) = &exchange.reply else { continue };
        let greeting = exchange.kind == Kind::Greeting;
        if !greeting && !reply.is_refusal() {
            continue;
        }
        if !NAMED.any(reply.text) {
            continue;
        }
        let found = PRODUCTS.iter().find(|(words, place, _)| {
            (greeting || *place != Where::Greeting)
                && (reply.code == 421 || *place != Where::Dismissal)
                && phrase::contains(reply.text, words.as_bytes())
        });
        let Some((_, _, product)) = found else { continue };
        findings
            .on_reply(reply, format!("{product} answers in the server's place: {}", quoted(reply.text)))
            .help("switch its mail scanning off for a test; then update it, or leave this port out of it")
            .confidence(Confidence::Likely)
            .done();
        return;
    }
}
