//! Names that say nothing about anybody, and that a diagnosis needs.

/// Domains of providers, under which many have a mailbox or a host.
const PROVIDERS: &[&str] = &[
    "126.com",
    "163.com",
    "1and1.com",
    "aliyun.com",
    "amazonaws.com",
    "amazonses.com",
    "antispamcloud.com",
    "aol.com",
    "apple.com",
    "arcor.de",
    "att.net",
    "bellsouth.net",
    "bigpond.com",
    "bluewin.ch",
    "btinternet.com",
    "cdmon.com",
    "charter.net",
    "comcast.net",
    "cox.net",
    "earthlink.net",
    "fastmail.com",
    "fastmail.fm",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "godaddy.com",
    "googlemail.com",
    "hinet.net",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "ionos.com",
    "iphmx.com",
    "kundenserver.de",
    "laposte.net",
    "libero.it",
    "live.co.uk",
    "live.com",
    "live.fr",
    "live.nl",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailgun.org",
    "mandrillapp.com",
    "me.com",
    "messagelabs.com",
    "mimecast.com",
    "msn.com",
    "naver.com",
    "office.com",
    "office365.com",
    "onmicrosoft.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "ovh.net",
    "posteo.de",
    "postini.com",
    "pphosted.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rackspace.com",
    "rambler.ru",
    "rediffmail.com",
    "rr.com",
    "sbcglobal.net",
    "secureserver.net",
    "sendgrid.net",
    "seznam.cz",
    "sfr.fr",
    "shaw.ca",
    "sky.com",
    "sonicwall.com",
    "sparkpostmail.com",
    "t-online.de",
    "talktalk.net",
    "telenet.be",
    "tiscali.it",
    "verizon.net",
    "virginmedia.com",
    "wanadoo.fr",
    "web.de",
    "xtra.co.nz",
    "yahoo.ca",
    "yahoo.co.in",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.it",
    "yahoodns.net",
    "yandex.com",
    "yandex.net",
    "yandex.ru",
    "ymail.com",
    "zendesk.com",
    "zoho.com",
];

/// Domains of blocklists, of makers and of documentation: what stands under them says what it is about.
const SERVICES: &[&str] = &[
    "abuseat.org",
    "barracudacentral.org",
    "barracudanetworks.com",
    "cisco.com",
    "cloudmark.com",
    "example.com",
    "example.net",
    "example.org",
    "exim.org",
    "google.com",
    "ietf.org",
    "jetmore.org",
    "mailspike.net",
    "microsoft.com",
    "njabl.org",
    "openspf.org",
    "postfix.org",
    "proofpoint.com",
    "senderbase.org",
    "sendmail.org",
    "sorbs.net",
    "spamcop.net",
    "spamhaus.net",
    "spamhaus.org",
    "spamrats.com",
    "surbl.org",
    "symantec.com",
    "trendmicro.com",
    "uceprotect.net",
    "uribl.com",
];

/// Top-level domains that are nobody's, or that stand for what is inside (RFC 2606, RFC 6761, RFC 6762).
const RESERVED: &[&str] = &["test", "example", "invalid", "localhost"];
const INSIDE: &[&str] =
    &["local", "lan", "localdomain", "internal", "intranet", "corp", "home", "arpa"];

/// Top-level domains that make a word with one dot a domain even among other words.
const PLAIN: &[&str] = &[
    "com",
    "net",
    "org",
    "edu",
    "gov",
    "mil",
    "info",
    "biz",
    "io",
    "de",
    "uk",
    "fr",
    "nl",
    "ch",
    "eu",
    "ru",
    "jp",
    "cn",
    "br",
    "au",
    "ca",
    "us",
    "se",
    "dk",
    "fi",
    "cz",
    "test",
    "example",
    "invalid",
    "local",
    "lan",
    "localdomain",
    "internal",
    "corp",
];

/// Roles of mailboxes (RFC 2142 and custom): nobody's name.
const ROLES: &[&str] = &[
    "postmaster",
    "abuse",
    "root",
    "admin",
    "administrator",
    "info",
    "test",
    "user",
    "nobody",
    "noreply",
    "no-reply",
    "mailer-daemon",
    "webmaster",
    "hostmaster",
    "support",
    "sales",
    "help",
    "list",
    "mail",
    "office",
    "noc",
    "security",
    "me",
    "you",
    "sender",
    "recipient",
    "from",
    "to",
    "bounce",
    "bounces",
    "daemon",
    "guest",
    "staff",
    "all",
    "everyone",
    "someone",
    "nosuchuser",
    "unknown",
];

