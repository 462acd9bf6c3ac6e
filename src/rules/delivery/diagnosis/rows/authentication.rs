//! Mail that does not prove where it comes from: SPF, DKIM, DMARC, ARC.

use super::super::{
    cause::Cause::{DkimFailed, DmarcFailed, PolicyRejected, SpfFailed},
    provider::Provider::{Google, Microsoft, Yahoo},
    row::{COMMON, Row, of, row},
    stage::{ANY, MESSAGE, TRANSACTION},
};
use crate::rules::Party;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    of(Google, SpfFailed).at(TRANSACTION).codes(&[550, 421, 451]).enhanced(&[(7, 26)]).phrases(&["authenticate with either spf or dkim", "fails to pass authentication checks", "does not have authentication information", "this mail is unauthenticated", "sender is unauthenticated", "is unauthenticated, which poses"])
        .says("the message passes neither SPF nor DKIM, and Google wants one of them")
        .help("publish an SPF record that names the client's address, and sign the mail with DKIM"),
    row(SpfFailed, "Google, Microsoft, Yahoo").at(TRANSACTION).codes(&[550, 421, 451]).enhanced(&[(7, 26)]).phrases(&["authenticate with either spf or dkim", "must pass either spf or dkim", "senders to authenticate with either", "failing both spf and dkim", "rate limited because it is unauthenticated", "blocked because it is unauthenticated", "blocked because the sender is unauthenticated"])
        .says("the message passes neither SPF nor DKIM, and the server wants one of them")
        .help("publish an SPF record that names the client's address, and sign the mail with DKIM"),
    of(Google, DmarcFailed).at(TRANSACTION).codes(&[550, 451, 421]).enhanced(&[(7, 26), (7, 1)]).sub_codes(&["?p=dmarcrejection"]).phrases(&["domain's dmarc policy", "dmarc policy"]),
    row(DmarcFailed, "Microsoft").at(TRANSACTION).codes(&[550]).enhanced(&[(7, 509)]).phrases(&["does not pass dmarc verification"]),
    row(DmarcFailed, COMMON).at(TRANSACTION).codes(&[550, 554, 451, 421]).enhanced(&[(7, 1), (7, 22)]).vague().phrases(&["dmarc policy", "dmarc", "dmarc sender invalid", "dmarc check failed", "failed dmarc", "dmarc failure", "dmarc reject", "dmarc evaluation failed", "rejected by dmarc", "dmarc unauthenticated"]),
    of(Google, SpfFailed).at(TRANSACTION).codes(&[550, 421, 451]).enhanced(&[(7, 27)]).phrases(&["spf did not pass", "spf authentication didn't pass", "senders to authenticate with spf", "authenticate their email with spf", "spf record with a hard fail"]),
    of(Google, DkimFailed).at(TRANSACTION).codes(&[550, 421, 451]).enhanced(&[(7, 30)]).phrases(&["dkim did not pass", "dkim authentication didn't pass", "dkim does not pass", "senders to authenticate with dkim", "authenticate their email with dkim"])
        .help("sign with DKIM for the sender's domain; if it is signed, look for what changes the message on its way"),
    of(Google, DmarcFailed).at(TRANSACTION).codes(&[421, 451, 550]).enhanced(&[(7, 32)]).phrases(&["isn't aligned with", "not aligned with", "aligned with either the authenticated spf or dkim"])
        .says("the From domain is the domain of neither SPF nor DKIM (alignment)"),
    of(Google, SpfFailed).at(TRANSACTION).codes(&[451, 550]).enhanced(&[(7, 24)]).phrases(&["spf record of the sending domain has one or more suspicious entries"])
        .says("the SPF record of the sender's domain allows far too many hosts")
        .help("take the entries out of the SPF record that let anybody send"),
    row(SpfFailed, "RFC 7372").at(TRANSACTION).codes(&[550]).enhanced(&[(7, 23)]).phrases(&["sender policy framework violation", "rejected because of sender policy framework"]),
    row(SpfFailed, COMMON).at(TRANSACTION).codes(&[550, 553, 554, 450, 451]).enhanced(&[(7, 23), (7, 1)]).vague().phrases(&["spf", "spf check failed", "spf fail", "spf failure", "spf hard fail", "spf validation", "spf sender invalid", "spf record", "spf unauthorized", "sender policy framework", "openspf", "is not allowed to send mail from", "is not allowed to send mail", "not authorized to send mail from", "is not authorized to use", "not designated .. sender", "does not designate", "spf: ", "sender id (pra)", "not permitted by spf", "by spf record", "by spf policy"]).sub_codes(&["openspf.org", "openspf.net"]),
    row(DkimFailed, COMMON).at(MESSAGE).codes(&[550, 554]).enhanced(&[(7, 20), (7, 21), (7, 22)]).phrases(&["dkim sender invalid", "dkim signature", "dkim check failed", "dkim failed", "dkim failure", "dkim validation", "failed dkim", "bad dkim", "invalid dkim", "dkim"]),
    of(Yahoo, DkimFailed).at(MESSAGE).codes(&[554, 550]).enhanced(&[(7, 5)]).sub_codes(&["(au01)", "[au01]"])
        .says("the DKIM signature of the message is not valid")
        .help("mend the signature; look for what changes the message between signer and receiver"),
    row(DkimFailed, "RFC 7372").at(MESSAGE).codes(&[550]).enhanced(&[(7, 20)])
        .says("no DKIM signature of the message is valid"),
    row(DkimFailed, "RFC 7372").at(MESSAGE).codes(&[550]).enhanced(&[(7, 21)])
        .says("the message has a valid DKIM signature, but none that this server accepts"),
    row(DkimFailed, "RFC 7372").at(MESSAGE).codes(&[550]).enhanced(&[(7, 22)])
        .says("the message has a valid DKIM signature, but not of the author's domain"),
    row(SpfFailed, "RFC 7372").at(TRANSACTION).codes(&[550, 451]).enhanced(&[(7, 24)])
        .says("the server could not evaluate the SPF record of the sender's domain")
        .help("mend the SPF record: it has a fault, or its includes do not answer"),
    row(DkimFailed, "RFC 8617").at(MESSAGE).codes(&[550]).enhanced(&[(7, 29)]).phrases(&["arc validation"])
        .says("the ARC seals of the message are not valid")
        .help("whoever forwarded the message mends its ARC sealing"),
    row(SpfFailed, "RFC 7372").at(TRANSACTION).codes(&[550, 500]).enhanced(&[(7, 26)])
        .says("the message failed several checks of its origin at once (SPF, DKIM)")
        .help("publish an SPF record that names the client's address, and sign the mail with DKIM"),
    of(Microsoft, DmarcFailed).at(TRANSACTION).codes(&[550]).enhanced(&[(7, 515)]).phrases(&["required authentication level"]).unsure()
        .says("the sender's domain does not pass SPF, DKIM and DMARC as Outlook.com wants of bulk senders")
        .help("publish SPF, DKIM and DMARC for the From domain, aligned with one another"),
    of(Yahoo, PolicyRejected).at(ANY).codes(&[554]).enhanced(&[(7, 9)]).sub_codes(&["[ph01]"]).phrases(&["not accepted for policy reasons", "message not accepted for policy reasons"]).party(Party::Client)
        .says("Yahoo does not take the message: its content or links look like phishing or break its policy")
        .help("check links and attachments, publish SPF, DKIM and DMARC, then ask Yahoo's postmaster"),
    of(Yahoo, DmarcFailed).at(TRANSACTION).codes(&[550, 554]).enhanced(&[(7, 9)]).phrases(&["sender is unauthenticated", "yahoo requires all senders", "failed authentication"])
        .says("the message passes neither SPF nor DKIM for its From domain, and Yahoo wants that"),
    row(PolicyRejected, "Mimecast").at(ANY).codes(&[550]).phrases(&["anti-spoofing policy", "header-based anti-spoofing"])
        .says("Mimecast takes the mail for a forgery of the receiver's own domain")
        .help("send it through the receiver's own servers, or have its administrator except this sender"),
    row(DmarcFailed, "AOL").at(MESSAGE).codes(&[521, 554]).sub_codes(&["(dmarc:*", "(dmarc)"]),
    row(SpfFailed, "Cox").at(ANY).codes(&[550, 554]).sub_codes(&["cxsndr"])
        .says("the message fails SPF or DKIM for the sender's domain"),
];
