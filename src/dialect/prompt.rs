//! Shell lines: what a person typed to start a tool, with or without a prompt before it.
//!
//! Not a dialect: the dialects of telnet, netcat and OpenSSL ask it which host a line dials.

use crate::transcript::Fact;

/// A shell line taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShellLine<'l> {
    /// Whether a prompt stands before the command.
    pub(super) prompted: bool,
    /// The words of the command, the tool's name first; `sudo` and its like are left out.
    pub(super) words: Vec<&'l [u8]>,
}

/// The command on a line that begins with a prompt, or that begins with one of `tools`.
pub(super) fn shell_line<'l>(line: &'l [u8], tools: &[&str]) -> Option<ShellLine<'l>> {
    let line = line.trim_ascii();
    let (prompted, command) = match after_prompt(line) {
        Some(command) => (true, command),
        None => (false, line),
    };
    let mut words = command
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .skip_while(|word| matches!(*word, b"sudo" | b"time" | b"spawn" | b"exec" | b"!"))
        .take(32)
        .peekable();
    // Nearly every line begins with another word, and has no pipe.
    let alone = memchr::memchr(b'|', command).is_none();
    if !prompted && alone && words.peek().is_none_or(|word| !names_tool(word, tools)) {
        return None;
    }
    let mut words: Vec<&[u8]> = words.collect();
    // `echo … | nc host 25` and `(…) | openssl s_client …`: the last command of the pipe talks.
    if let Some(pipe) = words.iter().rposition(|word| *word == b"|") {
        words.drain(..=pipe);
    }
    let first = words.first()?;
    let known = names_tool(first, tools);
    (prompted || known)
        .then_some(ShellLine { prompted, words })
        .filter(|_| known || tools.is_empty())
}

/// Whether a word is the name of one of the tools, with or without a path before it.
fn names_tool(word: &[u8], tools: &[&str]) -> bool {
    let tool = word.rsplit(|&octet| octet == b'/' || octet == b'\\').next().unwrap_or_default();
    let tool = tool.strip_suffix(b".exe").unwrap_or(tool);
    tools.iter().any(|name| tool.eq_ignore_ascii_case(name.as_bytes()))
}

/// Whether the line begins with a prompt of Windows: `C:\Users\x>`, `PS C:\>`.
pub(super) fn is_windows(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"PS ").unwrap_or(line);
    line.first().is_some_and(u8::is_ascii_alphabetic)
        && line.get(1..3) == Some(b":\\")
        && line.contains(&b'>')
}

/// What follows the prompt of a shell, where the line begins with one.
pub(super) fn after_prompt(line: &[u8]) -> Option<&[u8]> {
    for glyph in ["❯ ", "➜ ", "└─$ ", "└─# ", "➤ ", "λ "] {
        if let Some(rest) = line.strip_prefix(glyph.as_bytes()) {
            return Some(rest.trim_ascii_start());
        }
    }
    if let Some(rest) = line.strip_prefix(b"PS ").or(Some(line)).filter(|rest| {
        rest.get(1..3) == Some(b":\\") && rest.first().is_some_and(u8::is_ascii_alphabetic)
    }) {
        let end = memchr::memchr(b'>', rest)?;
        return rest.get(end + 1..).map(<[u8]>::trim_ascii_start);
    }
    if let [b'$' | b'#' | b'%' | b'>', b' ', rest @ ..] = line {
        return Some(rest.trim_ascii_start());
    }
    let end = line.iter().take(96).position(|octet| matches!(octet, b'$' | b'#' | b'%'))?;
    let prompt = line.get(..end)?;
    let rest = line.get(end + 1..)?;
    let bracketed = prompt.first() == Some(&b'[') && prompt.last() == Some(&b']');
    let plausible = (memchr::memchr(b'@', prompt).is_some() || bracketed)
        && !prompt.iter().any(|octet| matches!(octet, b'<' | b'>' | b'"' | b','));
    let words = prompt.split(u8::is_ascii_whitespace).count();
    (plausible && words <= 3 && rest.first().is_none_or(|octet| *octet == b' '))
        .then(|| rest.trim_ascii_start())
}

/// The host and port among a tool's words: the first word that is no option, and the next one.
///
/// `valued` names the options that take a value of their own.
pub(super) fn host_and_port(words: &[&[u8]], valued: &[&str]) -> Option<Fact> {
    let mut rest = words.iter().skip(1);
    let mut operands: Vec<&[u8]> = Vec::new();
    while let Some(word) = rest.next() {
        if word.first() == Some(&b'-') && word.len() > 1 {
            if valued.iter().any(|option| option.as_bytes() == *word) {
                rest.next();
            }
        } else if matches!(word.first(), Some(b'<' | b'>' | b'|' | b'&' | b';')) {
            break;
        } else {
            operands.push(word);
        }
    }
    dialled(operands.first()?, operands.get(1).copied())
}

/// `host`, `host:port` or `host port` as a fact.
pub(super) fn dialled(host: &[u8], port: Option<&[u8]>) -> Option<Fact> {
    let (host, joined) = match host.iter().rposition(|&octet| octet == b':') {
        Some(colon) if port.is_none() && !host.get(..colon)?.contains(&b':') => {
            (host.get(..colon)?, host.get(colon + 1..))
        }
        _ => (host, port),
    };
    let port = joined.and_then(port_number);
    let plausible =
        !host.is_empty() && host.iter().all(|octet| octet.is_ascii_graphic() || !octet.is_ascii());
    plausible.then(|| Fact::Dialled { host: host.to_vec(), port })
}

/// Whether it is an IP address as text, with its zone or without.
pub(super) fn is_address(word: &[u8]) -> bool {
    let end = memchr::memchr(b'%', word).unwrap_or(word.len());
    let word = word.get(..end).and_then(|word| std::str::from_utf8(word).ok());
    word.is_some_and(|word| word.parse::<std::net::IpAddr>().is_ok())
}

/// A TCP port, as a number or as the service's name.
pub(super) fn port_number(word: &[u8]) -> Option<u16> {
    match word {
        b"smtp" | b"mail" => Some(25),
        b"smtps" | b"submissions" | b"ssmtp" => Some(465),
        b"submission" => Some(587),
        _ => std::str::from_utf8(word).ok()?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_taken_off() {
        for (line, want) in [
            (&b"user@host:~$ telnet mx.example 25"[..], Some(&b"telnet mx.example 25"[..])),
            (b"[root@mail ~]# nc mx.example 25", Some(b"nc mx.example 25")),
            (b"$ telnet mx.example 25", Some(b"telnet mx.example 25")),
            (b"C:\\Users\\x>telnet mx.example 25", Some(b"telnet mx.example 25")),
            (b"MAIL FROM:<a@b.example> costs 5$ more", None),
            (b"250 ok", None),
        ] {
            assert_eq!(after_prompt(line), want, "{}", line.escape_ascii());
        }
    }

    #[test]
    fn hosts_and_ports_are_found() {
        let dialled = |line: &[u8]| {
            shell_line(line, &["telnet", "nc"])
                .and_then(|shell| host_and_port(&shell.words, &["-w"]))
        };
        let fact = |host: &[u8], port| Some(Fact::Dialled { host: host.to_vec(), port });
        assert_eq!(dialled(b"telnet mx.example 25"), fact(b"mx.example", Some(25)));
        assert_eq!(dialled(b"$ sudo nc -v -w 3 mx.example smtp"), fact(b"mx.example", Some(25)));
        assert_eq!(dialled(b"telnet is a tool"), fact(b"is", None));
        assert_eq!(dialled(b"250 ok"), None);
    }
}