/// What hosts are called by what they do.
const HOST_ROLES: &[&str] = &[
    "mail",
    "mx",
    "smtp",
    "relay",
    "gw",
    "gateway",
    "out",
    "outbound",
    "in",
    "inbound",
    "mta",
    "ns",
    "www",
    "imap",
    "pop",
    "ftp",
    "webmail",
    "autodiscover",
    "server",
    "localhost",
    "client",
    "exchange",
    "edge",
    "hub",
    "host",
    "mailhost",
    "mailhub",
    "mailserver",
    "dsl",
    "dyn",
    "dynamic",
    "static",
    "vpn",
    "zen",
    "bl",
    "dnsbl",
    "dkim",
    "spf",
    "localhost.localdomain",
    "redacted",
    "removed",
    "hidden",
    "masked",
    "hostname",
    "protection",
    "prod",
    "olc",
    "l",
    "xbl",
    "sbl",
    "pbl",
    "css",
    "dbl",
    "sip",
    "esmtp",
    "me",
    "there",
    "test",
    "example",
    "hello",
    "world",
];

fn is_in(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

fn without_number(word: &[u8]) -> &[u8] {
    let digits = word.iter().rev().take_while(|octet| octet.is_ascii_digit()).count();
    word.get(..word.len() - digits.min(2)).unwrap_or(word)
}

/// Whether a local part is a role.
pub(super) fn is_role(word: &[u8]) -> bool {
    is_in(ROLES, word)
}

/// Whether a label of a host says what the host does, with or without a number.
pub(super) fn is_role_of_host(label: &[u8]) -> bool {
    is_in(HOST_ROLES, label) || is_in(HOST_ROLES, without_number(label))
}

/// Whether a word has a meaning of its own, so that it cannot stand for another.
pub(super) fn means_something(word: &[u8]) -> bool {
    is_role(word) || is_role_of_host(word) || is_in(PLAIN, word)
}

/// How likely a host is where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expected {
    /// Among other words.
    Hardly,
    /// In replies and remarks: any public suffix will do.
    Perhaps,
    /// Behind `@`, behind EHLO: it is one, whatever its suffix.
    Certainly,
}

/// Whether a word is the name of a host or a domain.
pub(super) fn is_host(name: &[u8], expected: Expected) -> bool {
    let mut labels = name.split(|octet| *octet == b'.');
    let count = labels.clone().count();
    let whole = labels.clone().all(|label| !label.is_empty() && label.len() <= 63);
    let Some(last) = labels.next_back().filter(|_| whole && count >= 2) else { return false };
    if !last.iter().all(|octet| octet.is_ascii_alphabetic() || *octet >= 0x80) {
        return false;
    }
    if expected == Expected::Certainly || is_in(RESERVED, last) || is_in(INSIDE, last) {
        return true;
    }
    let suffix = psl::suffix(&name.to_ascii_lowercase()).is_some_and(|suffix| suffix.is_known());
    suffix && (is_in(PLAIN, last) || expected == Expected::Perhaps || count >= 3)
}

/// Whose a domain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Reserved for documentation and tests: all of it stays.
    Nobody,
    /// A blocklist or a maker.
    Service,
    /// A provider, whose customers have hosts of their own under it.
    Provider,
    /// Anybody: only the public suffix stays.
    Somebody,
}

/// Whose a domain is, and how many octets at its end stay.
pub(super) fn kept(name: &[u8]) -> (Owner, usize) {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit(|octet| *octet == b'.').next().unwrap_or_default();
    if is_in(RESERVED, last) {
        return (Owner::Nobody, name.len());
    }
    if is_in(INSIDE, last) {
        return (Owner::Somebody, last.len());
    }
    let below = |known: &&&str| {
        let rest = lower.strip_suffix(known.as_bytes());
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(b"."))
    };
    if let Some(known) = SERVICES.iter().find(below) {
        return (Owner::Service, known.len());
    }
    if let Some(known) = PROVIDERS.iter().find(below) {
        return (Owner::Provider, known.len());
    }
    (Owner::Somebody, psl::suffix(&lower).map_or(last.len(), |suffix| suffix.as_bytes().len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_other_words() {
        for (name, expected, is) in [
            (&b"mail.acme.co.uk"[..], Expected::Hardly, true),
            (b"acme.com", Expected::Hardly, true),
            (b"smtplib.py", Expected::Hardly, false),
            (b"smtplib.py", Expected::Perhaps, true),
            (b"com.sun.mail.smtp", Expected::Hardly, false),
            (b"pc.lab", Expected::Perhaps, false),
            (b"pc.lab", Expected::Certainly, true),
            (b"4.96", Expected::Certainly, false),
            (b"srv.corp.local", Expected::Hardly, true),
            (b"localhost", Expected::Certainly, false),
        ] {
            assert_eq!(is_host(name, expected), is, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn what_stays_of_a_domain() {
        for (name, owner, octets) in [
            ("mx.acme.co.uk", Owner::Somebody, 5),
            ("acme.com", Owner::Somebody, 3),
            ("acme-com.mail.protection.outlook.com", Owner::Provider, 11),
            ("zen.spamhaus.org", Owner::Service, 12),
            ("x.test", Owner::Nobody, 6),
        ] {
            assert_eq!(kept(name.as_bytes()), (owner, octets), "{name}");
        }
    }
}
