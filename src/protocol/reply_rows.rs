//! The reply tables: the codes that each document lists for each command and phase.

use super::replies::Document::{self, Rfc};
use super::replies::Phase::{self, Command, Data, Exchange};
use super::replies::Row;
use super::verbs::VerbId;
use super::{Clause, Edition};

/// The rows of a command; empty where no document lists any.
#[rustfmt::skip]
pub const fn rows(verb: VerbId) -> &'static [Row] {
    match verb {
        VerbId::Connect         => CONNECT,
        VerbId::Helo            => HELO,
        VerbId::Ehlo            => EHLO,
        VerbId::Lhlo            => LHLO,
        VerbId::Mail            => MAIL,
        VerbId::Rcpt            => RCPT,
        VerbId::Data            => DATA,
        VerbId::Rset            => RSET,
        VerbId::Noop            => NOOP,
        VerbId::Quit            => QUIT,
        VerbId::Vrfy            => VRFY,
        VerbId::Expn            => EXPN,
        VerbId::Help            => HELP,
        VerbId::Send            => SEND,
        VerbId::Soml | VerbId::Saml => SOML_SAML,
        VerbId::Turn            => TURN,
        VerbId::Starttls        => STARTTLS,
        VerbId::Auth            => AUTH,
        VerbId::Bdat            => BDAT,
        VerbId::Burl            => BURL,
        VerbId::Etrn            => ETRN,
        VerbId::Atrn            => ATRN,
        VerbId::Xclient         => XCLIENT,
        VerbId::Xforward        => XFORWARD,
        VerbId::XExps           => X_EXPS,
        VerbId::XAnonymoustls   => X_ANONYMOUSTLS,
        VerbId::Xexch50         => XEXCH50,
        VerbId::XLink2state     => X_LINK2STATE,
        VerbId::Xshadow | VerbId::Xshadowrequest => XSHADOW,
        VerbId::Xqdiscard       => XQDISCARD,
        VerbId::Xproxy          => XPROXY,
        VerbId::Xproxyfrom | VerbId::Xproxyto => XPROXYFROM,
        VerbId::Xsessionparams  => XSESSIONPARAMS,
        VerbId::Verb            => VERB,
        VerbId::Onex | VerbId::Xusr => ONEX_XUSR,
        VerbId::Wellknown       => WELLKNOWN,
        VerbId::Other           => &[],
    }
}

const fn row(phase: Phase, by: Document, codes: &'static [u16], clause: Clause) -> Row {
    Row { phase, by, codes, clause }
}

const R821: Document = Document::Edition(Edition::Rfc821);
const R2821: Document = Document::Edition(Edition::Rfc2821);
const R5321: Document = Document::Edition(Edition::Rfc5321);
const EXCHANGE: Document = Document::Vendor("Microsoft Exchange");
const POSTFIX: Document = Document::Vendor("Postfix");
const SENDMAIL: Document = Document::Vendor("Sendmail");
const EXIM: Document = Document::Vendor("Exim");

