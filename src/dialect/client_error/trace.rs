//! What the trace behind an error tells: in which of its steps the library gave up, and so which command was refused.
//!
//! ```text
//! com.sun.mail.smtp.SMTPSendFailedException: 530 5.7.0 Authentication required
//!
//!         at com.sun.mail.smtp.SMTPTransport.issueSendCommand(SMTPTransport.java:2374)
//!         at com.sun.mail.smtp.SMTPTransport.mailFrom(SMTPTransport.java:1808)
//! ```
//!
//! The innermost frame stands first. Traps: a blank line or a logger's prefix may stand between the error and its
//! trace; steps that every command goes through (`issueSendCommand`, `getok`) tell nothing.

use super::forms::Of;
use crate::dialect::failure::has;

/// Names in frames, and what the library was about there.
const FRAMES: &[(&str, Of)] = &[
    // JavaMail, Jakarta Mail, Angus Mail: `SMTPTransport.java`.
    ("SMTPTransport.mailFrom(", Of::Mail),
    ("SMTPTransport.rcptTo(", Of::Recipient),
    ("SMTPTransport.data(", Of::Data),
    ("SMTPTransport.finishData(", Of::Message),
    ("SMTPTransport.bdat(", Of::Message),
    ("SMTPTransport.authenticate(", Of::Auth),
    ("SMTPTransport$Authenticator.authenticate(", Of::Auth),
    ("SMTPTransport.startTLS(", Of::StartTls),
    ("SMTPTransport.ehlo(", Of::Hello),
    ("SMTPTransport.helo(", Of::Helo),
    ("SMTPTransport.openServer(", Of::Greeting),
    // Swift Mailer and Symfony Mailer, with the command as the frame's argument or in the method's name.
    ("executeCommand('MAIL FROM", Of::Mail),
    ("executeCommand('RCPT TO", Of::Recipient),
    ("executeCommand('DATA", Of::Data),
    ("executeCommand('AUTH", Of::Auth),
    ("executeCommand('EHLO", Of::Hello),
    ("executeCommand('HELO", Of::Helo),
    ("executeCommand('STARTTLS", Of::StartTls),
    ("->command('MAIL FROM", Of::Mail),
    ("->command('RCPT TO", Of::Recipient),
    ("->command('DATA", Of::Data),
    ("->command('AUTH", Of::Auth),
    ("->command('EHLO", Of::Hello),
    ("->command('HELO", Of::Helo),
    ("doMailFromCommand(", Of::Mail),
    ("doRcptToCommand(", Of::Recipient),
    ("doDataCommand(", Of::Data),
    ("doEhloCommand(", Of::Hello),
    ("doHeloCommand(", Of::Helo),
    ("treamMessage(", Of::Message),
    ("eadGreeting(", Of::Greeting),
    ("AuthHandler->afterEhlo(", Of::Auth),
    ("Authenticator->authenticate(", Of::Auth),
    ("EsmtpTransport->handleAuth(", Of::Auth),
    // .NET, `System.Net.Mail`.
    ("MailCommand.CheckResponse(", Of::Mail),
    ("MailCommand.Send(", Of::Mail),
    ("RecipientCommand.CheckResponse(", Of::Recipient),
    ("RecipientCommand.Send(", Of::Recipient),
    ("DataCommand.CheckResponse(", Of::Data),
    ("DataStopCommand.CheckResponse(", Of::Message),
    ("AuthCommand.CheckResponse(", Of::Auth),
    ("StartTlsCommand.CheckResponse(", Of::StartTls),
    ("HelloCommand.CheckResponse(", Of::Hello),
    // MailKit.
    ("SmtpClient.OnSenderNotAccepted(", Of::Mail),
    ("SmtpClient.OnRecipientNotAccepted(", Of::Recipient),
    ("SmtpClient.MailFrom(", Of::Mail),
    ("SmtpClient.RcptTo(", Of::Recipient),
    ("SmtpClient.ProcessMailFromResponse(", Of::Mail),
    ("SmtpClient.ProcessRcptToResponse(", Of::Recipient),
    ("SmtpClient.ParseMailFromResponse(", Of::Mail),
    ("SmtpClient.ParseRcptToResponse(", Of::Recipient),
    ("SmtpClient.ParseMessageDataResponse(", Of::Message),
    // Erlang's gen_smtp.
    ("gen_smtp_client,try_MAIL_FROM", Of::Mail),
    ("gen_smtp_client,try_RCPT_TO", Of::Recipient),
    ("gen_smtp_client,try_DATA", Of::Message),
    ("gen_smtp_client,try_AUTH", Of::Auth),
    ("gen_smtp_client,try_STARTTLS", Of::StartTls),
    ("gen_smtp_client,try_EHLO", Of::Hello),
    ("gen_smtp_client,try_HELO", Of::Helo),
    // Ruby's net/smtp, with the method's name in both of its quotation marks.
    ("in `mailfrom'", Of::Mail),
    ("in `rcptto'", Of::Recipient),
    ("in `check_continue'", Of::Data),
    ("in `data'", Of::Message),
    ("in `authenticate'", Of::Auth),
    ("in `starttls'", Of::StartTls),
    ("in `ehlo'", Of::Hello),
    ("in `helo'", Of::Helo),
    ("'Net::SMTP#mailfrom'", Of::Mail),
    ("'Net::SMTP#rcptto'", Of::Recipient),
    ("'Net::SMTP#check_continue'", Of::Data),
    ("'Net::SMTP#data'", Of::Message),
    ("'Net::SMTP#authenticate'", Of::Auth),
    ("'Net::SMTP#starttls'", Of::StartTls),
    ("'Net::SMTP#ehlo'", Of::Hello),
    ("'Net::SMTP#helo'", Of::Helo),
];

