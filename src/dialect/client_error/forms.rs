//! How mail libraries and mail programs write a refusal into their errors: a row a form.

use super::super::bounce::Answered;

/// How an error of one kind quotes a reply.
#[derive(Debug)]
pub(super) struct Form {
    /// Words that stand before the reply and hardly anywhere else.
    pub(super) sign: &'static str,
    /// How the reply is written behind them.
    pub(super) written: Written,
    /// The command that it answered.
    pub(super) answered: Of,
}

/// How a reply stands behind a form's sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// `550 5.1.1 no`, up to the end of the line or of the quotation.
    Plain,
    /// The same with an enhanced code, behind words that programs use for other errors as well.
    Enhanced,
    /// `535: 5.7.8 no`.
    Colon,
    /// `550): 5.1.1 no`, the sign holding the parenthesis before it.
    Parenthesis,
    /// `(550, b'5.1.1 no')`, or a dictionary of recipients with such values.
    Tuples,
    /// The reply's text between these octets and the parenthesis of a tuple: `(550, b'5.1.1 no')`.
    BareTuple,
    /// `550): Failed to add recipient "b@example.net" (5.1.1 no)`, the sign holding the parenthesis before it.
    Labelled,
    /// `code: 550, response: 5.1.1 no)`, or the code alone.
    Pear,
    /// `Code:550, Msg:"5.1.1 no"`.
    Struct,
    /// `Code { severity: …, category: MailSystem, detail: Zero }), source: "5.1.1 no"`.
    Severity,
    /// `DATA END command failed Detail: no SMTP code: 550 Additional SMTP info: 5.1.1`.
    Details,
    /// The reply's text without its code, which the words before the sign stand for.
    Status,
    /// `25, response: 554`.
    Response,
    /// `550`.
    Bare,
    /// `'mx.example.net', "550 5.1.1 no\r\n"}`, `<<"550 5.1.1 no\r\n">>}`.
    Erlang,
}

/// What a quoted reply answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Greeting,
    Hello,
    /// HELO, where the error tells it from EHLO.
    Helo,
    StartTls,
    Auth,
    Mail,
    Recipient,
    Data,
    Message,
    /// The words around the reply say it, if anything does.
    Told,
}

impl Of {
    /// The command, with the address that it named where that is told.
    pub(super) fn command(self, address: Option<&[u8]>) -> Answered {
        let path = |command| {
            Answered::Command(super::super::bounce::recipient(command, address.unwrap_or(b"...")))
        };
        match self {
            Self::Greeting => Answered::Nothing,
            Self::Hello => Answered::Command(b"EHLO ...".to_vec()),
            Self::Helo => Answered::Command(b"HELO ...".to_vec()),
            Self::StartTls => Answered::Command(b"STARTTLS".to_vec()),
            Self::Auth => Answered::Command(b"AUTH ...".to_vec()),
            Self::Mail => path("MAIL FROM:"),
            Self::Recipient => path("RCPT TO:"),
            Self::Data => Answered::Command(b"DATA".to_vec()),
            Self::Message => Answered::Message,
            Self::Told => Answered::Unknown,
        }
    }
}

const fn plain(sign: &'static str, answered: Of) -> Form {
    Form { sign, written: Written::Plain, answered }
}

const fn tuples(sign: &'static str, answered: Of) -> Form {
    Form { sign, written: Written::Tuples, answered }
}

const fn form(sign: &'static str, written: Written, answered: Of) -> Form {
    Form { sign, written, answered }
}

