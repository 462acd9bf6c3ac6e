//! The refusal that a mail library's exception or a mail program's error quotes.
//!
//! ```text
//! smtplib.SMTPRecipientsRefused: {'bad@example.net': (550, b'5.1.1 User unknown')}
//! Error: Can't send mail - all recipients were rejected: 550 5.1.1 User unknown
//! com.sun.mail.smtp.SMTPAddressFailedException: 550 5.1.1 User unknown
//! ```
//!
//! What is quoted is one reply and, as far as the error's kind or its words tell, the command that it answered.
//! The forms are rows of a table (`forms.rs`).
//!
//! Traps: a trace tells the same reply several times (`Caused by: …`, `During handling …`, an object behind its
//! message); several recipients are refused in one error; the reply's further lines stand bare behind the first;
//! libraries drop the code, or set it behind the text; program text that raises such an error tells nothing.
//! The error may stand in the middle of a dialogue that another tool recorded: its lines have a key of their own
//! (an empty one), so that they cut nothing, and it is left out where a dialogue of the
//! same record tells the reply.
//!
//! From the sources of Python's smtplib, Nodemailer, Angus Mail, Swift Mailer, Symfony Mailer, PHPMailer, .NET,
//! net/smtp of Ruby and Go, lettre, go-mail and Alertmanager, and from public reports of errors.

mod erlang;
mod forms;
mod named;
mod object;
mod quote;
mod signs;
mod told;
mod trace;
mod written;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Telling, Times, Unmarked, bounce,
    reply_rows::{self, Code, code},
    time,
};
use crate::transcript::{Fact, Moment};
use forms::Of;
use named::Named;
use object::Object;
use quote::{End, Kept, Quote, Words};
use signs::quotes;
use told::Shown;

pub(super) static DIALECT: Dialect = Dialect {
    name: "client-error",
    about: "the refusal that a mail library's exception or a mail program's error quotes",
    client: "",
    server: "SMTPDataError: (…), Error: Message failed: …, and the like",
    key: "",
    times: Times::Sometimes,
    record: Record { telling: Telling::Quoted, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        "SMTPRecipient",
        "SMTPSender",
        "SMTPDataError",
        "SMTPAuthenticationError",
        "SMTPHeloError",
        "SMTPConnectError",
        "SMTPConnectResponseError",
        "SMTPResponseException",
        ", b'",
        ", b\"",
        " were rejected: ",
        " command failed",
        "smtp-server: ",
        "SMTP server: ",
        "MAIL failed: ",
        "RCPT failed: ",
        "DATA failed: ",
        "unexpected smtp-server response: ",
        "STARTTLS denied, code ",
        "FROM failed: ",
        "RCPT TO failed: ",
        "Message failed: ",
        "Invalid login: ",
        "Invalid greeting. ",
        "Invalid HELO. ",
        "Invalid EHLO. ",
        " with STARTTLS: ",
        "FailedException: ",
        "MessagingException: ",
        "Could not connect to SMTP host: ",
        ", with message ",
        "SMTP server error: ",
        "server response was: ",
        "AuthenticationException: ",
        "SmtpCommandException: ",
        "textproto.Error{",
        "could not send email ",
        "sending SMTP ",
        "issue MAIL command: ",
        "issue RCPT command: ",
        "issue DATA command: ",
        "egative SMTP reply:",
        "SMTP server response: ",
        "SMTP error: ",
        "Smtp error: ",
        "closing SMTP ",
        "sending mail from: ",
        "sending rcpt to: ",
        "send MAIL command: ",
        "send RCPT command: ",
        "send DATA command: ",
        "plainAuth auth: ",
        "loginAuth auth: ",
        "Net::SMTPFatalError",
        "Net::SMTPServerBusy",
        "Net::SMTPSyntaxError",
        "check_auth_response': ",
        "check_auth_continue': ",
        "check_response': ",
        "Net::SMTP: ",
        "permanent_failure,",
        "temporary_failure,",
        "permanent error (",
        "transient error (",
        "kind: Permanent(Code {",
        "kind: Transient(Code {",
        "Server Response: ",
        "Server error: ",
        "server responded: ",
        "IP address responded with: ",
        "\"smtp; ",
        "] said: ",
        "SMTP Error (",
        "Fehler (",
        "Erreur SMTP (",
        "Error SMTP (",
        "Errore SMTP (",
        "Invalid response code received",
        "> rejected: ",
        "server response was ",
        " but got response [",
        "panic: ",
        "send email: ",
        "send mail: ",
        "send message: ",
        "sending email",
        "sending mail: ",
        "sending message: ",
        "Details: ",
        "Exception: ",
        "Error: ",
        "responseCode",
    ],
    evidence: |line| quotes(line).next().is_some() || object::has_code(line),
    reader: || Box::new(Errors::default()),
};