/// Methods of Ruby's net/smtp, as trackers of errors write them: `net/smtp.rb:870:in rcptto`, and with a block's
/// name before them.
const METHODS: &[(&str, Of)] = &[
    ("mailfrom", Of::Mail),
    ("rcptto", Of::Recipient),
    ("check_continue", Of::Data),
    ("data", Of::Message),
    ("authenticate", Of::Auth),
    ("starttls", Of::StartTls),
    ("ehlo", Of::Hello),
    ("helo", Of::Helo),
];

/// What a frame of net/smtp without quotation marks says.
fn method_in(line: &[u8]) -> Option<Of> {
    memchr::memmem::find(line, b"net/smtp.rb")?;
    let name = line.trim_ascii_end().rsplit(|octet| *octet == b' ').next()?;
    METHODS.iter().find(|(method, _)| method.as_bytes() == name).map(|(_, of)| *of)
}

/// What the first telling frame in a line says that the reply answered.
pub(super) fn frame_in(line: &[u8]) -> Option<Of> {
    if let Some(of) = method_in(line) {
        return Some(of);
    }
    if !line.iter().any(|octet| matches!(octet, b'(' | b'`' | b'#' | b'{')) {
        return None;
    }
    let places = FRAMES.iter().filter_map(|(name, of)| {
        let at = memchr::memmem::find(line, name.as_bytes())?;
        Some((at, *of))
    });
    places.min_by_key(|(at, _)| *at).map(|(_, of)| of)
}

/// Whether a line is of the trace behind an error, or between the two.
pub(super) fn is_trace(line: &[u8]) -> bool {
    const FRONTS: [&[u8]; 11] = [
        b"at ",
        b"from ",
        b"in ",
        b"File \"",
        b"Caused by",
        b"nested exception is",
        b"[stacktrace]",
        b"Stack trace:",
        b"--- ",
        b"... ",
        b"\"",
    ];
    let text = line.trim_ascii();
    let numbered = matches!(text, [b'#', b'0'..=b'9', ..]);
    let prefixed = || {
        // `2026-02-03 10:15:00,123 ERROR [stderr] (main) `
        let ends = matches!(text.last(), Some(b')' | b']' | b'|'));
        ends && text.first().is_some_and(u8::is_ascii_digit)
    };
    text.is_empty()
        || numbered
        || FRONTS.iter().any(|front| text.starts_with(front))
        || has(line, "\tat ")
        || has(line, "smtp.rb:")
        || text.starts_with(b"[{")
        || text.starts_with(b"{gen_smtp")
        || has(line, ":in `")
        || has(line, ":in '")
        || prefixed()
        || frame_in(line).is_some()
}
