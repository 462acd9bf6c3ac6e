//! Everything that the program believes about SMTP, as one document: `explain --all --format json`.
//!
//! Client authors read it, and whoever checks it against the RFCs.

use serde::Serialize;

use crate::protocol::codes::CODES;
use crate::protocol::enhanced::ENHANCED;
use crate::protocol::extensions::{self, Extension};
use crate::protocol::limits::{INCREMENTS, SIZES, TIMEOUTS};
use crate::protocol::mechanisms::MECHANISMS;
use crate::protocol::replies::{self, ANY_COMMAND, Document};
use crate::protocol::verbs::{self, Argument, Kind, Pipelining, Verb, VerbId};
use crate::protocol::{Clause, Edition};

/// The document.
#[derive(Debug, Serialize)]
pub struct Tables {
    /// The rules, which their own room knows.
    pub rules: Vec<RuleRow>,
    /// The commands, and the greeting as `<connect>`.
    pub verbs: Vec<VerbRow>,
    /// What may answer any command.
    pub any_command: Vec<AnyCommandRow>,
    /// The reply codes.
    pub codes: Vec<CodeRow>,
    /// The enhanced status codes.
    pub enhanced: Vec<EnhancedRow>,
    /// The keywords of the EHLO reply.
    pub extensions: Vec<ExtensionRow>,
    /// The SASL mechanisms.
    pub mechanisms: Vec<MechanismRow>,
    /// The size limits.
    pub limits: Vec<LimitRow>,
    /// What extensions add to the length of a command line.
    pub increments: Vec<IncrementRow>,
    /// How long a client waits.
    pub timeouts: Vec<TimeoutRow>,
}

/// One rule.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the report's findings")]
pub struct RuleRow {
    pub name: &'static str,
    pub family: &'static str,
    pub severity: &'static str,
    pub summary: String,
    pub references: Vec<String>,
}

/// One command.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of protocol::verbs::Verb")]
pub struct VerbRow {
    pub verb: &'static str,
    pub does: &'static str,
    pub kind: &'static str,
    pub syntax: &'static str,
    pub argument: &'static str,
    pub pipelining: &'static str,
    pub required: Vec<&'static str>,
    pub keyword: Option<&'static str>,
    pub defined_by: &'static [Clause],
    pub obsolete: Option<Clause>,
    pub replies: Vec<ReplyRow>,
    pub vendor_replies: Vec<VendorReplyRow>,
}

/// The codes that a document lists for a command.
#[derive(Debug, Serialize)]
pub struct ReplyRow {
    /// The number of the RFC.
    pub edition: String,
    /// `command`, `data` or `exchange`.
    pub phase: &'static str,
    /// The codes.
    pub codes: &'static [u16],
    /// Where.
    pub clause: Clause,
}

/// The codes with which a vendor's servers answer beyond any RFC.
#[derive(Debug, Serialize)]
pub struct VendorReplyRow {
    /// Who.
    pub vendor: &'static str,
    /// `command`, `data` or `exchange`.
    pub phase: &'static str,
    /// The codes.
    pub codes: &'static [u16],
    /// Where it was seen.
    pub source: Clause,
}

/// What may answer any command.
#[derive(Debug, Serialize)]
pub struct AnyCommandRow {
    /// The number of the RFC.
    pub edition: String,
    /// The codes.
    pub codes: &'static [u16],
    /// The condition.
    pub when: &'static str,
    /// The commands that it holds for; empty: every one.
    pub only: Vec<&'static str>,
    /// The commands that it does not hold for.
    pub except: Vec<&'static str>,
    /// Where.
    pub clause: Clause,
}

/// One reply code.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of protocol::codes::CodeFact")]
pub struct CodeRow {
    pub code: u16,
    pub status: &'static str,
    pub meaning: &'static str,
    pub note: &'static str,
    pub editions: Vec<String>,
    pub clause: Clause,
}

/// One enhanced status code.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of protocol::enhanced::EnhancedFact")]
pub struct EnhancedRow {
    pub code: String,
    pub title: &'static str,
    pub meaning: &'static str,
    pub codes: &'static [u16],
    pub classes: &'static [u8],
    pub registered: bool,
    pub clause: Clause,
}

/// One keyword.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of protocol::extensions::Extension")]
pub struct ExtensionRow {
    pub keyword: &'static str,
    pub status: &'static str,
    pub offers: &'static str,
    pub argument: &'static str,
    pub verbs: &'static [&'static str],
    pub parameters: Vec<ParameterRow>,
    pub needs: &'static [&'static str],
    pub notes: &'static [&'static str],
    pub defined_by: &'static [Clause],
    pub clause: Clause,
}

/// One parameter of a command.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of protocol::extensions::Parameter")]
pub struct ParameterRow {
    pub command: &'static str,
    pub name: &'static str,
    pub value: &'static str,
    pub longest: Option<usize>,
    pub clause: Clause,
}

