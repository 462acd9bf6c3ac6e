//! `PHPMailer` with `SMTPDebug`: who speaks to whom before each line, in three outputs.
//!
//! ```text
//! 2026-11-23 10:33:32⇥SERVER -> CLIENT: 250-mx.example.net Hello
//!                    ⇥                  250 HELP
//! 2026-11-23 10:33:32 SERVER -&gt; CLIENT: 250-mx.example.net Hello250 HELP<br>
//! SERVER -> CLIENT: 250-mx.example.net Hello
//! 250 HELP
//! ```
//!
//! `echo` (the first) writes the time in UTC and a tab and indents further lines; `html` (the second)
//! writes one row an entry and takes the line breaks out of a reply; `error_log` (the third), PSR-3
//! loggers and callables write no time and leave further lines bare.
//!
//! Traps: level 1 shows replies only inside `SMTP ERROR: … command failed:`, which at every other level
//! repeats the reply before it; level 4 shows each line twice (`SMTP INBOUND:`); an empty `SERVER -> CLIENT:`
//! means that nothing came. From `PHPMailer`'s `SMTP.php` and recordings of 7.1.

use std::borrow::Cow;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape,
    failure::{blames_certificate, connect_failed, has},
    prompt,
    reply_rows::{self, Unfinished},
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static ECHO: Dialect = Dialect {
    name: "phpmailer-echo",
    about: "PHPMailer's SMTPDebug on the terminal: time in UTC, tab, who speaks",
    client: "CLIENT -> SERVER: ",
    server: "SERVER -> CLIENT: ",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["CLIENT", "Connection: opening to "],
    evidence: |line| {
        time::iso(line).and_then(|(_, rest)| rest.strip_prefix(b"\t")).is_some_and(|rest| {
            marked(rest).is_some() || rest.starts_with(b"Connection: opening to ")
        })
    },
    reader: || Box::new(PhpMailer::new(Form::Echo)),
};

pub(super) static HTML: Dialect = Dialect {
    name: "phpmailer-html",
    about: "PHPMailer's SMTPDebug on a web page: one row an entry, replies in one piece",
    client: "CLIENT -&gt; SERVER: ",
    server: "SERVER -&gt; CLIENT: ",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["CLIENT"],
    evidence: |line| {
        let (_, text) = Form::Html.prefix(line).unwrap_or((None, line));
        text.len() < line.len() && marked(text).is_some()
            || marked(text).is_some() && has(line, "-&gt; ")
    },
    reader: || Box::new(PhpMailer::new(Form::Html)),
};

pub(super) static ERROR_LOG: Dialect = Dialect {
    name: "phpmailer-errorlog",
    about: "PHPMailer's SMTPDebug through error_log, a logger or a callable: no time of its own",
    client: "CLIENT -> SERVER: ",
    server: "SERVER -> CLIENT: ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["CLIENT"],
    evidence: |line| {
        Form::ErrorLog.prefix(line).is_some_and(|(_, rest)| marked(rest).is_some())
            && !has(line, "-&gt;")
    },
    reader: || Box::new(PhpMailer::new(Form::ErrorLog)),
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Echo,
    Html,
    ErrorLog,
}

impl Form {
    /// The time before an entry of this form, and the entry.
    fn prefix(self, line: &[u8]) -> Option<(Option<Moment>, &[u8])> {
        match self {
            Self::Echo => {
                let (at, rest) = time::iso(line)?;
                Some((Some(in_utc(at)), rest.strip_prefix(b"\t")?))
            }
            Self::Html => {
                let (at, rest) = time::iso(line)?;
                Some((Some(in_utc(at)), rest.strip_prefix(b" ")?.trim_ascii_start()))
            }
            Self::ErrorLog => {
                let bracketed = line.strip_prefix(b"[").and_then(|rest| {
                    let end = rest.iter().take(48).position(|octet| *octet == b']')?;
                    let (inside, rest) = rest.split_at_checked(end)?;
                    let at = time::php_log(inside)
                        .or_else(|| time::iso(inside))
                        .or_else(|| time::ctime(inside));
                    Some((at.map(|(at, _)| at), rest.strip_prefix(b"]")?.trim_ascii_start()))
                });
                let (at, rest) = bracketed.unwrap_or((None, line));
                // A callable that gets the level often prints it.
                let rest = match rest {
                    [b'0'..=b'9', b':', b' ', tail @ ..] => tail,
                    _ => rest,
                };
                let undated = time::iso(rest).is_none();
                undated.then(|| (at, behind_names(rest)))
            }
        }
    }
}