/// Every form.
pub(super) const FORMS: &[Form] = &[
    // Python's smtplib, which aiosmtplib follows. DATA is refused hardly ever, the message often.
    tuples("SMTPRecipientsRefused", Of::Recipient),
    tuples("SMTPRecipientRefused", Of::Recipient),
    tuples("SMTPSenderRefused", Of::Mail),
    tuples("SMTPDataError", Of::Message),
    tuples("SMTPAuthenticationError", Of::Auth),
    tuples("SMTPHeloError", Of::Hello),
    tuples("SMTPConnectError", Of::Greeting),
    tuples("SMTPConnectResponseError", Of::Greeting),
    tuples("SMTPResponseException", Of::Told),
    // Their values as `str()`, Django's pages and Airflow's log print them.
    form(", b'", Written::BareTuple, Of::Told),
    form(", b\"", Written::BareTuple, Of::Told),
    // Nodemailer, `smtp-connection/index.js`.
    plain("all recipients were rejected: ", Of::Recipient),
    plain("Recipient command failed:", Of::Recipient),
    plain("Mail command failed:", Of::Mail),
    plain("Data command failed:", Of::Data),
    plain("Message failed: ", Of::Message),
    plain("Invalid login: ", Of::Auth),
    plain("Invalid greeting. response=", Of::Greeting),
    plain("Invalid HELO. response=", Of::Helo),
    plain("Invalid EHLO. response=", Of::Hello),
    plain("Error upgrading connection with STARTTLS: ", Of::StartTls),
    // JavaMail, Jakarta Mail, Angus Mail: `SMTPTransport.java`.
    plain("SMTPAddressFailedException: ", Of::Recipient),
    plain("SMTPSenderFailedException: ", Of::Mail),
    plain("SMTPSendFailedException: ", Of::Told),
    plain("AuthenticationFailedException: ", Of::Auth),
    plain("mail.MessagingException: ", Of::Told),
    form("Could not connect to SMTP host: ", Written::Response, Of::Greeting),
    // Swift Mailer and Symfony Mailer: `Expected response code "250" but got code "550", with message "550 …"`.
    plain(", with message ", Of::Told),
    plain(" but got response [", Of::Told),
    // PHPMailer, `PHPMailer::setError` and `SMTP::sendCommand`.
    form("SMTP server error: ", Written::Details, Of::Told),
    plain("MAIL FROM command failed: ", Of::Mail),
    plain("RCPT TO command failed: ", Of::Recipient),
    plain("DATA command failed: ", Of::Data),
    plain("DATA END command failed: ", Of::Message),
    plain("AUTH command failed: ", Of::Auth),
    plain("Username command failed: ", Of::Auth),
    plain("Password command failed: ", Of::Auth),
    plain("EHLO command failed: ", Of::Hello),
    plain("HELO command failed: ", Of::Helo),
    plain("STARTTLS command failed: ", Of::StartTls),
    // libcurl, `lib/smtp.c`.
    form("MAIL failed: ", Written::Bare, Of::Mail),
    form("RCPT failed: ", Written::Bare, Of::Recipient),
    form("DATA failed: ", Written::Bare, Of::Data),
    form("Got unexpected smtp-server response: ", Written::Bare, Of::Greeting),
    form("STARTTLS denied, code ", Written::Bare, Of::StartTls),
    // mailsend.
    plain("MAIL FROM failed: ", Of::Mail),
    plain("RCPT TO failed: ", Of::Recipient),
    // .NET's `SmtpException` and clients that put it the same way; MailKit.
    form("The server response was: ", Written::Status, Of::Told),
    form("The server response was ", Written::Status, Of::Told),
    form("AuthenticationException: ", Written::Colon, Of::Auth),
    plain("SmtpCommandException: ", Of::Told),
    // Go: `net/textproto`, gomail, go-mail, Alertmanager.
    form("textproto.Error{", Written::Struct, Of::Told),
    plain("could not send email ", Of::Told),
    plain("sending SMTP MAIL FROM command: ", Of::Mail),
    plain("sending SMTP RCPT TO command: ", Of::Recipient),
    plain("sending SMTP DATA command: ", Of::Data),
    plain("closing SMTP DATA writer: ", Of::Message),
    plain("sending mail from: ", Of::Mail),
    plain("sending rcpt to: ", Of::Recipient),
    plain("issue MAIL command: ", Of::Mail),
    plain("issue RCPT command: ", Of::Recipient),
    plain("issue DATA command: ", Of::Data),
    plain("send MAIL command: ", Of::Mail),
    plain("send RCPT command: ", Of::Recipient),
    plain("send DATA command: ", Of::Data),
    plain("plainAuth auth: ", Of::Auth),
    plain("loginAuth auth: ", Of::Auth),
    // Ruby's net/smtp, as the exception's class and as the interpreter prints it.
    plain("Net::SMTPAuthenticationError", Of::Auth),
    plain("Net::SMTPFatalError", Of::Told),
    plain("Net::SMTPServerBusy", Of::Told),
    plain("Net::SMTPSyntaxError", Of::Told),
    plain("check_auth_response': ", Of::Auth),
    plain("check_auth_continue': ", Of::Auth),
    plain("check_response': ", Of::Told),
    // Perl's Net::SMTP, of whose error a program makes its own.
    plain("Net::SMTP: ", Of::Told),
    // Erlang's gen_smtp, and Elixir's libraries.
    form("permanent_failure,", Written::Erlang, Of::Told),
    form("temporary_failure,", Written::Erlang, Of::Told),
    // Rust's lettre.
    form("permanent error (", Written::Parenthesis, Of::Told),
    form("transient error (", Written::Parenthesis, Of::Told),
    form("kind: Permanent(Code {", Written::Severity, Of::Told),
    form("kind: Transient(Code {", Written::Severity, Of::Told),
    // Outlook, Outlook Express, Thunderbird; Exchange's queue; Amazon SES.
    plain("Server Response: ", Of::Told),
    plain("Server error: ", Of::Told),
    plain("The server responded: ", Of::Told),
    plain("The mail server responded: ", Of::Told),
    plain("IP address responded with: ", Of::Greeting),
    plain("\"smtp; ", Of::Told),
    // Roundcube, in some of its languages, with what the server said in parentheses.
    form("SMTP Error (", Written::Labelled, Of::Told),
    form("SMTP Fehler (", Written::Labelled, Of::Told),
    form("SMTP-Fehler (", Written::Labelled, Of::Told),
    form("Erreur SMTP (", Written::Labelled, Of::Told),
    form("Error SMTP (", Written::Labelled, Of::Told),
    form("Errore SMTP (", Written::Labelled, Of::Told),
    // PEAR's Net_SMTP, which Roundcube logs.
    form("Invalid response code received from server (", Written::Pear, Of::Told),
    // Haraka's log of a delivery.
    plain("> rejected: ", Of::Recipient),
    // K-9 Mail; plugins, scripts and plain programs.
    plain("egative SMTP reply:", Of::Told),
    plain("SMTP server response: ", Of::Told),
    plain("SMTP error: ", Of::Told),
    // mailx without -v
    plain("smtp-server: ", Of::Told),
    plain("SMTP server: ", Of::Told),
    plain("Smtp error: ", Of::Told),
    // Programs' own words before what a library returned.
    form("panic: ", Written::Enhanced, Of::Told),
    form("ailed to send email: ", Written::Enhanced, Of::Told),
    form("ailed to send mail: ", Written::Enhanced, Of::Told),
    form("ailed to send message: ", Written::Enhanced, Of::Told),
    form("ould not send email: ", Written::Enhanced, Of::Told),
    form("ould not send mail: ", Written::Enhanced, Of::Told),
    form("nable to send email: ", Written::Enhanced, Of::Told),
    form("nable to send mail: ", Written::Enhanced, Of::Told),
    form("annot send email: ", Written::Enhanced, Of::Told),
    form("annot send mail: ", Written::Enhanced, Of::Told),
    form("rror sending email: ", Written::Enhanced, Of::Told),
    form("rror sending mail: ", Written::Enhanced, Of::Told),
    form("rror sending message: ", Written::Enhanced, Of::Told),
    form("sending email failed: ", Written::Enhanced, Of::Told),
    form("Mailer Error: ", Written::Enhanced, Of::Told),
    form("Details: ", Written::Enhanced, Of::Told),
    form("Exception: ", Written::Enhanced, Of::Told),
    form("Error: ", Written::Enhanced, Of::Told),
    // Postfix's words, where they stand neither in its log nor in its bounce.
    plain("] said: ", Of::Told),
];