/// For how many lines an error goes on with its trace, and tells a reply no second time.
const TRACE: u32 = 120;

/// In how many lines behind a reply the trace has to tell what it answered.
const KEPT: u32 = 40;

/// For how many microseconds it does, where lines have times.
const AT_ONCE: i64 = 2_000_000;

/// How many different replies of one error are kept in mind.
const TOLD: usize = 64;

#[derive(Debug, Default)]
struct Errors {
    /// Lines since a reply was told.
    since: u32,
    /// The replies that this error has told.
    told: Vec<Words>,
    /// The last time that stood before a line, until a blank one.
    at: Option<Moment>,
    /// When the last reply was told.
    told_at: Option<Moment>,
    /// The exception that a line before this one named.
    named: Named,
    /// The last reply was about a recipient: another one about a recipient is of the same session.
    recipient: bool,
    /// The quotation goes on in the next line.
    further: Further,
    object: Object,
    /// The code that the next line begins with.
    next: Option<Code>,
    /// The next line is of a trace.
    traced: bool,
    /// A reply that was read, and of which the trace may tell what it answered.
    kept: Option<Kept>,
}

/// What of a quotation follows in further lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Further {
    #[default]
    Nothing,
    /// Lines with the same code.
    Lines { code: Code, told: bool },
    /// Lines up to one that ends with `)]`.
    Bracket { code: Code, told: bool, left: u8 },
    /// Literals that are added to the first.
    Literals { told: bool },
}

impl Reader for Errors {
    fn ahead(&mut self, next: &[u8]) {
        self.next = code(next.trim_ascii_start());
        self.traced = trace::is_trace(next);
    }

    fn finish(&mut self, say: Say<'_>) {
        self.release(Of::Told, b"", say);
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        self.since = self.since.saturating_add(1);
        self.at = match moment(line) {
            None if line.trim_ascii().is_empty() => None,
            own => own.or(self.at),
        };
        if self.goes_on(line, say) {
            return true;
        }
        self.named.sees(line);
        let mut found = false;
        for mut quote in quotes(line) {
            if quote.is_value() {
                quote.answered = self.named.of().unwrap_or(quote.answered);
            }
            // A line may quote any number of replies: it is told once.
            let shown = if found { quote.sign } else { line };
            self.tell(&quote, line, shown, say);
            found = true;
        }
        if found {
            self.object.ends();
            return true;
        }
        if self.kept.is_some() {
            if trace::is_trace(line) {
                self.trace(line, say);
                return true;
            }
            // The trace is over, and this line is somebody else's.
            self.release(Of::Told, line.get(..0).unwrap_or_default(), say);
        }
        if !self.object.takes(line) {
            return false;
        }
        let object = std::mem::take(&mut self.object);
        match object.quote(line) {
            Some(quote) => self.tell(&quote, line, line, say),
            None => say(Reading::remark(line).aside()),
        }
        self.object = object;
        true
    }
}

impl Errors {
    /// Tells a reply, unless this error has told it; `shown` is what of its line is kept with it.
    fn tell(&mut self, quote: &Quote<'_>, line: &[u8], shown: &[u8], say: Say<'_>) {
        let later = match (self.at, self.told_at) {
            (Some(at), Some(before)) => at.micros.abs_diff(before.micros) > AT_ONCE.unsigned_abs(),
            _ => false,
        };
        let anew = self.told.is_empty() || later || self.since > TRACE;
        if anew {
            self.told.clear();
            self.recipient = false;
        }
        let words = quote.words();
        if let Some(kept) = &self.kept {
            let same = kept.quote(line, Of::Told).words().same(&words);
            match quote.answered {
                Of::Told if same => {}
                named if same => self.release(named, shown, say),
                _ => self.release(Of::Told, shown, say),
            }
        }
        let known = self.told.iter().any(|told| told.same(&words));
        let recipient = quote.answered == Of::Recipient;
        // A program that tells no more than the code stops at the first recipient that is refused.
        let joins = recipient && self.recipient && quote.text.len() > 3;
        self.further = match quote.further {
            Some(End::Literal) => Further::Literals { told: known },
            Some(End::Line(own)) if self.next == Some(own) => {
                Further::Lines { code: own, told: known }
            }
            Some(End::Bracket) => {
                Further::Bracket { code: quote.code.unwrap_or_default(), told: known, left: 8 }
            }
            _ => Further::Nothing,
        };
        if known {
            say(Reading::remark(shown).aside());
            return;
        }
        if self.told.len() < TOLD {
            self.told.push(words);
        }
        (self.since, self.recipient) = (0, recipient);
        self.told_at = self.at.or(self.told_at);
        if quote.answered == Of::Told && self.traced && self.further == Further::Nothing {
            self.kept = Some(quote.kept());
            say(Reading::remark(shown).aside());
            return;
        }
        self.open(quote, (line, shown), joins, say);
    }

