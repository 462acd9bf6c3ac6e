//! The codes that may answer any command, or nearly any, and under which condition.

use super::editions::{ALL, ONLY_821, SINCE_2821};
use super::replies::Document::{self, Rfc};
use super::replies::Phase::{self, Command, Data, Exchange};
use super::verbs::VerbId;
use super::{Clause, Edition};

/// What has to be true before a row of [`ANY_COMMAND`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// Nothing.
    Always,
    /// The server wants TLS first.
    TlsRequired,
    /// The server finds the TLS that was agreed too weak.
    TlsTooWeak,
    /// The server wants authentication first.
    AuthRequired,
    /// The greeting was 554.
    GreetingRefused,
    /// The greeting was 521.
    GreetingNoMail,
    /// The command came out of order.
    OutOfOrder,
    /// The server knows the command or its parameter but does not do it.
    NotImplemented,
    /// The server refuses by policy.
    Policy,
}

impl When {
    /// The condition, for a person: "when …".
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Always => "at any time",
            Self::TlsRequired => "when the server wants TLS first",
            Self::TlsTooWeak => "when the server finds the agreed TLS too weak",
            Self::AuthRequired => "when the server wants authentication first",
            Self::GreetingRefused => "after a 554 greeting",
            Self::GreetingNoMail => "after a 521 greeting",
            Self::OutOfOrder => "when the command came out of order",
            Self::NotImplemented => "when the server does not implement it",
            Self::Policy => "when the server refuses by policy",
        }
    }
}

/// Codes that may answer (almost) any command, on top of its own rows.
#[derive(Debug, PartialEq, Eq)]
pub struct AnyCommand {
    /// The editions under which it holds.
    pub editions: &'static [Edition],
    /// Who says so.
    pub by: Document,
    /// The condition.
    pub when: When,
    /// The codes.
    pub codes: &'static [u16],
    /// The commands that it holds for; empty: every one.
    pub only: &'static [VerbId],
    /// The commands that it does not hold for.
    pub except: &'static [VerbId],
    /// The phases in which it holds.
    pub phases: &'static [Phase],
    /// Where.
    pub clause: Clause,
}

/// The first row of [`ANY_COMMAND`] that holds; the unconditional ones come first.
pub(super) fn any_command(
    verb: VerbId,
    phase: Phase,
    edition: Edition,
    code: u16,
) -> Option<&'static AnyCommand> {
    // A chunk is a command that carries its octets: what may answer the one may answer the other.
    let carries_octets = matches!(verb, VerbId::Bdat | VerbId::Burl);
    let phase = if carries_octets { Command } else { phase };
    ANY_COMMAND.iter().find(|row| {
        row.codes.contains(&code)
            && row.editions.contains(&edition)
            && row.phases.contains(&phase)
            && (row.only.is_empty() || row.only.contains(&verb))
            && !row.except.contains(&verb)
    })
}

const R821: Document = Document::Edition(Edition::Rfc821);
const R2821: Document = Document::Edition(Edition::Rfc2821);
const R5321: Document = Document::Edition(Edition::Rfc5321);

/// The commands that no server may leave out (RFC 5321 §4.5.1), nor therefore answer with 502.
const REQUIRED: &[VerbId] = &[
    VerbId::Connect,
    VerbId::Helo,
    VerbId::Ehlo,
    VerbId::Mail,
    VerbId::Rcpt,
    VerbId::Data,
    VerbId::Rset,
    VerbId::Noop,
    VerbId::Quit,
    VerbId::Vrfy,
];

/// A row without conditions for every command, which the rows below narrow.
const ANY: AnyCommand = AnyCommand {
    editions: ALL,
    by: R5321,
    when: When::Always,
    codes: &[],
    only: &[],
    except: &[],
    phases: &[Command, Exchange],
    clause: "",
};

/// What may answer (almost) any command. The unconditional rows come first.
#[rustfmt::skip]
pub const ANY_COMMAND: &[AnyCommand] = &[
    AnyCommand { editions: ONLY_821, by: R821, codes: &[421], phases: &[Command, Data, Exchange], clause: "RFC 821 §4.3", ..ANY },
    AnyCommand { editions: &[Edition::Rfc2821], by: R2821, codes: &[421], phases: &[Command, Data, Exchange], clause: "RFC 2821 §4.3.2", ..ANY },
    AnyCommand { editions: &[Edition::Rfc5321], by: R5321, codes: &[421], phases: &[Command, Data, Exchange], clause: "RFC 5321 §4.3.2", ..ANY },
    AnyCommand { editions: &[Edition::Rfc2821], by: R2821, codes: &[500, 501], except: &[VerbId::Connect], clause: "RFC 2821 §4.3.2", ..ANY },
    AnyCommand { editions: &[Edition::Rfc5321], by: R5321, codes: &[500, 501], except: &[VerbId::Connect], clause: "RFC 5321 §4.3.2", ..ANY },

    AnyCommand {
        by: Rfc(4954), when: When::AuthRequired, codes: &[530], clause: "RFC 4954 §6",
        except: &[VerbId::Connect, VerbId::Auth, VerbId::Ehlo, VerbId::Lhlo, VerbId::Helo, VerbId::Noop, VerbId::Rset, VerbId::Quit],
        ..ANY
    },
    AnyCommand {
        by: Rfc(3207), when: When::TlsRequired, codes: &[530], clause: "RFC 3207 §4",
        except: &[VerbId::Connect, VerbId::Noop, VerbId::Ehlo, VerbId::Lhlo, VerbId::Starttls, VerbId::Quit],
        ..ANY
    },
    AnyCommand {
        when: When::OutOfOrder, codes: &[503], clause: "RFC 5321 §4.1.4",
        except: &[VerbId::Connect, VerbId::Noop, VerbId::Help, VerbId::Expn, VerbId::Vrfy, VerbId::Rset, VerbId::Ehlo, VerbId::Lhlo, VerbId::Helo, VerbId::Quit],
        ..ANY
    },
    AnyCommand {
        editions: SINCE_2821, when: When::GreetingRefused, codes: &[503], clause: "RFC 5321 §3.1",
        except: &[VerbId::Connect, VerbId::Quit],
        ..ANY
    },
    AnyCommand {
        by: Rfc(7504), when: When::GreetingNoMail, codes: &[521], clause: "RFC 7504 §3",
        except: &[VerbId::Connect],
        ..ANY
    },
    AnyCommand {
        by: Rfc(3207), when: When::TlsTooWeak, codes: &[554], clause: "RFC 3207 §4.1",
        except: &[VerbId::Connect, VerbId::Quit],
        ..ANY
    },
    AnyCommand {
        editions: SINCE_2821, when: When::Policy, codes: &[550], clause: "RFC 5321 §7.9",
        only: &[VerbId::Ehlo, VerbId::Helo, VerbId::Mail, VerbId::Rcpt],
        ..ANY
    },
    AnyCommand {
        when: When::NotImplemented, codes: &[502], clause: "RFC 5321 §4.2.4",
        except: REQUIRED,
        ..ANY
    },
    AnyCommand {
        by: R821, when: When::NotImplemented, codes: &[504], clause: "RFC 821 §E",
        except: &[VerbId::Connect, VerbId::Quit, VerbId::Data, VerbId::Noop],
        ..ANY
    },
];