/// One SASL mechanism.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of protocol::mechanisms::Mechanism")]
pub struct MechanismRow {
    pub name: &'static str,
    pub plaintext: bool,
    pub client_first: bool,
    pub challenges: u8,
    pub obsolete: bool,
    pub clause: Clause,
}

/// One size limit in one edition.
#[derive(Debug, Serialize)]
pub struct LimitRow {
    /// Of what.
    pub object: &'static str,
    /// The number of the edition.
    pub edition: &'static str,
    /// Octets; for recipients their number.
    pub limit: u32,
    /// Where.
    pub clause: Clause,
}

/// What an extension adds to the length of a command line.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of protocol::limits::Increment")]
pub struct IncrementRow {
    pub keyword: &'static str,
    pub command: &'static str,
    pub octets: u32,
    pub clause: Clause,
}

/// How long a client waits for a reply.
#[derive(Debug, Serialize)]
pub struct TimeoutRow {
    /// The command.
    pub command: &'static str,
    /// `command` or `data`.
    pub phase: &'static str,
    /// Seconds.
    pub seconds: u64,
    /// Where.
    pub clause: Clause,
}

/// The document, with the rules as their room gives them.
pub fn tables(rules: Vec<RuleRow>) -> Tables {
    let greeting = VerbRow {
        kind: "pseudo",
        does: "the connection, which the greeting answers",
        ..without_row(VerbId::Connect)
    };
    let commands = verbs::all().filter(|verb| verb.is_smtp()).map(verb_row);
    Tables {
        rules,
        verbs: std::iter::once(greeting).chain(commands).collect(),
        any_command: ANY_COMMAND.iter().map(any_command_row).collect(),
        codes: CODES.iter().map(code_row).collect(),
        enhanced: ENHANCED.iter().map(enhanced_row).collect(),
        extensions: extensions::all().map(extension_row).collect(),
        mechanisms: MECHANISMS.iter().map(mechanism_row).collect(),
        limits: SIZES.iter().flat_map(limit_rows).collect(),
        increments: INCREMENTS.iter().map(increment_row).collect(),
        timeouts: TIMEOUTS.iter().map(timeout_row).collect(),
    }
}

/// The name of a command in the tables.
pub(super) fn verb_name(id: VerbId) -> &'static str {
    match verbs::get(id) {
        Some(verb) => verb.name,
        None if id == VerbId::Connect => "<connect>",
        None => "",
    }
}

fn verb_row(verb: &'static Verb) -> VerbRow {
    VerbRow {
        does: verb.does,
        kind: match verb.kind {
            Kind::Base => "base",
            Kind::Lmtp => "lmtp",
            Kind::Extension => "extension",
            Kind::Private => "private",
            Kind::Historic => "historic",
            Kind::Hole => "hole",
            Kind::Http => "http",
        },
        syntax: verb.syntax,
        argument: match verb.argument {
            Argument::None => "none",
            Argument::Optional => "optional",
            Argument::Required => "required",
            Argument::Unknown => "unknown",
        },
        pipelining: match verb.pipelining {
            Pipelining::Anywhere => "anywhere",
            Pipelining::Last => "last",
            Pipelining::LastUnless => "last-unless",
            Pipelining::Unknown => "unknown",
        },
        required: verb.required.iter().map(|edition| edition.as_str()).collect(),
        keyword: verb.keyword,
        defined_by: verb.defined_by,
        obsolete: verb.obsolete,
        ..without_row(verb.id)
    }
}

/// Name and replies, which also the greeting has.
fn without_row(id: VerbId) -> VerbRow {
    let mut listed = Vec::new();
    let mut vendors = Vec::new();
    for row in replies::rows(id) {
        let (phase, codes) = (row.phase.as_str(), row.codes);
        match row.by {
            Document::Vendor(vendor) => {
                vendors.push(VendorReplyRow { vendor, phase, codes, source: row.clause });
            }
            by => listed.push(ReplyRow { edition: number(by), phase, codes, clause: row.clause }),
        }
    }
    VerbRow {
        verb: verb_name(id),
        does: "",
        kind: "",
        syntax: "",
        argument: "none",
        pipelining: "unknown",
        required: Vec::new(),
        keyword: None,
        defined_by: &["RFC 821 §4.3", "RFC 2821 §4.3.2", "RFC 5321 §4.3.2"],
        obsolete: None,
        replies: listed,
        vendor_replies: vendors,
    }
}

fn number(by: Document) -> String {
    match by {
        Document::Edition(edition) => edition.as_str().to_owned(),
        Document::Rfc(number) => number.to_string(),
        Document::Vendor(vendor) => vendor.to_owned(),
    }
}

