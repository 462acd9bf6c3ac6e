//! What the words for a failed connection mean: each tool quotes its system's, and they are few.

use crate::transcript::{ConnectFailure, Fact};

/// Why no connection came about, from the tool's words; [`ConnectFailure::Other`] where they do not tell.
pub(super) fn connect_failure(words: &[u8]) -> ConnectFailure {
    const WORDS: &[(&str, ConnectFailure)] = &[
        ("refused", ConnectFailure::Refused),
        ("REFUSED", ConnectFailure::Refused),
        ("timed out", ConnectFailure::TimedOut),
        ("Timed out", ConnectFailure::TimedOut),
        ("timeout", ConnectFailure::TimedOut),
        ("Timeout", ConnectFailure::TimedOut),
        ("TIMEDOUT", ConnectFailure::TimedOut),
        ("NOTFOUND", ConnectFailure::NotFound),
        ("EAI_AGAIN", ConnectFailure::NotFound),
        ("not known", ConnectFailure::NotFound),
        ("not resolve", ConnectFailure::NotFound),
        ("not be resolved", ConnectFailure::NotFound),
        ("nown host", ConnectFailure::NotFound),
        ("UnknownHost", ConnectFailure::NotFound),
        ("getaddrinfo", ConnectFailure::NotFound),
        ("lookup failure", ConnectFailure::NotFound),
        ("name resolution", ConnectFailure::NotFound),
        ("no such host", ConnectFailure::NotFound),
        ("No address associated", ConnectFailure::NotFound),
        ("Bad hostname", ConnectFailure::NotFound),
        ("cannot locate host", ConnectFailure::NotFound),
    ];
    WORDS
        .iter()
        .find(|(part, _)| has(words, part))
        .map_or(ConnectFailure::Other, |(_, failure)| *failure)
}

/// The fact that no connection came about.
pub(super) fn connect_failed(words: &[u8]) -> Fact {
    Fact::ConnectFailed(connect_failure(words))
}

/// Whether the words are about a certificate that does not verify.
pub(super) fn blames_certificate(words: &[u8]) -> bool {
    has(words, "ertificate verif") || has(words, "CERTIFICATE_VERIFY") || has(words, "PKIX path")
}

/// Whether the text holds these words.
pub(super) fn has(text: &[u8], words: &str) -> bool {
    memchr::memmem::find(text, words.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_systems_words_are_understood() {
        for (words, want) in [
            (&b"connect to mx.example port 25: Connection refused"[..], ConnectFailure::Refused),
            (b"connect ECONNREFUSED 192.0.2.1:25", ConnectFailure::Refused),
            (b"Operation timed out", ConnectFailure::TimedOut),
            (b"java.net.UnknownHostException: mx.example", ConnectFailure::NotFound),
            (b"getaddrinfo ENOTFOUND mx.example", ConnectFailure::NotFound),
            (b"No route to host", ConnectFailure::Other),
        ] {
            assert_eq!(connect_failure(words), want, "{}", words.escape_ascii());
        }
    }
}
