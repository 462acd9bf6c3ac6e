//! What a source in which no SMTP was found looks like instead.

use crate::grammar::foreign::{Foreign, foreign};

/// How many lines are looked at; a dialogue of any protocol has shown itself by then.
const LINES: u64 = 2000;

/// What can be told from a source's lines.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Likeness {
    /// Lines that are not blank.
    lines: u64,
    http: u64,
    ftp: u64,
    pop3: u64,
    imap: u64,
    nntp: u64,
    ssh: u64,
    tls: u64,
    /// Lines with octets that text does not have.
    binary: u64,
}

impl Likeness {
    /// Looks at one more line.
    pub(crate) fn see(&mut self, line: &[u8]) {
        if self.lines >= LINES || line.trim_ascii().is_empty() {
            return;
        }
        self.lines += 1;
        self.binary += u64::from(line.contains(&0));
        let line = line.trim_ascii();
        self.pop3 += u64::from(line.starts_with(b"+OK") || line.starts_with(b"-ERR"));
        self.imap += u64::from(line.starts_with(b"* OK") || line.starts_with(b"* CAPABILITY"));
        self.ftp += u64::from(line.starts_with(b"331 ") || line.starts_with(b"227 "));
        match foreign(line) {
            Some(Foreign::Http) => self.http += 1,
            Some(Foreign::Ftp) => self.ftp += 1,
            Some(Foreign::Pop3) => self.pop3 += 1,
            Some(Foreign::FtpOrPop3) => {
                self.ftp += 1;
                self.pop3 += 1;
            }
            Some(Foreign::Imap) => self.imap += 1,
            Some(Foreign::Nntp) => self.nntp += 1,
            Some(Foreign::Ssh) => self.ssh += 1,
            Some(Foreign::Tls) => self.tls += 1,
            None => {}
        }
    }

    /// A sentence for whoever expected SMTP here.
    pub(crate) fn sentence(&self) -> String {
        let like = [
            (self.tls, "TLS records: the connection was encrypted before it was recorded"),
            (self.ssh, "the greeting of an SSH server"),
            (self.http, "an HTTP dialogue"),
            (self.nntp, "an NNTP dialogue"),
            (self.imap, "an IMAP dialogue"),
            (self.pop3, "a POP3 dialogue"),
            (self.ftp, "an FTP dialogue"),
        ];
        // Of protocols that share words the one with more of them; of equals the last one.
        let most = like.into_iter().max_by_key(|(votes, _)| *votes);
        match most {
            _ if self.lines == 0 => "there is no SMTP in it: it is empty".to_owned(),
            Some((votes, what)) if votes > 0 => {
                format!("there is no SMTP in it: it looks like {what}")
            }
            _ if self.binary > 0 => "there is no SMTP in it: it is not text".to_owned(),
            _ => "there is no SMTP in it: text without a command or a reply".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_it_is() {
        for (text, expected) in [
            ("", "empty"),
            (" \n\n", "empty"),
            ("220 ready\nUSER anonymous\n331 Password\nPASS x\n", "FTP"),
            ("+OK ready\nUSER fred\n+OK\nPASS x\n", "POP3"),
            ("* OK ready\na1 LOGIN fred x\n", "IMAP"),
            ("HTTP/1.1 400 Bad Request\n", "HTTP"),
            ("SSH-2.0-OpenSSH_9.6\n", "SSH"),
            ("Dear colleagues,\nit does not work.\n", "text without"),
            ("a\0b\n", "not text"),
        ] {
            let mut likeness = Likeness::default();
            text.lines().for_each(|line| likeness.see(line.as_bytes()));
            let sentence = likeness.sentence();
            assert!(sentence.contains(expected), "{text:?}: {sentence}");
        }
    }
}