fn any_command_row(row: &'static replies::AnyCommand) -> AnyCommandRow {
    let names = |ids: &[VerbId]| ids.iter().map(|id| verb_name(*id)).collect();
    AnyCommandRow {
        edition: number(row.by),
        codes: row.codes,
        when: row.when.describe(),
        only: names(row.only),
        except: names(row.except),
        clause: row.clause,
    }
}

fn code_row(fact: &'static crate::protocol::codes::CodeFact) -> CodeRow {
    let editions = fact.editions.iter().map(|edition| edition.number());
    CodeRow {
        code: fact.code,
        status: fact.status.as_str(),
        meaning: fact.meaning,
        note: fact.note,
        editions: editions.chain(fact.rfcs.iter().copied()).map(|n| n.to_string()).collect(),
        clause: fact.clause,
    }
}

fn enhanced_row(fact: &'static crate::protocol::enhanced::EnhancedFact) -> EnhancedRow {
    EnhancedRow {
        code: format!("X.{}.{}", fact.subject, fact.detail),
        title: fact.title,
        meaning: fact.meaning,
        codes: fact.codes,
        classes: fact.classes,
        registered: fact.registered,
        clause: fact.clause,
    }
}

fn extension_row(known: &'static Extension) -> ExtensionRow {
    let parameter_row = |row: &extensions::Parameter| ParameterRow {
        command: verb_name(row.command),
        name: row.name,
        value: row.value.looks_like,
        longest: row.longest,
        clause: row.clause,
    };
    ExtensionRow {
        keyword: known.keyword,
        status: known.status.as_str(),
        offers: known.offers,
        argument: known.argument.looks_like,
        verbs: known.verbs,
        parameters: known.parameters.iter().map(parameter_row).collect(),
        needs: known.needs,
        notes: known.notes,
        defined_by: known.defined_by,
        clause: known.clause(),
    }
}

fn mechanism_row(row: &'static crate::protocol::mechanisms::Mechanism) -> MechanismRow {
    MechanismRow {
        name: row.name,
        plaintext: row.is_plaintext(),
        client_first: row.client_first,
        challenges: row.challenges,
        obsolete: row.obsolete,
        clause: row.clause,
    }
}

fn limit_rows(size: &'static crate::protocol::limits::Size) -> impl Iterator<Item = LimitRow> {
    Edition::ALL.into_iter().filter_map(|edition| {
        let limit = size.limit(edition)?;
        let object = size.object.name();
        Some(LimitRow { object, edition: edition.as_str(), limit, clause: size.clause(edition) })
    })
}

fn increment_row(row: &'static crate::protocol::limits::Increment) -> IncrementRow {
    IncrementRow {
        keyword: row.keyword,
        command: verb_name(row.command),
        octets: row.octets,
        clause: row.clause,
    }
}

fn timeout_row(row: &'static crate::protocol::limits::Timeout) -> TimeoutRow {
    TimeoutRow {
        command: verb_name(row.command),
        phase: row.phase.as_str(),
        seconds: row.wait.as_secs(),
        clause: row.clause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_the_keys_that_scripts_read() {
        let document = serde_json::to_value(tables(Vec::new())).expect("serialisable");
        for (key, rows, columns) in [
            ("verbs", 40, &["verb", "defined_by", "obsolete", "replies"][..]),
            ("any_command", 10, &["edition", "codes", "clause"]),
            ("codes", 60, &["code", "meaning", "editions", "clause"]),
            ("enhanced", 81, &["code", "meaning", "codes", "clause"]),
            ("extensions", 64, &["keyword", "status", "verbs", "parameters", "clause"]),
            ("mechanisms", 20, &["name", "clause"]),
            ("limits", 20, &["object", "edition", "limit", "clause"]),
            ("increments", 16, &["keyword", "command", "octets", "clause"]),
            ("timeouts", 7, &["command", "seconds", "clause"]),
        ] {
            let table = document[key].as_array().expect(key);
            assert!(table.len() >= rows, "{key} has {} rows", table.len());
            for row in table {
                assert!(columns.iter().all(|column| row.get(column).is_some()), "{key}: {row}");
                assert_ne!(row.get("clause").and_then(|clause| clause.as_str()), Some(""));
            }
        }
        assert!(document["rules"].as_array().is_some_and(Vec::is_empty));
    }

    #[test]
    fn a_command_shows_what_each_document_lists() {
        let tables = tables(Vec::new());
        let rcpt = tables.verbs.iter().find(|row| row.verb == "RCPT").expect("RCPT");
        let codes =
            |edition| rcpt.replies.iter().find(|row| row.edition == edition).map(|row| row.codes);
        assert!(codes("5321").is_some_and(|codes| codes.contains(&555)));
        assert!(codes("2821").is_some_and(|codes| !codes.contains(&555)));
        assert_eq!(codes("7504"), Some(&[556][..]));
        assert!(tables.verbs.iter().any(|row| row.verb == "<connect>"));
        assert!(tables.verbs.iter().all(|row| row.verb != "WIZ"));
    }
}