/// The entry behind what else a web server's log or a program of one's own writes before it:
/// `[php:notice] [pid 12] [client 192.0.2.7:4242] `, `SMTP (level 2): `.
fn behind_names(line: &[u8]) -> &[u8] {
    const FARTHEST: usize = 320;
    if marked(line).is_some() {
        return line;
    }
    let start = line.get(..FARTHEST).unwrap_or(line);
    let arrow = memchr::memmem::find(start, b" -> ");
    let entry = arrow.and_then(|at| {
        let name = at.checked_sub(6)?;
        let before = line.get(..name)?;
        // What a logger or a listing puts there is taken off elsewhere.
        let server = before.first() == Some(&b'[') && before.ends_with(b"] ");
        let own = before.ends_with(b"): ") || before.ends_with(b"message: ");
        (server || own).then(|| line.get(name..))?
    });
    entry.filter(|entry| marked(entry).is_some()).unwrap_or(line)
}

/// The text of an entry in a web server's log, which escapes line endings and says which page was asked for.
fn without_page(text: &[u8]) -> &[u8] {
    let Some(at) = memchr::memmem::rfind(text, b", referer: ") else { return text };
    let page = text.get(at + 11..).unwrap_or_default();
    if page.contains(&b' ') { text } else { text.get(..at).unwrap_or(text) }
}

/// `gmdate` wrote it.
fn in_utc(at: Moment) -> Moment {
    Moment { zoned: true, ..at }
}

/// The mark of an entry and the text behind it.
fn marked(entry: &[u8]) -> Option<(Mark, &[u8])> {
    const MARKS: [(&[u8], Mark); 4] = [
        (b"CLIENT -> SERVER:", Mark::First),
        (b"SERVER -> CLIENT:", Mark::Second),
        (b"CLIENT -&gt; SERVER:", Mark::First),
        (b"SERVER -&gt; CLIENT:", Mark::Second),
    ];
    MARKS.iter().find_map(|(words, mark)| {
        let rest = entry.strip_prefix(*words)?;
        Some((*mark, rest.strip_prefix(b" ").unwrap_or(rest)))
    })
}

/// What the further lines of an entry belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// A line of the dialogue.
    Said,
    /// A remark about a reply: what follows repeats it.
    Remark,
    /// A remark that runs over several lines until a closing parenthesis.
    Options,
}

#[derive(Debug)]
struct PhpMailer {
    form: Form,
    entry: Entry,
    reply: Unfinished,
    /// Replies are shown as such, so that an error repeats them.
    shows_replies: bool,
    tls: Tls,
    at: Option<Moment>,
}

/// How far STARTTLS got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    /// Nothing of it is due.
    Idle,
    /// The client has sent it.
    Asked,
    /// The server has agreed, and nothing was said since: what fails now is the handshake.
    Agreed,
    /// The handshake failed: what else is read is no reply.
    Failed,
}

impl PhpMailer {
    const fn new(form: Form) -> Self {
        Self {
            form,
            entry: Entry::Said,
            reply: Unfinished::NONE,
            shows_replies: false,
            tls: Tls::Idle,
            at: None,
        }
    }
}

impl Reader for PhpMailer {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let mut rest = line;
        let mut taken = false;
        loop {
            let (entry, next) = cut_at_next_entry(rest);
            let read = self.entry(entry, say);
            taken |= read;
            if !read && taken && !entry.is_empty() {
                say(Reading::remark(entry));
            }
            match next {
                Some(next) if taken => rest = next,
                _ => return taken,
            }
        }
    }
}

impl PhpMailer {
    fn entry(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let line = if self.form == Form::Html { without_break(line) } else { line };
        let prefixed = self.form.prefix(line);
        let (at, entry) = match prefixed {
            Some(found) => found,
            None if self.form == Form::Html && has(line, "-&gt; ") => (None, line),
            None => return self.further(line, say),
        };
        if let Some((mark, text)) = marked(entry) {
            self.at = at;
            self.entry = Entry::Said;
            self.say(mark, text, line, say);
            return true;
        }
        if self.remark(entry, say) {
            return true;
        }
        if self.form != Form::ErrorLog && matches!(entry.first(), Some(b'A'..=b'Z')) {
            say(Reading::remark(entry));
            return true;
        }
        self.further(line, say)
    }