// The greeting.
#[rustfmt::skip]
const CONNECT: &[Row] = &[
    row(Command, R821,      &[220, 421],                                              "RFC 821 §4.3"),
    row(Command, R2821,     &[220, 554],                                              "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[220, 554],                                              "RFC 5321 §4.3.2"),
    row(Command, Rfc(7504), &[521],                                                   "RFC 7504 §5.1"),
    row(Command, Rfc(1846), &[521],                                                   "RFC 1846 §4.1"),
];

// The client names itself.
#[rustfmt::skip]
const HELO: &[Row] = &[
    row(Command, R821,      &[250, 500, 501, 504, 421],                               "RFC 821 §4.3"),
    row(Command, R2821,     &[250, 504, 550],                                         "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[250, 504, 550, 502],                                    "RFC 5321 §4.3.2"),
    row(Command, Rfc(1869), &[503],                                                   "RFC 1869 §4.2"),
    row(Command, Rfc(2033), &[500],                                                   "RFC 2033 §4.1"),
];
#[rustfmt::skip]
const EHLO: &[Row] = &[
    row(Command, R2821,     &[250, 504, 550, 501, 500, 502],                          "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[250, 504, 550, 502, 501, 500],                          "RFC 5321 §4.3.2"),
    row(Command, Rfc(1869), &[250, 550, 554, 500, 501, 502, 504, 421, 503],           "RFC 1869 §4.2"),
    row(Command, Rfc(2033), &[500],                                                   "RFC 2033 §4.1"),
];
#[rustfmt::skip]
const LHLO: &[Row] = &[
    row(Command, Rfc(2033), &[250, 550, 554, 500, 501, 502, 504, 421, 503],           "RFC 2033 §4.1"),
];

// The transaction.
#[rustfmt::skip]
const MAIL: &[Row] = &[
    row(Command, R821,      &[250, 552, 451, 452, 500, 501, 421],                     "RFC 821 §4.3"),
    row(Command, R2821,     &[250, 552, 451, 452, 550, 553, 503],                     "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[250, 552, 451, 452, 550, 553, 503, 455, 555],           "RFC 5321 §4.3.2"),
    row(Command, Rfc(1869), &[455, 555],                                              "RFC 1869 §6.1"),
    row(Command, Rfc(1870), &[452, 552],                                              "RFC 1870 §6.1"),
    row(Command, Rfc(1845), &[355],                                                   "RFC 1845 §3"),
    row(Command, Rfc(2852), &[501, 455, 555],                                         "RFC 2852 §4"),
    row(Command, Rfc(3461), &[501],                                                   "RFC 3461 §5.1"),
    row(Command, Rfc(4141), &[504],                                                   "RFC 4141 §4.2"),
    row(Command, Rfc(4405), &[550, 554],                                              "RFC 4405 §4.2"),
    row(Command, Rfc(4865), &[501],                                                   "RFC 4865 §4.2"),
    row(Command, Rfc(4865), &[552],                                                   "RFC 4865 §6"),
    row(Command, Rfc(6409), &[530],                                                   "RFC 6409 §4.3"),
    row(Command, Rfc(6409), &[554],                                                   "RFC 6409 §4.1"),
    row(Command, Rfc(6409), &[501],                                                   "RFC 6409 §5.1"),
    row(Command, Rfc(6409), &[550],                                                   "RFC 6409 §6.1"),
    row(Command, Rfc(6531), &[550],                                                   "RFC 6531 §3.5"),
    row(Command, Rfc(6710), &[501, 450, 550],                                         "RFC 6710 §4.1"),
    row(Command, Rfc(6710), &[552],                                                   "RFC 6710 §5"),
    row(Command, Rfc(7505), &[550],                                                   "RFC 7505 §4.1"),
];
#[rustfmt::skip]
const RCPT: &[Row] = &[
    row(Command, R821,      &[250, 251, 550, 551, 552, 553, 450, 451, 452, 500, 501, 503, 421], "RFC 821 §4.3"),
    row(Command, R2821,     &[250, 251, 550, 551, 552, 553, 450, 451, 452, 503],      "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[250, 251, 550, 551, 552, 553, 450, 451, 452, 503, 455, 555], "RFC 5321 §4.3.2"),
    row(Command, Rfc(7504), &[556],                                                   "RFC 7504 §4"),
    row(Command, Rfc(7505), &[556],                                                   "RFC 7505 §4.1"),
    row(Command, Rfc(1846), &[521],                                                   "RFC 1846 §3"),
    row(Command, Rfc(1869), &[455, 555],                                              "RFC 1869 §6.1"),
    row(Command, Rfc(1870), &[452, 552],                                              "RFC 1870 §6.4"),
    row(Command, Rfc(3461), &[501],                                                   "RFC 3461 §5.1"),
    row(Command, Rfc(3865), &[550],                                                   "RFC 3865 §2.3"),
    row(Command, Rfc(4141), &[504],                                                   "RFC 4141 §5.2"),
    row(Command, Rfc(6409), &[530],                                                   "RFC 6409 §4.3"),
    row(Command, Rfc(6409), &[554],                                                   "RFC 6409 §4.1"),
    row(Command, Rfc(6409), &[501],                                                   "RFC 6409 §5.1"),
    row(Command, Rfc(6531), &[553],                                                   "RFC 6531 §3.5"),
    row(Command, Rfc(7293), &[550],                                                   "RFC 7293 §5.1"),
];
#[rustfmt::skip]
const DATA: &[Row] = &[
    row(Command, R821,      &[354, 451, 554, 500, 501, 503, 421],                     "RFC 821 §4.3"),
    row(Command, R2821,     &[354, 451, 554, 503],                                    "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[354, 503, 554],                                         "RFC 5321 §4.3.2"),
    row(Command, Rfc(2033), &[503],                                                   "RFC 2033 §4.2"),
    row(Command, Rfc(3030), &[503],                                                   "RFC 3030 §3"),

    row(Data,    R821,      &[250, 552, 554, 451, 452],                               "RFC 821 §4.3"),
    row(Data,    R2821,     &[250, 552, 554, 451, 452],                               "RFC 2821 §4.3.2"),
    row(Data,    R5321,     &[250, 552, 554, 451, 452, 450, 550],                     "RFC 5321 §4.3.2"),
    row(Data,    Rfc(2033), &[250, 450, 451, 452, 550, 551, 552, 553, 554],           "RFC 2033 §4.2"),
    row(Data,    Rfc(4405), &[550],                                                   "RFC 4405 §4.2"),
    row(Data,    Rfc(6409), &[550, 554],                                              "RFC 6409 §6.3"),
    row(Data,    Rfc(6531), &[554],                                                   "RFC 6531 §3.5"),
    row(Data,    Rfc(7293), &[550],                                                   "RFC 7293 §5.1.1"),
    row(Data,    EXIM,      &[353],                                                   "Exim receive.c"),
];
#[rustfmt::skip]
const RSET: &[Row] = &[
    row(Command, R821,      &[250, 500, 501, 504, 421],                               "RFC 821 §4.3"),
    row(Command, R2821,     &[250],                                                   "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[250],                                                   "RFC 5321 §4.3.2"),
    row(Command, Rfc(1869), &[503],                                                   "RFC 1869 §4.7"),
];
#[rustfmt::skip]
const SEND: &[Row] = &[
    row(Command, R821,      &[250, 552, 451, 452, 500, 501, 502, 421],                "RFC 821 §4.3"),
    // RFC 2821 has no row: its appendix asks for the rules of RFC 821.
    row(Command, R2821,     &[250, 552, 451, 452, 500, 501, 502],                     "RFC 2821 §F.6"),
];
#[rustfmt::skip]
const SOML_SAML: &[Row] = &[
    row(Command, R821,      &[250, 552, 451, 452, 500, 501, 502, 421],                "RFC 821 §4.3"),
];

// Outside the transaction.
#[rustfmt::skip]
const VRFY: &[Row] = &[
    row(Command, R821,      &[250, 251, 550, 551, 553, 500, 501, 502, 504, 421],      "RFC 821 §4.3"),
    row(Command, R2821,     &[250, 251, 252, 550, 551, 553, 502, 504],                "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[250, 251, 252, 550, 551, 553, 502, 504],                "RFC 5321 §4.3.2"),
    row(Command, Rfc(1123), &[252],                                                   "RFC 1123 §5.2.3"),
    row(Command, Rfc(6531), &[252, 550],                                              "RFC 6531 §3.7.4.2"),
];
#[rustfmt::skip]
const EXPN: &[Row] = &[
    row(Command, R821,      &[250, 550, 500, 501, 502, 504, 421],                     "RFC 821 §4.3"),
    row(Command, R2821,     &[250, 252, 550, 500, 502, 504],                          "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[250, 252, 550, 500, 502, 504],                          "RFC 5321 §4.3.2"),
    row(Command, Rfc(6531), &[252, 550],                                              "RFC 6531 §3.7.4.2"),
];
#[rustfmt::skip]
const HELP: &[Row] = &[
    row(Command, R821,      &[211, 214, 500, 501, 502, 504, 421],                     "RFC 821 §4.3"),
    row(Command, R2821,     &[211, 214, 502, 504],                                    "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[211, 214, 502, 504],                                    "RFC 5321 §4.3.2"),
];
#[rustfmt::skip]
const NOOP: &[Row] = &[
    row(Command, R821,      &[250, 500, 421],                                         "RFC 821 §4.3"),
    row(Command, R2821,     &[250],                                                   "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[250],                                                   "RFC 5321 §4.3.2"),
];
#[rustfmt::skip]
const QUIT: &[Row] = &[
    row(Command, R821,      &[221, 500],                                              "RFC 821 §4.3"),
    row(Command, R2821,     &[221],                                                   "RFC 2821 §4.3.2"),
    row(Command, R5321,     &[221],                                                   "RFC 5321 §4.3.2"),
];
#[rustfmt::skip]
const TURN: &[Row] = &[
    row(Command, R821,      &[250, 502, 500, 503],                                    "RFC 821 §4.3"),
];

// Extensions.
#[rustfmt::skip]
const STARTTLS: &[Row] = &[
    row(Command, Rfc(3207), &[220, 501, 454],                                         "RFC 3207 §4"),
    row(Command, POSTFIX,   &[500, 502, 503, 554],                                    "Postfix smtpd.c"),
];
#[rustfmt::skip]
const AUTH: &[Row] = &[
    row(Command, Rfc(4954), &[235, 334, 432, 454, 500, 501, 503, 504, 534, 535, 538], "RFC 4954 §6"),
    row(Command, Rfc(2554), &[235, 334, 432, 454, 501, 503, 504, 534, 535, 538],      "RFC 2554 §6"),
    // The registry pairs them with enhanced codes of authentication.
    row(Command, Rfc(5248), &[422, 523, 524, 525],                                    "RFC 5248 §2.4"),
    row(Command, EXIM,      &[435, 553],                                              "Exim smtp_in.c"),
    row(Command, POSTFIX,   &[450],                                                   "Postfix smtpd.c"),

    row(Exchange, Rfc(4954), &[235, 334, 432, 454, 500, 501, 534, 535, 538],          "RFC 4954 §6"),
    row(Exchange, Rfc(2554), &[235, 334, 432, 454, 501, 534, 535, 538],               "RFC 2554 §6"),
    row(Exchange, Rfc(5248), &[422, 523, 524, 525],                                   "RFC 5248 §2.4"),
    row(Exchange, EXIM,      &[435, 553],                                             "Exim smtp_in.c"),
];
#[rustfmt::skip]
const BDAT: &[Row] = &[
    row(Command, Rfc(3030), &[250, 503],                                              "RFC 3030 §2"),
    row(Command, POSTFIX,   &[521, 551, 552, 554],                                    "Postfix smtpd.c"),
    row(Command, EXIM,      &[501, 504],                                              "Exim smtp_in.c"),

    // RFC 3030 leaves the list open: LAST may end as DATA may.
    row(Data,    Rfc(3030), &[250, 503, 552, 554, 451, 452, 450, 550],                "RFC 3030 §2"),
    row(Data,    Rfc(2033), &[250, 450, 451, 452, 550, 551, 552, 553, 554],           "RFC 2033 §4.3"),
];
#[rustfmt::skip]
const BURL: &[Row] = &[
    row(Command, Rfc(4468), &[250, 451, 503, 552, 554],                               "RFC 4468 §6"),
    row(Data,    Rfc(4468), &[250, 451, 503, 552, 554],                               "RFC 4468 §6"),
];
#[rustfmt::skip]
const ETRN: &[Row] = &[
    row(Command, Rfc(1985), &[250, 251, 252, 253, 458, 459, 500, 501],                "RFC 1985 §5.1"),
];
#[rustfmt::skip]
const ATRN: &[Row] = &[
    row(Command, Rfc(2645), &[250, 450, 451, 453, 502, 530],                          "RFC 2645 §5.2.1"),
];

// Vendors.
#[rustfmt::skip]
const XCLIENT: &[Row] = &[
    row(Command, POSTFIX,   &[220, 421, 501, 503, 550],                               "Postfix XCLIENT_README"),
];
#[rustfmt::skip]
const XFORWARD: &[Row] = &[
    row(Command, POSTFIX,   &[250, 421, 501, 503, 550],                               "Postfix XFORWARD_README"),
];
#[rustfmt::skip]
const X_EXPS: &[Row] = &[
    row(Command,  EXCHANGE, &[235, 334, 454, 501, 503, 504, 535],                     "Microsoft Exchange 2000"),
    row(Exchange, EXCHANGE, &[235, 334, 454, 501, 535],                               "Microsoft Exchange 2000"),
];
#[rustfmt::skip]
const X_ANONYMOUSTLS: &[Row] = &[
    row(Command, EXCHANGE,  &[220, 454, 501, 502, 503],                               "Microsoft Exchange 2007"),
];
#[rustfmt::skip]
const XEXCH50: &[Row] = &[
    row(Command, EXCHANGE,  &[250, 354, 500, 501, 503, 504],                          "Microsoft Exchange 5.5"),
];
#[rustfmt::skip]
const X_LINK2STATE: &[Row] = &[
    row(Command, EXCHANGE,  &[200, 250, 500, 503, 504],                               "Microsoft Exchange 2000"),
];
#[rustfmt::skip]
const XSHADOW: &[Row] = &[
    row(Command, EXCHANGE,  &[250, 500, 501, 503, 550],                               "Microsoft Exchange 2010"),
];
#[rustfmt::skip]
const XQDISCARD: &[Row] = &[
    row(Command, EXCHANGE,  &[250, 251, 500, 501, 503],                               "Microsoft Exchange 2010"),
];
#[rustfmt::skip]
const XPROXY: &[Row] = &[
    row(Command, EXCHANGE,  &[250, 451, 454, 500, 501, 503, 550],                     "Microsoft Exchange 2013"),
];
#[rustfmt::skip]
const XPROXYFROM: &[Row] = &[
    row(Command, EXCHANGE,  &[250, 500, 501, 503],                                    "Microsoft Exchange 2013"),
];
#[rustfmt::skip]
const XSESSIONPARAMS: &[Row] = &[
    row(Command, EXCHANGE,  &[250, 432, 500, 501, 503],                               "Microsoft Exchange 2013"),
];
#[rustfmt::skip]
const VERB: &[Row] = &[
    row(Command, SENDMAIL,  &[250, 500, 502],                                         "Sendmail srvrsmtp.c"),
];
#[rustfmt::skip]
const ONEX_XUSR: &[Row] = &[
    row(Command, SENDMAIL,  &[250, 500],                                              "Sendmail srvrsmtp.c"),
];
#[rustfmt::skip]
const WELLKNOWN: &[Row] = &[
    row(Command, EXIM,      &[250, 550, 554],                                         "Exim smtp_in.c"),
];
