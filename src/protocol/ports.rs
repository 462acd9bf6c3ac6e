//! Well-known TCP ports of other protocols, at which nobody expects a mail server.
//!
//! From IANA's registry of service names and ports (RFC 6335 §8), each with the document that assigns it where there is one.

use super::Clause;

/// A port, the protocol that has it, and where that is written.
pub const OTHERS: &[(u16, &str, Clause)] = &[
    (20, "FTP data", "RFC 959 §8"),
    (21, "FTP", "RFC 959 §8"),
    (22, "SSH", "RFC 4253 §4.1"),
    (23, "TELNET", "RFC 854"),
    (53, "DNS", "RFC 1035 §4.2"),
    (80, "HTTP", "RFC 9110 §4.2.1"),
    (110, "POP3", "RFC 1939 §3"),
    (119, "NNTP", "IANA service names"),
    (143, "IMAP", "RFC 9051 §2.1"),
    (389, "LDAP", "RFC 4511 §5.2"),
    (443, "HTTPS", "RFC 9110 §4.2.2"),
    (636, "LDAPS", "IANA service names"),
    (993, "IMAPS", "RFC 8314 §7.2"),
    (995, "POP3S", "RFC 8314 §7.1"),
    (3306, "MySQL", "IANA service names"),
    (5432, "PostgreSQL", "IANA service names"),
];

/// Whether the port belongs to another protocol.
///
/// ```
/// use smtplog::protocol::ports;
/// assert!(ports::is_of_another_protocol(110));
/// assert!(!ports::is_of_another_protocol(2525));
/// ```
pub fn is_of_another_protocol(port: u16) -> bool {
    OTHERS.iter().any(|(other, ..)| *other == port)
}