    /// Says a marked line: a reply may stand there in one piece, a page's characters as entities.
    fn say(&mut self, mark: Mark, text: &[u8], whole: &[u8], say: Say<'_>) {
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let text = if self.form == Form::ErrorLog { without_page(text) } else { text };
        if self.form == Form::ErrorLog && text.ends_with(b"\\n") {
            self.escaped(mark, text, say);
            return;
        }
        if mark == Mark::First {
            self.reply = Unfinished::NONE;
            self.tls = match self.tls {
                _ if text.eq_ignore_ascii_case(b"STARTTLS") => Tls::Asked,
                Tls::Failed => Tls::Failed,
                _ => Tls::Idle,
            };
            say(decoded(mark, text).at(self.at));
            return;
        }
        self.shows_replies = true;
        if self.tls == Tls::Failed && reply_rows::code(text).is_none() {
            say(Reading::remark(whole));
            return;
        }
        self.tls = match self.tls {
            Tls::Asked if text.starts_with(b"220") => Tls::Agreed,
            Tls::Failed => Tls::Failed,
            _ => Tls::Idle,
        };
        if text.trim_ascii().is_empty() {
            say(Reading::tells(whole, Fact::TimedOut));
            return;
        }
        let glued = self.form == Form::Html || ends_glued(text);
        if glued {
            for part in reply_rows::glued(text) {
                say(decoded(mark, part.trim_ascii_end()).at(self.at));
            }
            return;
        }
        self.reply.said(text);
        say(decoded(mark, text).at(self.at));
    }

    /// Says a line whose endings the log shows.
    fn escaped(&mut self, mark: Mark, text: &[u8], say: Say<'_>) {
        self.reply = Unfinished::NONE;
        self.shows_replies |= mark == Mark::Second;
        self.tls = Tls::Idle;
        for part in escape::backslash_lines(text) {
            say(part.said(mark).at(self.at));
        }
    }

    /// A line without a prefix: the entry before it goes on, or it is none of ours.
    fn further(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii_start();
        let text = text.strip_prefix("↪".as_bytes()).unwrap_or(text).trim_ascii_start();
        if self.entry == Entry::Options {
            if text == b")" || text.ends_with(b")") && text.len() == line.len() {
                self.entry = Entry::Said;
            }
            say(Reading::remark(line));
            return true;
        }
        if self.breaks_tls(text) {
            say(Reading::tells(line, Fact::TlsFailed(text.to_vec())));
            return true;
        }
        if self.reply.takes(text) {
            match self.entry {
                Entry::Said => say(decoded(Mark::Second, text).at(self.at)),
                _ => say(Reading::remark(line)),
            }
            return true;
        }
        let indented = line.len() >= text.len() + 20 && !text.is_empty();
        if self.entry == Entry::Remark && indented {
            let fact = blames_certificate(text).then(|| Fact::CertificateProblem(text.to_vec()));
            say(Reading { fact, ..Reading::remark(line) });
            return true;
        }
        false
    }

    /// Whether `PHPMailer` gives up where a handshake was due: its words are those for a failed connection.
    fn breaks_tls(&mut self, words: &[u8]) -> bool {
        let broken = self.tls == Tls::Agreed
            && words.starts_with(b"SMTP Error: Could not connect to SMTP host");
        if broken {
            self.tls = Tls::Failed;
        }
        broken
    }

    /// What `PHPMailer` itself remarks; `false` where the words are not its own.
    fn remark(&mut self, entry: &[u8], say: Say<'_>) -> bool {
        if let Some(rest) = entry.strip_prefix(b"Connection: opening to ") {
            let target = rest.split(|octet| *octet == b',').next().unwrap_or(rest);
            let host = target.rsplit(|octet| *octet == b'/').next().unwrap_or(target);
            say(Reading::tells(entry, Fact::Opening));
            if let Some(fact) = prompt::dialled(host, None) {
                say(Reading::tells(b"", fact));
            }
            self.shows_replies = false;
            self.tls = Tls::Idle;
            self.reply = Unfinished::NONE;
            let open = entry.ends_with(b"(") || rest.ends_with(b"=>");
            self.entry = if open { Entry::Options } else { Entry::Remark };
            return true;
        }
        if let Some(rest) = entry.strip_prefix(b"SMTP ERROR: ") {
            self.error(rest, entry, say);
            return true;
        }
        let fact = if entry == b"Connection: opened" {
            Some(Fact::Opened)
        } else if entry == b"Connection: closed" {
            Some(Fact::Closed(ClosedBy::Client))
        } else if entry.starts_with(b"Connection failed. Error #") {
            if has(entry, "stream_socket_enable_crypto") {
                Some(Fact::TlsFailed(entry.to_vec()))
            } else {
                Some(connect_failed(entry))
            }
        } else if entry.starts_with(b"SMTP NOTICE: EOF caught") {
            Some(Fact::Closed(ClosedBy::Server))
        } else if self.breaks_tls(entry) {
            Some(Fact::TlsFailed(entry.to_vec()))
        } else if entry.starts_with(b"SMTP Error: ") || entry.starts_with(b"Mailer Error: ") {
            Some(Fact::ToolError(entry.to_vec()))
        } else if entry.starts_with(b"SMTP INBOUND: ")
            || entry.starts_with(b"SMTP NOTICE: ")
            || entry.starts_with(b"SMTP -> get_lines(): ")
            || entry.starts_with(b"Connection: ")
            || entry.starts_with(b"Auth method ")
            || entry.starts_with(b"SMTP connect() failed")
        {
            None
        } else {
            return false;
        };
        self.entry = Entry::Remark;
        self.reply.quoted(entry);
        say(Reading { fact, ..Reading::remark(entry) });
        true
    }

