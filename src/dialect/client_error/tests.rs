//! Each form of error, what a trace tells once, and what quotes nothing.

use super::{super::shown::shown, DIALECT, forms::FORMS};
use crate::transcript::{Fact, Mark};

/// What is told of a record: commands and replies, each behind its mark, without keys and times.
fn told(record: &str) -> Vec<String> {
    let all = shown(&DIALECT, record);
    let said = all.lines().filter_map(|line| line.split_once("] "));
    said.filter(|(_, said)| said.starts_with(['1', '2']))
        .map(|(_, said)| said.get(2..).unwrap_or_default().to_owned())
        .collect()
}

/// How many sessions a record tells of.
fn sessions(record: &str) -> usize {
    shown(&DIALECT, record).matches("= Opening").count()
}

#[test]
fn every_form_has_a_hint() {
    for form in FORMS {
        let hinted = DIALECT.hints.iter().any(|hint| form.sign.contains(hint));
        assert!(hinted, "{}", form.sign);
    }
}

#[test]
fn each_library_is_read() {
    for (record, want) in [
        (
            "smtplib.SMTPRecipientsRefused: {'a@b.example': (550, b'5.1.1 no')}",
            "RCPT TO:<a@b.example>|550 5.1.1 no",
        ),
        (
            "SMTPRecipientsRefused: {u'a@b.example': (501, '5.1.5 reserved')}",
            "RCPT TO:<a@b.example>|501 5.1.5 reserved",
        ),
        (
            "raised unexpected: SMTPRecipientsRefused({'a@b.example': (450, b'4.2.0 later')})",
            "RCPT TO:<a@b.example>|450 4.2.0 later",
        ),
        (
            "aiosmtplib.errors.SMTPRecipientsRefused: [SMTPRecipientRefused(550, '5.1.1 no', 'a@b.example')]",
            "RCPT TO:<a@b.example>|550 5.1.1 no",
        ),
        (
            "smtplib.SMTPSenderRefused: (530, b'5.7.0 STARTTLS first', 'a@b.example')",
            "MAIL FROM:<a@b.example>|530 5.7.0 STARTTLS first",
        ),
        ("smtplib.SMTPDataError: (554, b'5.7.1 it\\'s spam')", ".|554 5.7.1 it's spam"),
        (
            "smtplib.SMTPAuthenticationError: (535, b'5.7.8 no. See\\n5.7.8 https://x.example')",
            "AUTH ...|535-5.7.8 no. See|535 5.7.8 https://x.example",
        ),
        ("smtplib.SMTPHeloError: (501, b'5.5.4 bad name')", "EHLO ...|501 5.5.4 bad name"),
        ("smtplib.SMTPConnectError: (421, b'4.3.2 busy')", "421 4.3.2 busy"),
        (
            "[2026-02-03 10:15:00,123] {taskinstance.py:1150} ERROR - (535, b'5.7.8 no')",
            "535 5.7.8 no",
        ),
        (
            "{'a@b.example': (553, b'5.1.3 bad address')}",
            "RCPT TO:<a@b.example>|553 5.1.3 bad address",
        ),
        (
            "Error: Can't send mail - all recipients were rejected: 550 5.7.1 no relay",
            "RCPT TO:<...>|550 5.7.1 no relay",
        ),
        ("{ [Error: Invalid login: 535 5.7.8 no]", "AUTH ...|535 5.7.8 no"),
        (
            "Error: Mail command failed: 530 5.7.0 STARTTLS first",
            "MAIL FROM:<...>|530 5.7.0 STARTTLS first",
        ),
        ("Error: Recipient command failed:550 5.1.1 nobody", "RCPT TO:<...>|550 5.1.1 nobody"),
        (
            "It could not be sent: Error: MAIL FROM failed: '550 log in first'",
            "MAIL FROM:<...>|550 log in first",
        ),
        ("Error: RCPT TO failed: '554 5.7.1 no relay'", "RCPT TO:<...>|554 5.7.1 no relay"),
        ("Error: Invalid greeting. response=554 5.7.1 blocked", "554 5.7.1 blocked"),
        (
            r#"{"message":"Message failed: 552 5.3.4 too big\n    at SMTPConnection._formatError","command":"DATA"}"#,
            ".|552 5.3.4 too big",
        ),
        (
            "\tcom.sun.mail.smtp.SMTPAddressFailedException: 550 5.1.1 no;",
            "RCPT TO:<...>|550 5.1.1 no",
        ),
        (
            "org.eclipse.angus.mail.smtp.SMTPSenderFailedException: 501 5.1.7 Invalid address",
            "MAIL FROM:<...>|501 5.1.7 Invalid address",
        ),
        (
            "MailSendException: Failed messages: com.sun.mail.smtp.SMTPSendFailedException: 554 5.7.1 no",
            "554 5.7.1 no",
        ),
        (
            "jakarta.mail.AuthenticationFailedException: 535 5.7.139 disabled. [host.example]",
            "AUTH ...|535 5.7.139 disabled. [host.example]",
        ),
        (
            "javax.mail.MessagingException: Could not connect to SMTP host: mx.example.net, port: 25, response: 554",
            "554",
        ),
        (
            r#"Expected response code 250 but got code "550", with message "550 5.7.1 no""#,
            "550 5.7.1 no",
        ),
        (
            r#"Expected response code "250/251/252" but got code "550", with message "550 5.1.1 no"."#,
            "RCPT TO:<...>|550 5.1.1 no",
        ),
        (
            r#"{"exception":"Expected response code \"354\" but got code \"503\", with message \"503 5.5.1 no\"."#,
            "DATA|503 5.5.1 no",
        ),
        (
            "Mailer Error: SMTP Error: data not accepted.SMTP server error: DATA END command failed Detail: it is spam SMTP code: 550",
            ".|550 it is spam",
        ),
        (
            "SMTP server error: RCPT TO command failed Detail: no relay SMTP code: 554 Additional SMTP info: 5.7.1",
            "RCPT TO:<...>|554 5.7.1 no relay",
        ),
        (
            "System.Net.Mail.SmtpFailedRecipientException: Mailbox unavailable. The server response was: 5.7.1 no relay",
            "RCPT TO:<...>|550 5.7.1 no relay",
        ),
        ("SmtpException: Transaction failed. The server response was: 5.7.1 no", "554 5.7.1 no"),
        ("MailKit.Security.AuthenticationException: 535: 5.7.3 no", "AUTH ...|535 5.7.3 no"),
        (
            "MailKit.Security.AuthenticationException: AuthenticationInvalidCredentials: 5.7.3 no",
            "AUTH ...|535 5.7.3 no",
        ),
        (r#"&textproto.Error{Code:451, Msg:"4.3.0 later"}"#, "451 4.3.0 later"),
        ("gomail: could not send email 1: 550 5.7.60 not yours", "550 5.7.60 not yours"),
        (
            "sending SMTP RCPT TO command: 550 5.1.1 no, affected recipient(s): a@b.example",
            "RCPT TO:<...>|550 5.1.1 no",
        ),
        (
            r#"err="*email.loginAuth auth: 535 5.7.8 no. See\n5.7.8 https://x.example" attempts=3"#,
            "AUTH ...|535-5.7.8 no. See|535 5.7.8 https://x.example",
        ),
        ("Net::SMTPAuthenticationError (535-5.7.8 no. See):", "AUTH ...|535 5.7.8 no. See"),
        ("smtp.rb:1017:in `check_response': 554 5.7.1 no (Net::SMTPFatalError)", "554 5.7.1 no"),
        ("SMTP error: transient error (454): 4.7.0 later", "454 4.7.0 later"),
        (
            r#"Error { kind: Permanent(Code { severity: PermanentNegativeCompletion, category: Unspecified3, detail: Five }), source: "5.7.8 no" }"#,
            "535 5.7.8 no",
        ),
        (
            "because one of the recipients was rejected by the server. The rejected e-mail address was 'a@b.example'. Server Response: '550 no relay', Port: 25",
            "RCPT TO:<a@b.example>|550 no relay",
        ),
        (
            "The server rejected the sender address. The server response was: 454 5.7.3 no",
            "MAIL FROM:<...>|454 5.7.3 no",
        ),
        (
            "it says host mx.example.net[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command) and stops",
            "RCPT TO:<...>|550 5.1.1 no",
        ),
        (r#""diagnosticCode":"smtp; 550 5.1.1 no","x":1"#, "550 5.1.1 no"),
    ] {
        assert_eq!(told(record).join("|"), want, "{record}");
    }
}

#[test]
fn objects_are_read_without_their_message() {
    for (record, want) in [
        (
            "  code: 'EENVELOPE',\n  response: '550 5.1.1 no',\n  responseCode: 550,\n  command: 'RCPT TO'\n}",
            "RCPT TO:<...>|550 5.1.1 no",
        ),
        (
            "code: 'EMESSAGE',\nresponse: `554 it's \"spam\"`,\nresponseCode: 554,\ncommand: 'DATA'",
            ".|554 it's \"spam\"",
        ),
        (
            "  code: 'EAUTH',\n  response: '535-no. See\\n' +\n    '535 https://x.example',\n  responseCode: 535,\n  command: 'AUTH PLAIN'",
            "AUTH ...|535-no. See|535 https://x.example",
        ),
        ("  response: '550 5.7.1 no relay',\n  responseCode: 550\n }", "550 5.7.1 no relay"),
        ("  data: '550-no\\r\\n550 never',\n  stage: 'rcpt' }", "RCPT TO:<...>|550-no|550 never"),
        (
            "\"response\": \"550 5.1.1 no\",\n\"responseCode\": 550,\n\"command\": \"RCPT TO\"",
            "RCPT TO:<...>|550 5.1.1 no",
        ),
        // Nothing of Nodemailer's is beside it.
        ("  response: '550 5.1.1 no',\n  delay: 3\n}", ""),
    ] {
        assert_eq!(told(record).join("|"), want, "{record}");
    }
}

#[test]
fn a_trace_tells_each_reply_once() {
    let trace = "javax.mail.SendFailedException: Invalid Addresses;
  nested exception is:
\tcom.sun.mail.smtp.SMTPAddressFailedException: 550-5.1.1 no such account.
550 5.1.1 ask the postmaster
;
  nested exception is:
\tcom.sun.mail.smtp.SMTPAddressFailedException: 454 4.7.1 no relay
\tat com.sun.mail.smtp.SMTPTransport.rcptTo(SMTPTransport.java:1294)
Caused by: com.sun.mail.smtp.SMTPAddressFailedException: 550-5.1.1 no such account.
550 5.1.1 ask the postmaster
;
";
    let want = "RCPT TO:<...>|550-5.1.1 no such account.|550 5.1.1 ask the postmaster|RCPT TO:<...>|454 4.7.1 no relay";
    assert_eq!(told(trace).join("|"), want);
    assert_eq!(sessions(trace), 1);
    // A log has one an hour.
    let log = "2026-02-03 10:15:00 Error: Message failed: 554 no\n2026-02-03 11:15:00 Error: Message failed: 554 no\n";
    assert_eq!(sessions(log), 2);
    assert_eq!(sessions(&log.replace(" 11:15:00", " 10:15:01")), 1);
}

#[test]
fn a_line_is_kept_once_however_many_replies_it_quotes() {
    let one = |n| format!("SMTPSendFailedException: 550 5.1.1 <u{n}@b.example> no; ");
    let line: String = (0..100).map(one).collect();
    let mut kept = 0;
    let mut opened = 0;
    let mut reader = (DIALECT.reader)();
    reader.read(line.as_bytes(), &mut |reading| {
        opened += usize::from(reading.fact == Some(Fact::Opening));
        kept += if reading.mark == Mark::Tool { reading.text.len() } else { 0 };
    });
    assert!(opened > 50, "{opened}");
    assert!(kept < 2 * line.len(), "{kept} octets are kept of {}", line.len());
}

#[test]
fn a_list_of_any_length_is_read_once() {
    let one = |n| format!("SMTPRecipientRefused(550, '5.1.1 no', 'u{n}@b.example'), ");
    let list: String = (0..400).map(one).collect();
    let line = format!("SMTPRecipientsRefused: [{list}]");
    assert_eq!(super::quotes(line.as_bytes()).count(), 400);
}

#[test]
fn what_quotes_no_refusal_is_left_alone() {
    for record in [
        "raise smtplib.SMTPDataError(550, b'5.7.1 no')",
        "side_effect=SMTPAuthenticationError(535, b'5.7.8 no')",
        "    raise SMTPRecipientsRefused(senderrs)",
        "smtplib.SMTPServerDisconnected: Connection unexpectedly closed",
        "data: (550, b'5.7.1 no')",
        "sock.sendto(555, b'abc')",
        "x = (404, b'not found')",
        "self.assertEqual(refused, {'a@b.example': (550, b'5.1.1 no')})",
        "assert reply == [(550, b'5.1.1 no')]",
        "Message failed: 3 of 550 were sent",
        "Server error: 500",
        "Server error: 5000 requests",
        "Server error: 503 Service Unavailable",
        "Message failed: 404 no such queue",
        "Expected response code 250 but got code \"\", with message \"\"",
        "Expected response code 354 but got code \"250\", with message \"250 Accepted\"",
        "SmtpException: Mailbox unavailable. The server response was: no such user",
        "Could not connect to SMTP host: mx.example.net, port: 25, response: -1",
        "javax.mail.AuthenticationFailedException: [AUTHENTICATIONFAILED] Invalid credentials",
        "Nov 23 10:13:45 mx postfix/smtp[12]: 3F2: to=<a@b>, status=bounced (host mx[192.0.2.1] said: 550 no)",
        "<a@b.example>: host mx[192.0.2.1] said: 550 no",
        "the manager [of sorts] said: 550 people came",
    ] {
        assert_eq!(told(record).join("|"), "", "{record}");
    }
}

#[test]
fn a_trace_tells_what_was_refused() {
    for (trace, want) in [
        (
            "com.sun.mail.smtp.SMTPSendFailedException: 530 5.7.0 log in first\n\n\tat com.sun.mail.smtp.SMTPTransport.issueSendCommand(SMTPTransport.java:2108)\n\tat com.sun.mail.smtp.SMTPTransport.mailFrom(SMTPTransport.java:1609)",
            "MAIL FROM:<...>|530 5.7.0 log in first",
        ),
        (
            "org.eclipse.angus.mail.smtp.SMTPSendFailedException: 554 5.6.0 no\n10:15:01,123 ERROR [stderr] (main) \n10:15:01,123 ERROR [stderr] (main) \tat org.eclipse.angus.mail.smtp.SMTPTransport.issueSendCommand(SMTPTransport.java:2300)\n10:15:01,123 ERROR [stderr] (main) \tat org.eclipse.angus.mail.smtp.SMTPTransport.finishData(SMTPTransport.java:2059)",
            ".|554 5.6.0 no",
        ),
        (
            "Expected response code 250 but got code \"550\", with message \"550 5.7.1 no\"\n#0 /srv/AbstractSmtpTransport.php(281): Swift_Transport_AbstractSmtpTransport->assertResponseCode('550 5.7.1 no', Array)\n#1 /srv/EsmtpTransport.php(270): Swift_Transport_AbstractSmtpTransport->executeCommand('MAIL FROM:<a@b....', Array, Array)",
            "MAIL FROM:<...>|550 5.7.1 no",
        ),
        (
            "System.Net.Mail.SmtpException: Mailbox unavailable. The server response was: 5.7.1 no relay\n   at System.Net.Mail.RecipientCommand.Send(SmtpConnection conn, String to)",
            "RCPT TO:<...>|550 5.7.1 no relay",
        ),
        (
            "Net::SMTPFatalError: 554 5.7.1 no\n/usr/lib/ruby/3.2.0/net/smtp.rb:1082:in `check_response'\n/usr/lib/ruby/3.2.0/net/smtp.rb:1050:in `getok'\n/usr/lib/ruby/3.2.0/net/smtp.rb:894:in `rcptto'",
            "RCPT TO:<...>|554 5.7.1 no",
        ),
        // The trace that is told does not say it, or another error tells first.
        (
            "com.sun.mail.smtp.SMTPSendFailedException: 451 4.3.0 later\n\tat com.example.Mailer.send(Mailer.java:10)\nSomebody knows why?",
            "451 4.3.0 later",
        ),
        (
            "javax.mail.MessagingException: 550 5.1.1 no such user here\n\tat com.example.Mailer.send(Mailer.java:10)\nCaused by: com.sun.mail.smtp.SMTPAddressFailedException: 550 5.1.1 no such user here",
            "RCPT TO:<...>|550 5.1.1 no such user here",
        ),
        ("com.sun.mail.smtp.SMTPSendFailedException: 451 4.3.0 later\n", "451 4.3.0 later"),
    ] {
        assert_eq!(told(trace).join("|"), want, "{trace}");
        assert_eq!(sessions(trace), 1, "{trace}");
    }
}

#[test]
fn the_kind_of_an_error_tells_what_its_object_does_not() {
    let object = "{ [Error: Invalid login]\n  code: 'EAUTH',\n  response: '534-5.7.9 no\\n534 5.7.9 later',\n  responseCode: 534 }";
    assert_eq!(told(object).join("|"), "AUTH ...|534-5.7.9 no|534 5.7.9 later");
}

#[test]
fn programs_name_the_step() {
    for (record, want) in [
        (
            "[E] Fail to send emails: gomail: could not send email 1: Rcpt: 550 5.1.1 no such user",
            "RCPT TO:<...>|550 5.1.1 no such user",
        ),
        ("gomail: could not send email 1: Auth: 451 4.3.2 later", "AUTH ...|451 4.3.2 later"),
        (
            "the message 'failed to issue MAIL command: 501 5.1.7 bad sender' is displayed",
            "MAIL FROM:<...>|501 5.1.7 bad sender' is displayed",
        ),
        ("tool: FATAL: Smtp error: 503 Bad sequence of commands", "503 Bad sequence of commands"),
        ("Negative SMTP reply: 554 5.7.1 no", "554 5.7.1 no"),
        ("SMTP 5xx error: permanent error (511)", "511"),
    ] {
        assert_eq!(told(record).join("|"), want, "{record}");
    }
}

#[test]
fn what_phpmailer_says_of_a_command() {
    for (record, want) in [
        (
            "It logs \"SMTP ERROR: MAIL FROM command failed: 503 5.5.1 log in first\r\n,\" and stops",
            "MAIL FROM:<...>|503 5.5.1 log in first",
        ),
        ("SMTP ERROR: DATA END command failed: 554 5.7.1 spam", ".|554 5.7.1 spam"),
        ("SMTP ERROR: Password command failed: 535 5.7.8 no", "AUTH ...|535 5.7.8 no"),
    ] {
        assert_eq!(told(record).join("|"), want, "{record}");
    }
}
