//! SASL mechanisms: what each shows to a listener, and how many challenges it takes.

use super::Clause;

/// What somebody who reads the dialogue learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Secret {
    /// The password.
    Password,
    /// A token that is as good as the password while it lasts.
    Token,
    /// A proof from which a weak password can be guessed.
    Proof,
    /// Nothing that opens the account.
    Nothing,
}

/// One SASL mechanism.
#[derive(Debug)]
pub struct Mechanism {
    /// Its name, upper case.
    pub name: &'static str,
    /// What its exchange gives away.
    pub secret: Secret,
    /// Whether the client speaks first, so that AUTH may carry an initial response. A mechanism in
    /// which the server does must not have one (RFC 4954 §4).
    pub client_first: bool,
    /// The usual number of 334 challenges of a successful exchange, without an initial response;
    /// with one it is one less.
    pub challenges: u8,
    /// Whether its use is discouraged or over.
    pub obsolete: bool,
    /// Where.
    pub clause: Clause,
}

impl Mechanism {
    /// Whether a listener learns what opens the account: such a mechanism needs TLS.
    pub const fn is_plaintext(&self) -> bool {
        matches!(self.secret, Secret::Password | Secret::Token)
    }

    /// Whether AUTH with an initial response takes one round trip, so that it may be pipelined
    /// (RFC 4954 §4).
    pub const fn one_round_trip(&self) -> bool {
        self.client_first && self.challenges == 1
    }
}

/// The mechanism of this name, in any mix of upper and lower case.
///
/// ```
/// use smtplog::protocol::mechanisms;
/// assert!(mechanisms::find(b"plain").is_some_and(mechanisms::Mechanism::is_plaintext));
/// ```
pub fn find(name: &[u8]) -> Option<&'static Mechanism> {
    MECHANISMS.iter().find(|mechanism| mechanism.name.as_bytes().eq_ignore_ascii_case(name))
}

const fn mechanism(
    name: &'static str,
    secret: Secret,
    client_first: bool,
    challenges: u8,
    obsolete: bool,
    clause: Clause,
) -> Mechanism {
    Mechanism { name, secret, client_first, challenges, obsolete, clause }
}

/// The known mechanisms.
#[rustfmt::skip]
pub const MECHANISMS: &[Mechanism] = &[
    //                                                 client first  challenges  obsolete
    mechanism("PLAIN",              Secret::Password,  true,         1,          false, "RFC 4616 §2"),
    mechanism("LOGIN",              Secret::Password,  true,         2,          true,  "draft-murchison-sasl-login"),
    mechanism("PLAIN-CLIENTTOKEN",  Secret::Token,     true,         1,          false, "Gmail"),
    mechanism("XOAUTH",             Secret::Token,     true,         1,          true,  "Gmail"),
    mechanism("XOAUTH2",            Secret::Token,     true,         1,          false, "Gmail, Microsoft 365"),
    mechanism("OAUTHBEARER",        Secret::Token,     true,         1,          false, "RFC 7628 §3"),
    mechanism("OAUTH10A",           Secret::Proof,     true,         1,          true,  "RFC 7628 §3"),
    mechanism("CRAM-MD5",           Secret::Proof,     false,        1,          true,  "RFC 2195 §2"),
    mechanism("CRAM-SHA1",          Secret::Proof,     false,        1,          true,  "Courier"),
    mechanism("CRAM-SHA256",        Secret::Proof,     false,        1,          true,  "Courier"),
    mechanism("DIGEST-MD5",         Secret::Proof,     false,        2,          true,  "RFC 6331 §1"),
    mechanism("SCRAM-SHA-1",        Secret::Proof,     true,         3,          false, "RFC 5802 §5"),
    mechanism("SCRAM-SHA-1-PLUS",   Secret::Proof,     true,         3,          false, "RFC 5802 §5"),
    mechanism("SCRAM-SHA-256",      Secret::Proof,     true,         3,          false, "RFC 7677 §3"),
    mechanism("SCRAM-SHA-256-PLUS", Secret::Proof,     true,         3,          false, "RFC 7677 §3"),
    mechanism("NTLM",               Secret::Proof,     true,         2,          true,  "Microsoft MS-SMTPNTLM"),
    mechanism("MSN",                Secret::Proof,     true,         2,          true,  "Microsoft"),
    mechanism("GSS-SPNEGO",         Secret::Nothing,   true,         2,          false, "Microsoft"),
    mechanism("GSSAPI",             Secret::Nothing,   true,         3,          false, "RFC 4752 §3"),
    mechanism("GS2-KRB5",           Secret::Nothing,   true,         2,          false, "RFC 5801 §5"),
    mechanism("GS2-IAKERB",         Secret::Nothing,   true,         2,          false, "RFC 5801 §5"),
    mechanism("KERBEROS_V4",        Secret::Nothing,   false,        2,          true,  "RFC 2222 §7.1"),
    mechanism("EXCHANGEAUTH",       Secret::Nothing,   true,         2,          false, "Microsoft Exchange 2007"),
    mechanism("EXTERNAL",           Secret::Nothing,   true,         1,          false, "RFC 4422 §A"),
    mechanism("ANONYMOUS",          Secret::Nothing,   true,         1,          false, "RFC 4505 §2"),
    mechanism("OTP",                Secret::Nothing,   true,         2,          false, "RFC 2444 §3"),
    mechanism("SKEY",               Secret::Nothing,   true,         2,          true,  "RFC 2222 §7.3"),
    mechanism("SECURID",            Secret::Nothing,   true,         1,          false, "RFC 2808 §3"),
    mechanism("SAML20",             Secret::Nothing,   true,         2,          false, "RFC 6595 §3"),
    mechanism("OPENID20",           Secret::Nothing,   true,         2,          false, "RFC 6616 §3"),
    mechanism("SRP",                Secret::Nothing,   true,         3,          true,  "draft-burdis-cat-srp-sasl"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::values;

    #[test]
    fn every_name_stands_once_is_well_formed_and_cites_its_source() {
        for (place, row) in MECHANISMS.iter().enumerate() {
            assert!(values::sasl_mech(row.name.as_bytes()), "{}", row.name);
            assert!(MECHANISMS[..place].iter().all(|other| other.name != row.name));
            assert!(!row.clause.is_empty() && row.challenges > 0, "{}", row.name);
        }
    }

    #[test]
    fn what_a_listener_learns() {
        for (name, plaintext, one_round_trip) in [
            ("PLAIN", true, true),
            ("LOGIN", true, false),
            ("XOAUTH2", true, true),
            ("CRAM-MD5", false, false),
            ("EXTERNAL", false, true),
            ("scram-sha-256", false, false),
        ] {
            let row = find(name.as_bytes()).expect(name);
            assert_eq!(row.is_plaintext(), plaintext, "{name}");
            assert_eq!(row.one_round_trip(), one_round_trip, "{name}");
        }
        assert!(find(b"PLAI").is_none());
    }
}