    /// `RCPT TO command failed: 550-5.1.1 …`: the reply itself where replies are not shown otherwise.
    fn error(&mut self, words: &[u8], entry: &[u8], say: Say<'_>) {
        self.entry = Entry::Remark;
        self.reply = Unfinished::NONE;
        let failed = memchr::memmem::find(words, b" failed: ");
        let reply = failed.and_then(|at| words.get(at + b" failed: ".len()..)).unwrap_or_default();
        if reply_rows::code(reply).is_some() {
            self.reply.said(reply);
            if !self.shows_replies {
                self.entry = Entry::Said;
                say(Reading::tells(b"", Fact::RepliesHidden));
                say(decoded(Mark::Second, reply).at(self.at));
                return;
            }
        } else if words.starts_with(b"Failed to connect") {
            // `Connection failed.` has said so before, where the level shows it.
            let fact = Fact::ToolError(entry.to_vec());
            say(Reading::tells(entry, fact));
            return;
        }
        say(Reading::tells(entry, Fact::ToolError(entry.to_vec())));
    }
}

/// Text with a page's entities turned back.
fn decoded(mark: Mark, text: &[u8]) -> Reading<'_> {
    match escape::entities(text) {
        Cow::Borrowed(_) => Reading::said(mark, text),
        Cow::Owned(decoded) => Reading::unescaped(mark, decoded, text),
    }
}

/// Whether a row that begins with `NNN-` holds the last line of its reply as well.
fn ends_glued(row: &[u8]) -> bool {
    reply_rows::goes_on(row)
        && reply_rows::glued(row).last().is_some_and(|last| {
            last.len() < row.len()
                && reply_rows::code(last) == reply_rows::code(row)
                && last.get(3) == Some(&b' ')
        })
}

/// The line without the `<br>` behind it.
fn without_break(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii_end();
    [&b"<br>"[..], b"<br/>", b"<br />", b"&lt;br&gt;"]
        .iter()
        .find_map(|tag| line.strip_suffix(*tag))
        .unwrap_or(line)
}

