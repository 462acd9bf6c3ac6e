//! The causes of refusals, each with the sentence, the advice and the prospects that are true of it in general.
//!
//! In a sentence, `{recipient}`, `{sender}`, `{hello}`, `{address}`, `{list}`, `{what}` and `{text}` stand for
//! what the session has there ([`super::words`]).

use super::row::Retry::{self, AfterChange, Helps, Never};

/// Why a refusal came: each but the last is a rule of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::rules) enum Cause {
    /// The rule `mailbox-unknown`.
    MailboxUnknown,
    /// The rule `mailbox-disabled`.
    MailboxDisabled,
    /// The rule `mailbox-full`.
    MailboxFull,
    /// The rule `domain-unknown`.
    DomainUnknown,
    /// The rule `no-mail-service`.
    NoMailService,
    /// The rule `sender-rejected`.
    SenderRejected,
    /// The rule `sender-unverified`.
    SenderUnverified,
    /// The rule `hello-rejected`.
    HelloRejected,
    /// The rule `greylisted`.
    Greylisted,
    /// The rule `rate-limited`.
    RateLimited,
    /// The rule `connection-limited`.
    ConnectionLimited,
    /// The rule `too-many-recipients`.
    TooManyRecipients,
    /// The rule `too-many-errors`.
    TooManyErrors,
    /// The rule `message-too-large`.
    MessageTooLarge,
    /// The rule `storage-full`.
    StorageFull,
    /// The rule `blocklisted`.
    Blocklisted,
    /// The rule `reputation-poor`.
    ReputationPoor,
    /// The rule `reverse-dns-missing`.
    ReverseDnsMissing,
    /// The rule `spf-failed`.
    SpfFailed,
    /// The rule `dkim-failed`.
    DkimFailed,
    /// The rule `dmarc-failed`.
    DmarcFailed,
    /// The rule `spam-rejected`.
    SpamRejected,
    /// The rule `virus-rejected`.
    VirusRejected,
    /// The rule `content-rejected`.
    ContentRejected,
    /// The rule `policy-rejected`.
    PolicyRejected,
    /// The rule `tls-required`.
    TlsRequired,
    /// The rule `auth-required`.
    AuthRequired,
    /// The rule `auth-failed`.
    AuthFailed,
    /// The rule `auth-unavailable`.
    AuthUnavailable,
    /// The rule `dns-failure`.
    DnsFailure,
    /// The rule `loop-detected`.
    LoopDetected,
    /// The rule `recipient-moved`.
    RecipientMoved,
    /// The rule `internationalization-required`.
    InternationalizationRequired,
    /// The rule `server-error`.
    ServerError,
    /// The rule `service-unavailable`.
    ServiceUnavailable,
    /// The rule `idle-timeout`.
    IdleTimeout,
    /// The rule `no-valid-recipients`.
    NoValidRecipients,
    /// The rule `refused`.
    Refused,
    /// The rule `delayed`.
    Delayed,
    /// The server does not relay; a rule of another family says so.
    RelayDenied,
}

/// What is true of a cause in general.
#[derive(Debug)]
pub(super) struct CauseFact {
    /// The cause.
    pub(super) cause: Cause,
    /// The rule that raises it.
    pub(super) rule: &'static str,
    /// What happened.
    pub(super) says: &'static str,
    /// What to do.
    pub(super) help: &'static str,
    /// Whether the same mail may get through later.
    pub(super) retry: Retry,
}

impl Cause {
    /// What is true of it in general.
    pub(super) fn fact(self) -> &'static CauseFact {
        // Every cause has its row, as a test below sees to.
        CAUSES.iter().find(|fact| fact.cause == self).unwrap_or(&NONE)
    }

    /// Whether it says something of a recipient or a message.
    pub(super) const fn is_about_recipient(self) -> bool {
        matches!(
            self,
            Self::MailboxUnknown
                | Self::MailboxDisabled
                | Self::MailboxFull
                | Self::DomainUnknown
                | Self::RecipientMoved
                | Self::TooManyRecipients
                | Self::MessageTooLarge
                | Self::VirusRejected
                | Self::DkimFailed
        )
    }

    /// The rule that raises it.
    pub(in crate::rules) fn rule(self) -> &'static str {
        self.fact().rule
    }
}