    /// Says that a connection was opened, if it was, and what was asked and answered in it.
    fn open(&self, quote: &Quote<'_>, (line, shown): (&[u8], &[u8]), joins: bool, say: Say<'_>) {
        let at = self.at;
        let say = &mut |reading: Reading<'_>| say(reading.aside());
        if !joins {
            say(Reading::tells(shown, Fact::Opening).at(at));
            quote.host(line, say);
        }
        bounce::command(&quote.answered.command(quote.address), quote.sign, say);
        quote.reply(self.further != Further::Nothing, at, say);
    }

    /// Says the reply that was kept, and what it answered.
    fn release(&mut self, answered: Of, line: &[u8], say: Say<'_>) {
        let Some(kept) = self.kept.take() else { return };
        self.recipient = answered == Of::Recipient;
        self.open(&kept.quote(line, answered), (line, line), false, say);
    }

    /// Takes a line behind a reply that was kept.
    fn trace(&mut self, line: &[u8], say: Say<'_>) {
        let of = trace::frame_in(line);
        if of.is_some() || !self.traced || self.since > KEPT {
            self.release(of.unwrap_or(Of::Told), line, say);
        } else {
            say(Reading::remark(line).aside());
        }
    }

    /// Takes a line that the quotation goes on in.
    fn goes_on(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let say = &mut |reading: Reading<'_>| say(reading.aside());
        let text = line.trim_ascii();
        match &mut self.further {
            Further::Nothing => false,
            Further::Literals { told } => {
                let told = *told;
                let Some(part) = object::string(text) else {
                    self.further = Further::Nothing;
                    return false;
                };
                let goes_on = part.rest.trim_ascii() == b"+";
                if !goes_on {
                    self.further = Further::Nothing;
                }
                if told {
                    say(Reading::remark(line));
                } else {
                    let shown = Shown {
                        code: None,
                        enhanced: None,
                        text: part.inner,
                        escaped: true,
                        goes_on,
                    };
                    told::lines(shown, self.at, say);
                }
                true
            }
            Further::Bracket { code: own, told, left } => {
                let (own, told) = (*own, *told);
                if text.is_empty() {
                    self.further = Further::Nothing;
                    return false;
                }
                let ended = text.strip_suffix(b")]");
                let goes_on = ended.is_none() && *left > 0;
                *left = left.saturating_sub(1);
                if !goes_on {
                    self.further = Further::Nothing;
                }
                if told {
                    say(Reading::remark(line));
                    return true;
                }
                let text = ended.unwrap_or(text);
                let shown =
                    Shown { code: Some(own), enhanced: None, text, escaped: false, goes_on };
                told::lines(shown, self.at, say);
                true
            }
            Further::Lines { code: own, told } => {
                let (own, told) = (*own, *told);
                let takes = code(text) == Some(own);
                let goes_on = takes && self.next == Some(own) && reply_rows::goes_on(text);
                if !goes_on {
                    self.further = Further::Nothing;
                }
                if takes && told {
                    say(Reading::remark(line));
                } else if takes {
                    let end = text.len() - told::behind(text);
                    let text = text.get(..end).unwrap_or(text);
                    let shown = Shown { code: None, enhanced: None, text, escaped: false, goes_on };
                    told::lines(shown, self.at, say);
                }
                takes
            }
        }
    }
}

/// The time before a line, in brackets or not.
fn moment(line: &[u8]) -> Option<Moment> {
    let text = line.strip_prefix(b"[").unwrap_or(line);
    let read = match text.first()? {
        b'0'..=b'9' => time::iso(text),
        b'A'..=b'Z' => time::syslog(text),
        _ => None,
    };
    read.map(|(at, _)| at)
}

#[cfg(test)]
mod tests;