/// The first entry of a line, and where the second begins: a page's entries may stand in one line.
fn cut_at_next_entry(line: &[u8]) -> (&[u8], Option<&[u8]>) {
    let starts = |at: usize| {
        let rest = line.get(at..).unwrap_or_default();
        Form::Html.prefix(rest).or_else(|| Form::Echo.prefix(rest)).is_some_and(|(_, entry)| {
            marked(entry).is_some()
                || entry.starts_with(b"SMTP ")
                || entry.starts_with(b"Connection")
        })
    };
    // Every entry holds a colon behind its date; dates begin with the century.
    let cut = memchr::memmem::find_iter(line, b"20")
        .filter(|at| *at >= 20)
        .find(|at| line.get(at + 4) == Some(&b'-') && starts(*at));
    match cut.and_then(|at| line.split_at_checked(at)) {
        Some((entry, next)) => (entry, Some(next)),
        None => (line, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn echo_indents_further_lines() {
        let lines = [
            "2026-11-23 10:33:32\tSERVER -> CLIENT: 550-5.1.1 <b@x.example>:",
            "                   \t                  550 5.1.1 User unknown",
            "2026-11-23 10:33:32\tSMTP ERROR: RCPT TO command failed: 550-5.1.1 <b@x.example>:",
            "                   \t                  550 5.1.1 User unknown",
            "2026-11-23 10:33:32\tCLIENT -> SERVER:",
            "2026-11-23 10:33:32\tCLIENT -> SERVER: QUIT",
        ];
        let said = read(&ECHO, &lines);
        assert_eq!(
            rows(&said),
            [
                "2 550-5.1.1 <b@x.example>:",
                "2 550 5.1.1 User unknown",
                "T ToolError",
                "T",
                "1 ",
                "1 QUIT"
            ]
        );
        assert_eq!(said.first().and_then(|said| said.at).map(|at| at.zoned), Some(true));
    }

    #[test]
    fn web_servers_write_more_before_and_behind() {
        let lines = [
            r"[Mon Nov 23 10:33:32.1 2026] [php:notice] [pid 12] [client 192.0.2.7:42] SERVER -> CLIENT: 250-mx\r\n250 HELP\r\n, referer: https://w.example/",
            r"SMTP (level 1): CLIENT -> SERVER: DATA\r\n, referer: https://w.example/",
            "debug level 2; message: SERVER -> CLIENT: 354 go",
            "what CLIENT -> SERVER: means",
        ];
        assert_eq!(
            rows(&read(&ERROR_LOG, &lines)),
            ["2 250-mx", "2 250 HELP", "1 DATA", "2 354 go", "-"]
        );
    }

    #[test]
    fn a_handshake_fails_in_the_words_of_a_connection() {
        let lines = [
            "2026-11-23 10:33:32\tCLIENT -> SERVER: STARTTLS",
            "2026-11-23 10:33:32\tSERVER -> CLIENT: 220 2.0.0 go",
            "SMTP Error: Could not connect to SMTP host.",
            "2026-11-23 10:33:32\tCLIENT -> SERVER: QUIT",
            "2026-11-23 10:33:32\tSERVER -> CLIENT: F",
            "SMTP Error: Could not connect to SMTP host.",
        ];
        assert_eq!(
            rows(&read(&ECHO, &lines)),
            ["1 STARTTLS", "2 220 2.0.0 go", "T TlsFailed", "1 QUIT", "T", "-"]
        );
    }

    #[test]
    fn level_1_has_replies_in_errors_only() {
        let lines = [
            "2026-11-23 10:33:32\tCLIENT -> SERVER: RCPT TO:<b@x.example>",
            "2026-11-23 10:33:32\tSMTP ERROR: RCPT TO command failed: 550-5.1.1 <b@x.example>:",
            "                   \t                  550 5.1.1 User unknown",
            "2026-11-23 10:33:32\tSMTP Error: The following recipients failed: b@x.example: no:",
            "                   \t                  User unknown",
        ];
        assert_eq!(
            rows(&read(&ECHO, &lines)),
            [
                "1 RCPT TO:<b@x.example>",
                "T RepliesHidden",
                "2 550-5.1.1 <b@x.example>:",
                "2 550 5.1.1 User unknown",
                "T ToolError",
                "T"
            ]
        );
    }

    #[test]
    fn html_glues_replies_and_entries() {
        let lines = [
            "2026-11-23 10:33:33 SERVER -&gt; CLIENT: 250-mx.example Hello250-SIZE 1250 HELP<br>",
            "2026-11-23 10:33:33 CLIENT -&gt; SERVER: MAIL FROM:&lt;a@x.example&gt;<br>",
            "2026-11-23 10:33:33 CLIENT -> SERVER: DATA 2026-11-23 10:33:33 SERVER -> CLIENT: 354 go",
        ];
        assert_eq!(
            rows(&read(&HTML, &lines)),
            [
                "2 250-mx.example Hello",
                "2 250-SIZE 1",
                "2 250 HELP",
                "1 MAIL FROM:<a@x.example>",
                "1 DATA",
                "2 354 go"
            ]
        );
    }

    #[test]
    fn loggers_leave_further_lines_bare() {
        let lines = [
            "2: SERVER -> CLIENT: 250-mx.example",
            "    ↪ 250-SIZE",
            "250 HELP",
            "250 said nobody",
            "[23-Nov-2026 10:16:17 UTC] CLIENT -> SERVER: [credentials hidden]",
            "Connection: closed",
        ];
        assert_eq!(
            rows(&read(&ERROR_LOG, &lines)),
            [
                "2 250-mx.example",
                "2 250-SIZE",
                "2 250 HELP",
                "-",
                "1 [credentials hidden]",
                "T Closed(Client)"
            ]
        );
    }
}