/// What .NET says for a reply code (`SmtpException.GetMessageForStatus`), and the code. It has the same words for
/// 450 and 550: the enhanced code has to tell.
pub(super) const STATUS: &[(&str, &[u8; 3])] = &[
    ("Service not available, closing transmission channel.", b"421"),
    ("Error in processing.", b"451"),
    ("Insufficient system storage.", b"452"),
    ("Client does not have permission to submit mail to this server.", b"454"),
    ("Syntax error, command unrecognized.", b"500"),
    ("Syntax error in parameters or arguments.", b"501"),
    ("Command not implemented.", b"502"),
    ("Bad sequence of commands.", b"503"),
    ("Command parameter not implemented.", b"504"),
    ("The SMTP server requires a secure connection or the client was not authenticated.", b"530"),
    ("User not local; please try a different path.", b"551"),
    ("Exceeded storage allocation.", b"552"),
    ("Mailbox name not allowed.", b"553"),
    ("Transaction failed.", b"554"),
];

/// Words of .NET for 450 and 550.
pub(super) const UNAVAILABLE: &str = "Mailbox unavailable.";

/// Words beside a reply that say which command it answered, the more telling ones first. They stand anywhere in
/// the line, some of them in its quotation marks or escaped.
pub(super) const BESIDE: &[(&str, Of)] = &[
    ("in reply to RCPT TO command", Of::Recipient),
    ("in reply to MAIL FROM command", Of::Mail),
    ("in reply to DATA command", Of::Data),
    ("in reply to end of DATA command", Of::Message),
    ("in reply to EHLO command", Of::Hello),
    ("in reply to HELO command", Of::Helo),
    ("in reply to STARTTLS command", Of::StartTls),
    ("Failed to connect to ", Of::Greeting),
    ("RCPT TO command failed", Of::Recipient),
    ("MAIL FROM command failed", Of::Mail),
    ("DATA END command failed", Of::Message),
    ("DATA command failed", Of::Data),
    ("AUTH command failed", Of::Auth),
    ("Password command failed", Of::Auth),
    ("Username command failed", Of::Auth),
    ("EHLO command failed", Of::Hello),
    ("HELO command failed", Of::Helo),
    ("STARTTLS command failed", Of::StartTls),
    ("Expected response code 250/251/252 ", Of::Recipient),
    ("Expected response code \"250/251/252\" ", Of::Recipient),
    ("Expected response code \\\"250/251/252\\\" ", Of::Recipient),
    ("Expected response code 235 ", Of::Auth),
    ("Expected response code \"235\" ", Of::Auth),
    ("Expected response code \\\"235\\\" ", Of::Auth),
    ("Expected response code 334 ", Of::Auth),
    ("Expected response code \"334\" ", Of::Auth),
    ("Expected response code \\\"334\\\" ", Of::Auth),
    ("Expected response code 354 ", Of::Data),
    ("Expected response code \"354\" ", Of::Data),
    ("Expected response code \\\"354\\\" ", Of::Data),
    ("Failed to authenticate on SMTP server", Of::Auth),
    ("Could not authenticate", Of::Auth),
    ("): Authentication failed", Of::Auth),
    ("uthentication failure", Of::Auth),
    ("Failed to add recipient", Of::Recipient),
    ("Failed to set sender", Of::Mail),
    ("Failed to send data", Of::Message),
    ("SMTPRecipientsRefused", Of::Recipient),
    ("SMTPSenderRefused", Of::Mail),
    ("SMTPDataError", Of::Message),
    ("SMTPAuthenticationError", Of::Auth),
    ("SMTPHeloError", Of::Hello),
    ("SmtpFailedRecipient", Of::Recipient),
    ("(Net::SMTPAuthenticationError)", Of::Auth),
    ("recipients was rejected", Of::Recipient),
    ("rejected one or more recipient", Of::Recipient),
    ("sender was rejected", Of::Mail),
    ("rejected the sender address", Of::Mail),
    ("check the message recipient", Of::Recipient),
];

/// The step that programs name behind gomail's `could not send email 1: `.
pub(super) const STEPS: &[(&str, Of)] = &[
    ("Hello: ", Of::Hello),
    ("StartTLS: ", Of::StartTls),
    ("Auth: ", Of::Auth),
    ("Mail: ", Of::Mail),
    ("Rcpt: ", Of::Recipient),
    ("Data: ", Of::Data),
];

/// What Nodemailer calls the commands in `command:`, and early versions in `stage:`.
pub(super) const COMMANDS: &[(&str, Of)] = &[
    ("CONN", Of::Greeting),
    ("EHLO", Of::Hello),
    ("HELO", Of::Helo),
    ("LHLO", Of::Hello),
    ("STARTTLS", Of::StartTls),
    ("AUTH", Of::Auth),
    ("MAIL FROM", Of::Mail),
    ("RCPT TO", Of::Recipient),
    ("DATA", Of::Message),
    ("init", Of::Greeting),
    ("helo", Of::Hello),
    ("auth", Of::Auth),
    ("mail", Of::Mail),
    ("rcpt", Of::Recipient),
    ("data", Of::Data),
    ("dot", Of::Message),
];