const fn fact(
    cause: Cause,
    rule: &'static str,
    retry: Retry,
    says: &'static str,
    help: &'static str,
) -> CauseFact {
    CauseFact { cause, rule, says, help, retry }
}

static NONE: CauseFact = fact(Cause::Refused, "refused", AfterChange, "", "");

/// Every cause, in the order of the catalogue.
#[rustfmt::skip]
pub(super) static CAUSES: &[CauseFact] = &[
    fact(Cause::MailboxUnknown, "mailbox-unknown", Never, "there is no mailbox {recipient} here",
        "correct the address, or take it off the list"),
    fact(Cause::MailboxDisabled, "mailbox-disabled", AfterChange, "the mailbox {recipient} exists but is switched off",
        "take the address off the list, or reach its owner by other means"),
    fact(Cause::MailboxFull, "mailbox-full", Helps, "the mailbox {recipient} is full",
        "the recipient makes room; stop sending if it stays full"),
    fact(Cause::DomainUnknown, "domain-unknown", AfterChange, "the domain of {recipient} does not exist in DNS, as the server sees it",
        "correct the domain; if it is right, it needs an MX or address record"),
    fact(Cause::NoMailService, "no-mail-service", Never, "no mail is taken for {recipient}",
        "check the address, and the MX records of its domain"),
    fact(Cause::SenderRejected, "sender-rejected", AfterChange, "the server takes no mail from {sender}",
        "send from an address that exists and that the client may use, or ask the receiving side's postmaster"),
    fact(Cause::SenderUnverified, "sender-unverified", AfterChange, "the server could not verify that {sender} takes mail",
        "let the sender's MX accept mail for the address, also from the null sender `<>`"),
    fact(Cause::HelloRejected, "hello-rejected", AfterChange, "the server does not accept {hello} in HELO or EHLO",
        "let the client introduce itself with its full host name, one that is in DNS"),
    fact(Cause::Greylisted, "greylisted", Helps, "the server puts off what it sees for the first time (greylisting)",
        "leave the mail in the queue and try again from the same address after some minutes: a mail server does so by itself"),
    fact(Cause::RateLimited, "rate-limited", Helps, "the client sends more than the server takes from it in this time",
        "send more slowly, and spread the mail over time"),
    fact(Cause::ConnectionLimited, "connection-limited", Helps, "the client has more connections open than the server allows",
        "open fewer connections at once"),
    fact(Cause::TooManyRecipients, "too-many-recipients", Helps, "the transaction has more recipients than the server takes",
        "send the message to the recipients that were taken, and to the others in further transactions"),
    fact(Cause::TooManyErrors, "too-many-errors", AfterChange, "the server gave up on the client after too many errors",
        "mend the first error of the session: it explains the others"),
    fact(Cause::MessageTooLarge, "message-too-large", Never, "the message is larger than the server takes",
        "make the message smaller, or send a link; compare it with the SIZE that EHLO offers"),
    fact(Cause::StorageFull, "storage-full", Helps, "the server has no room to store the message",
        "free space on the server; the client tries again by itself"),
    fact(Cause::Blocklisted, "blocklisted", AfterChange, "the client's address is on {list}",
        "look the address up there, end what put it on the list, then ask for its removal"),
    fact(Cause::ReputationPoor, "reputation-poor", AfterChange, "the reputation of the client's address or domain is too poor",
        "end what harms the reputation (spam, complaints, dead addresses), and send less until it recovers"),
    fact(Cause::ReverseDnsMissing, "reverse-dns-missing", AfterChange, "the client's address has no reverse DNS that fits",
        "give the client's address a PTR record whose name resolves back to it"),
    fact(Cause::SpfFailed, "spf-failed", AfterChange, "SPF does not let this client send for {sender}",
        "add the client's address to the SPF record of the sender's domain, or send through a host that it names"),
    fact(Cause::DkimFailed, "dkim-failed", AfterChange, "the DKIM signature of the message is missing or not valid",
        "mend the signing for the sender's domain, and look for what changes the message on its way"),
    fact(Cause::DmarcFailed, "dmarc-failed", AfterChange, "the message fails the DMARC policy of its From domain",
        "let SPF or DKIM pass for the From domain itself; mail sent through others has to be signed for it"),
    fact(Cause::SpamRejected, "spam-rejected", AfterChange, "the server takes the message for spam",
        "look at content, links and attachments, and prove the origin with SPF, DKIM and DMARC"),
    fact(Cause::VirusRejected, "virus-rejected", Never, "the server found malware in the message",
        "scan the sending machine and the attachment; if both are clean, ask the receiving side's postmaster"),
    fact(Cause::ContentRejected, "content-rejected", AfterChange, "the server does not take the content of the message",
        "remove or mend what the reply names"),
    fact(Cause::PolicyRejected, "policy-rejected", AfterChange, "a policy of the receiving side forbids it",
        "ask the receiving side's postmaster, with the whole text of the reply"),
    fact(Cause::TlsRequired, "tls-required", AfterChange, "the server wants TLS first",
        "send STARTTLS before this command; where the server does not offer it, something on the way hides it"),
    fact(Cause::AuthRequired, "auth-required", AfterChange, "the server wants the client to log in first",
        "authenticate with AUTH, after STARTTLS, on the submission port (587 or 465)"),
    fact(Cause::AuthFailed, "auth-failed", AfterChange, "the server did not accept the login",
        "check user name and password, and whether the account may log in this way"),
    fact(Cause::AuthUnavailable, "auth-unavailable", Helps, "the server cannot check logins at the moment",
        "try again later; whoever runs the server looks at what it asks for passwords"),
    fact(Cause::DnsFailure, "dns-failure", Helps, "a DNS lookup failed at the server",
        "leave the mail in the queue; if it goes on, check the DNS of the domains concerned"),
    fact(Cause::LoopDetected, "loop-detected", AfterChange, "the message runs in a loop",
        "compare its Received lines: two hosts or forwardings send it to each other"),
    fact(Cause::RecipientMoved, "recipient-moved", AfterChange, "{recipient} is elsewhere: {text}",
        "send to the new address"),
    fact(Cause::InternationalizationRequired, "internationalization-required", AfterChange, "an address outside ASCII needs SMTPUTF8, which one side does not have",
        "send through servers with SMTPUTF8, or use an address in ASCII"),
    fact(Cause::ServerError, "server-error", Helps, "something failed inside the server",
        "whoever runs the server looks into its log"),
    fact(Cause::ServiceUnavailable, "service-unavailable", Helps, "the server takes no mail at the moment",
        "try again later; a mail server does so by itself"),
    fact(Cause::IdleTimeout, "idle-timeout", Helps, "the server waited too long for the client and closed the session",
        "nothing, where a person typed; a program has to send its commands sooner"),
    fact(Cause::NoValidRecipients, "no-valid-recipients", AfterChange, "no recipient was left: every RCPT had been refused",
        "look at the replies to RCPT: they have the cause"),
    fact(Cause::Refused, "refused", AfterChange, "the server refused {what} and gave no cause that is known: {text}",
        "ask the receiving side's postmaster, with the whole text of the reply"),
    fact(Cause::Delayed, "delayed", Helps, "the server put {what} off and gave no cause that is known: {text}",
        "leave the mail in the queue: a mail server tries again by itself"),
    fact(Cause::RelayDenied, "relay-denied", AfterChange, "",
        ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_a_rule() {
        for fact in CAUSES {
            let rule = crate::rules::find(fact.rule);
            assert!(
                rule.is_some_and(|rule| fact.cause == Cause::RelayDenied
                    || rule.family == crate::rules::Family::Delivery),
                "{}",
                fact.rule
            );
            assert_eq!(fact.cause.rule(), fact.rule);
        }
        for rule in crate::rules::all() {
            let known = CAUSES.iter().any(|fact| fact.rule == rule.name);
            assert!(rule.family != crate::rules::Family::Delivery || known, "{}", rule.name);
        }
    }
}
