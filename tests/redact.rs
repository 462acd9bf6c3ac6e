//! Redacting changes names and nothing else: over all samples, the same findings on the same lines.

use std::{collections::BTreeSet, fs, path::Path};

use smtplog::{
    Options, analyze_bytes,
    redact::{Redactor, Unsafe},
    redact_bytes,
    report::SourceReport,
};

/// Dialects whose records hold the octets a second time as hexadecimal digits, which are wiped as a whole.
const DUMPS: &[&str] = &["curl-trace", "tcpdump-a", "wireshark-follow", "ngrep", "socat-v"];

/// Samples that are nothing but digits for octets: of these nothing that could be read is left, and none is handed
/// out.
const NOTHING_LEFT: &[&str] = &[
    "curl-trace/recipient-refused-hex.txt",
    "tcpdump-a/hexadecimal.txt",
    "wireshark-follow/hex.txt",
    "wireshark-follow/yaml.txt",
    "hydra/two-passwords.txt",
];

/// Findings that say that a secret stands in the record: afterwards it does not.
const SECRETS: &[&str] = &["credentials-exposed"];

/// What a reader would notice: sessions, how they ended, what was said, and every finding with its line.
fn seen(report: &SourceReport) -> Vec<String> {
    let mut seen = Vec::new();
    for session in &report.sessions {
        seen.push(format!("{} {} {}", session.dialect, session.first_line, session.outcome));
        for exchange in &session.exchanges {
            let code = exchange.reply.as_ref().map(|reply| (reply.line, reply.code));
            seen.push(format!("{} {:?} {code:?}", exchange.kind, exchange.verb));
        }
        for finding in session.findings.iter().filter(|found| !SECRETS.contains(&found.rule)) {
            seen.push(format!("{} in line {}", finding.rule, finding.line));
        }
    }
    seen
}

#[test]
fn samples_mean_the_same_afterwards() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut wrong = Vec::new();
    let (mut read, mut refused) = (0, 0);
    let invented = texts(&samples);
    // The samples' domains are nobody's and stay: the same with domains that somebody may have.
    let owned = invented.clone().into_iter().map(|(name, octets)| {
        let text = String::from_utf8(octets).unwrap_or_default();
        let text = text.replace(".example", ".network").replace(".test", ".site");
        (format!("{name} (owned)"), text.replace(".invalid", ".systems").into_bytes())
    });
    for (name, octets) in invented.iter().cloned().chain(owned) {
        let options = Options::default();
        let report = analyze_bytes(&name, &octets, &options);
        let redacted = match redact_bytes(&mut Redactor::default(), &octets, &options) {
            Ok(redacted) => redacted.text,
            Err(Unsafe::Unreadable { .. })
                if NOTHING_LEFT
                    .iter()
                    .any(|dump| name.trim_end_matches(" (owned)").ends_with(dump)) =>
            {
                refused += 1;
                continue;
            }
            Err(left) => {
                wrong.push(format!("{name}: {left}"));
                continue;
            }
        };
        assert_eq!(redacted.len(), octets.len(), "{name}");
        let again = redact_bytes(&mut Redactor::default(), &redacted, &options);
        if again.as_ref().map(|again| &again.text) != Ok(&redacted) {
            wrong.push(format!("{name}: redacted again, it changes ({:?})", again.err()));
        }
        let dump = report.sessions.iter().any(|session| DUMPS.contains(&session.dialect));
        let (before, after) = (seen(&report), seen(&analyze_bytes(&name, &redacted, &options)));
        if before != after && !dump {
            let lost = before.iter().find(|line| !after.contains(line));
            let come = after.iter().find(|line| !before.contains(line));
            wrong.push(format!("{name}: {lost:?} is gone, {come:?} came"));
        }
        let text = String::from_utf8_lossy(&redacted).to_ascii_lowercase();
        for named in named(&report).iter().filter(|named| text.contains(named.as_str())) {
            wrong.push(format!("{name}: {named} is left"));
        }
        read += 1;
    }
    assert!(read > 200, "only {read} samples were read");
    assert_eq!(refused, 2 * NOTHING_LEFT.len());
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Domains that belong to everybody: what stands below them stays, but for people.
const EVERYBODYS: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    ".example",
    ".test",
    ".invalid",
    "localhost",
    "gmail.com",
];

/// Who and what a record names: mailboxes and the client's host.
fn named(report: &SourceReport) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for session in &report.sessions {
        let senders = session.transactions.iter().filter_map(|one| one.sender.clone());
        let recipients = session.transactions.iter().flat_map(|one| &one.recipients);
        named.extend(senders.chain(recipients.map(|one| one.address.clone())));
        named.extend(session.client.hello.clone());
    }
    named
        .into_iter()
        .map(|name| name.to_ascii_lowercase())
        .filter(|name| {
            name.contains('.') && name.contains(|letter: char| letter.is_ascii_alphabetic())
        })
        .filter(|name| !EVERYBODYS.iter().any(|domain| name.contains(domain)))
        .collect()
}

/// The samples that are text, by name.
fn texts(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths: BTreeSet<_> = entries.map(|entry| entry.path()).collect();
    for path in paths {
        if path.is_dir() {
            found.extend(texts(&path));
        } else if path.extension().is_some_and(|kind| kind == "txt" || kind == "log")
            && let Ok(octets) = fs::read(&path)
            && String::from_utf8(octets.clone()).is_ok_and(|text| !text.contains('\0'))
        {
            found.push((path.display().to_string(), octets));
        }
    }
    found
}

/// Dialogues in which nothing but passwords and tokens has to be replaced, and what must be gone.
fn with_secrets() -> Vec<(String, Vec<&'static str>)> {
    let ask =
        "EHLO client.example\n250-mx.example.net at your service\n250 AUTH PLAIN LOGIN XOAUTH2\n";
    let end = "535 5.7.8 Error: authentication failed\nQUIT\n221 2.0.0 Bye";
    let auth = [
        // user NUL user NUL s3cr3t-Pa55word, of which two thirds do not fit in a line of a narrow terminal.
        (
            "AUTH PLAIN dXNlcgB1c2VyAHMzY3IzdC1QYTU1d29yZA==\n",
            vec!["dXNlcgB1c2VyAHMzY3IzdC1QYTU1d29yZA", "c3IzdC1QYTU1", "s3cr3t-Pa55word"],
        ),
        (
            "AUTH PLAIN\n334 \ndXNlcgB1c2VyAHMzY3IzdC1QYTU1d29yZA==\n",
            vec!["dXNlcgB1c2VyAHMzY3IzdC1QYTU1d29yZA", "s3cr3t-Pa55word"],
        ),
        (
            "AUTH LOGIN\n334 VXNlcm5hbWU6\ndXNlcg==\n334 UGFzc3dvcmQ6\naHVudGVyMi1odW50ZXIy\n",
            vec!["aHVudGVyMi1odW50ZXIy", "hunter2"],
        ),
        (
            "AUTH XOAUTH2 dXNlcj11c2VyAWF1dGg9QmVhcmVyIHlhMjkuYS10b2tlbi1mb3ItYS10ZXN0LW9mLXJlZGFjdAEB\n",
            vec![
                "dXNlcj11c2VyAWF1dGg9QmVhcmVyIHlhMjkuYS10b2tlbi1mb3I",
                "YS10b2tlbi1mb3I",
                "ya29.a-token",
            ],
        ),
    ];
    auth.into_iter()
        .map(|(auth, gone)| (format!("220 mx.example.net ESMTP\n{ask}{auth}{end}"), gone))
        .collect()
}

/// Whether the client says a line of [`with_secrets`].
fn is_client(line: &str) -> bool {
    !line.starts_with(|first: char| first.is_ascii_digit())
}

/// A line in which every letter that was typed is followed by a wrong one that was taken back.
fn mistyped(line: &str) -> String {
    let Some((typed, rest)) = line.split_at_checked(14) else { return line.to_owned() };
    format!("{typed}Qq\u{8} \u{8}\u{8} \u{8}{rest}")
}

/// A way to write a record down in which its lines stand otherwise than they were said.
type Way = fn(&[&str]) -> String;

fn each(lines: &[&str], way: impl Fn(&str) -> String) -> String {
    lines.iter().map(|line| way(line) + "\n").collect()
}

const WAYS: &[(&str, Way)] = &[
    ("as it was said", |lines| each(lines, str::to_owned)),
    ("in colours", |lines| each(lines, |line| format!("\u{1b}[1;32m{line}\u{1b}[0m"))),
    ("in colours, word by word", |lines| {
        each(lines, |line| line.replace(' ', "\u{1b}[0m \u{1b}[36m"))
    }),
    ("with colours within the words", |lines| {
        each(lines, |line| {
            let signs: Vec<char> = line.chars().collect();
            let parts: Vec<String> = signs.chunks(16).map(|part| part.iter().collect()).collect();
            parts.join("\u{1b}[K\u{1b}[1m")
        })
    }),
    ("mistyped", |lines| each(lines, mistyped)),
    ("with no-break spaces", |lines| each(lines, |line| line.replace(' ', "\u{a0}"))),
    ("with zero-width spaces", |lines| each(lines, |line| line.replace(' ', " \u{200b}"))),
    ("in a page with no-break spaces", |lines| {
        format!(
            "<html><body><pre>\n{}\n</pre></body></html>\n",
            lines.join("\n").replace(' ', "&nbsp;")
        )
    }),
    ("in a page with line breaks", |lines| {
        format!(
            "<html><body><p>\n{}</p></body></html>\n",
            lines.join("<br>\n").replace(' ', "&#32;")
        )
    }),
    ("in one line of a page", |lines| {
        format!("<html><body><p>{}</p></body></html>\n", lines.join("<br>"))
    }),
    ("in syslog, with its carriage returns", |lines| {
        each(lines, |line| format!("Nov 23 10:12:01 host app[123]: {line}#015"))
    }),
    ("behind Kubernetes' prefix, in short parts", |lines| {
        each(lines, |line| {
            let time = "2026-11-23T10:12:01.123456789Z stdout";
            let signs: Vec<char> = line.chars().collect();
            let mut parts: Vec<String> =
                signs.chunks(20).map(|part| part.iter().collect()).collect();
            let last = parts.pop().unwrap_or_default();
            let row = |part| format!("{time} P {part}\n");
            let rows: Vec<String> = parts.into_iter().map(row).collect();
            format!("{}{time} F {last}", rows.concat())
        })
    }),
    ("as a sequence diagram", |lines| {
        let arrow = |line: &str| {
            let (from, to) =
                if is_client(line) { ("Client", "Server") } else { ("Server", "Client") };
            format!("    {from}->>{to}: {line}")
        };
        format!("sequenceDiagram\n{}", each(lines, arrow))
    }),
    ("broken at 40", |lines| {
        each(lines, |line| {
            let signs: Vec<char> = line.chars().collect();
            let parts: Vec<String> = signs.chunks(40).map(|part| part.iter().collect()).collect();
            parts.join("\n")
        })
    }),
    ("in a ticket", |lines| {
        let body = format!("Hello,\r\n\r\n{}\r\n", lines.join("\r\n"));
        serde_json::json!({ "id": 7, "body": body }).to_string() + "\n"
    }),
    ("in a list of tickets", |lines| {
        let body = format!("Hello,\r\n\r\n{}\r\n", lines.join("\r\n"));
        serde_json::json!([{ "id": 7, "body": body }, { "id": 8, "body": "no" }]).to_string() + "\n"
    }),
    ("in a list of strings", |lines| {
        serde_json::json!(["first", lines.join("\n"), "last"]).to_string() + "\n"
    }),
    ("in an indented list of tickets", |lines| {
        let body = format!("Hello,\n\n{}\n", lines.join("\n"));
        let body = serde_json::Value::from(body);
        format!("[\n  [\n    {{\n      \"body\": {body}\n    }}\n  ]\n]\n")
    }),
    ("in a ticket with escapes", |lines| {
        let body = lines.join("\\r\\n").replace('=', "\\u003d").replace('/', "\\/");
        format!("[{{\"body\":\"{body}\\r\\n\"}}]\n")
    }),
    ("in a ticket with nothing but escapes", |lines| {
        let body = lines.join("\\u000d\\u000a").replace('=', "\\u003D");
        format!("[{{\"body\":\"{body}\\u000D\\u000A\"}}]\n")
    }),
    ("in Docker's JSON", |lines| {
        each(lines, |line| {
            serde_json::json!({ "log": format!("{line}\n"), "stream": "stdout" }).to_string()
        })
    }),
    ("as Python sends it", |lines| {
        each(lines, |line| {
            if is_client(line) {
                format!("send: '{line}\\r\\n'")
            } else {
                format!("reply: b'{line}\\r\\n'")
            }
        })
    }),
];

/// Passwords are gone however the record was written, all else is as it was, and done again it does not change.
#[test]
fn secrets_are_gone_in_whatever_they_are_wrapped() {
    let options = Options::default();
    let mut wrong = Vec::new();
    for (dialogue, gone) in with_secrets() {
        let lines: Vec<&str> = dialogue.lines().collect();
        let plain = redact_bytes(&mut Redactor::default(), dialogue.as_bytes(), &options).unwrap();
        let plain = String::from_utf8(plain.text).unwrap();
        let replaced: Vec<&str> = plain.lines().collect();
        for (name, way) in WAYS {
            for end in ["\n", "\r\n"] {
                let text = way(&lines).replace('\n', end);
                let want = way(&replaced).replace('\n', end);
                let what = format!("{name}{}", if end == "\n" { "" } else { ", with CR LF" });
                if analyze_bytes(&what, text.as_bytes(), &options).sessions.is_empty() {
                    wrong.push(format!("{what}: nothing is read"));
                }
                let out = match redact_bytes(&mut Redactor::default(), text.as_bytes(), &options) {
                    Ok(out) => String::from_utf8_lossy(&out.text).into_owned(),
                    Err(left) => {
                        wrong.push(format!("{what}: {left}:\n{text}"));
                        continue;
                    }
                };
                for secret in gone.iter().filter(|secret| out.contains(**secret)) {
                    wrong.push(format!("{what}: {secret} is left"));
                }
                // Letters that were taken back are gone, too.
                let want = want.replace("Qq\u{8}", "xx\u{8}");
                // What is broken in the middle of a password is no base64 any more.
                if out != want && !name.starts_with("broken") {
                    wrong.push(format!("{what}: not\n{want}\nbut\n{out}"));
                }
                let again = redact_bytes(&mut Redactor::default(), out.as_bytes(), &options);
                if again.map(|again| again.text) != Ok(out.into_bytes()) {
                    wrong.push(format!("{what}: redacted again, it changes"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// A file in which a dialogue can be read no more once its secrets are gone, or that keeps one, is not written.
#[test]
fn what_cannot_be_made_safe_is_not_handed_out() {
    let dump = "00000000  32 32 30 20 6d 78 2e 65  78 61 6d 70 6c 65 20 45  220 mx.e xample E\n\
                00000010  53 4d 54 50 0d 0a                                 SMTP..\n\
                    00000000  51 55 49 54 0d 0a                                 QUIT..\n\
                00000016  32 32 31 20 42 79 65 0d  0a                       221 Bye. .\n";
    let found = analyze_bytes("dump", dump.as_bytes(), &Options::default());
    assert_eq!(found.sessions.len(), 1);
    let out = redact_bytes(&mut Redactor::default(), dump.as_bytes(), &Options::default());
    assert!(matches!(out, Err(Unsafe::Unreadable { .. })), "{out:?}");
}

/// A password is gone where the text around the dialogue repeats it, in whatever way it is written there.
#[test]
fn what_was_sent_is_gone_wherever_it_is_repeated() {
    // \0jane\0Op3n/Se+same?
    let (line, password) = ("AGphbmUAT3Azbi9TZStzYW1lPw==", "Op3n/Se+same?");
    let dialogue = format!(
        "220 mx.example ESMTP\nEHLO client.example\n250-mx.example\n250 AUTH PLAIN\nAUTH PLAIN {line}\n235 2.7.0 ok\nQUIT\n221 bye\n"
    );
    for repeated in [
        "mailer.password = Op3n/Se+same?",
        r#"{"pass":"Op3n\/Se+same?"}"#,
        r#"{"pass":"Op3n\u002fSe+same\u003F"}"#,
        "smtps://jane:Op3n%2FSe%2Bsame%3f@mx.example:465",
        "<td>Op3n&#47;Se&#x2b;same?</td>",
        "pass=3DOp3n/Se=2Bsame=3F",
        "the password is Op3n/S\n  e+same?",
        "the password is Op3n/Se=\n+same?",
        "Authorization: Basic amFuZTpPcDNuL1NlK3NhbWU/",
        "$ printf Op3n/Se+same? | base64\nT3Azbi9TZStzYW1lPw==",
        "4f70336e2f53652b73616d653f",
        "> AGphbmUAT3Azbi\n> 9TZStzYW1lPw==",
    ] {
        for text in [format!("{repeated}\n\n{dialogue}"), format!("{dialogue}\n{repeated}\n")] {
            let out = redact_bytes(&mut Redactor::default(), text.as_bytes(), &Options::default());
            let out = String::from_utf8(out.expect(repeated).text).unwrap();
            assert_eq!(out.len(), text.len());
            let joined: String = out.split(['\n', ' ', '>', '=']).collect();
            for gone in [
                password,
                "Op3n",
                "Se+same",
                "T3Azbi9T",
                "ZStzYW1l",
                "Op3n%2FSe",
                "4f70336e",
                "DNuL1NlK3N",
                line,
            ] {
                let left = out.contains(gone) || joined.contains(gone);
                assert!(!left, "{gone} is left of {repeated}:\n{out}");
            }
        }
    }
}

/// Credentials that show by themselves are gone, whether anybody reads the dialogue that they stand in or not, and
/// beside it.
#[test]
fn credentials_are_gone_wherever_they_show() {
    let dialogue = "220 mx.example ESMTP\nEHLO client.example\n250 mx.example\nMAIL FROM:<a@b.example>\n250 ok\nQUIT\n221 bye\n";
    let secret = "Op3n-Se+same";
    // \0jane\0Op3n-Se+same, jane123, Op3n-Se+same
    let (plain, name, password) = ("AGphbmUAT3Azbi1TZStzYW1l", "amFuZTEyMw==", "T3Azbi1TZStzYW1l");
    for text in [
        // The server's half is missing.
        format!(
            "S: 220 mx.example\nC: EHLO a.example\nS: 250 mx.example\nC: AUTH LOGIN\nC: {name}\nC: {password}\nS: 235 ok\nC: QUIT\nS: 221 bye\n"
        ),
        // Nobody reads these.
        format!(
            "{{\"dir\":\"out\",\"data\":\"AUTH LOGIN\\r\\n\"}}\n{{\"dir\":\"out\",\"data\":\"{name}\\r\\n\"}}\n{{\"dir\":\"out\",\"data\":\"{password}\\r\\n\"}}\n"
        ),
        format!("{{\"sent\": [\"AUTH PLAIN\", \"{plain}\"]}}\n"),
        format!("{dialogue}\n$ printf '\\0jane\\0{secret}' | openssl base64\n{plain}\n"),
        format!("$ swaks -s mx.example -ap '{secret}'\n{dialogue}"),
        format!("$ curl -v smtp://mx.example --user jane:{secret}\n{dialogue}"),
        format!("* Trying smtp://jane:{secret}@mx.example:25\n{dialogue}"),
        format!("Authorization: Bearer {secret}\n\n{dialogue}"),
        format!("> \"password\": \"{secret}\",\n\n{dialogue}"),
        format!("smtp_password = {secret}\n\n{dialogue}"),
        format!("server.login('jane', '{secret}')\n\n{dialogue}"),
        format!("I logged in with the password {secret}.\n\n{dialogue}"),
    ] {
        let out = redact_bytes(&mut Redactor::default(), text.as_bytes(), &Options::default());
        let out = String::from_utf8(out.unwrap().text).unwrap();
        for gone in [secret, plain, password] {
            assert!(!out.contains(gone), "{gone} is left of\n{text}\nin\n{out}");
        }
        let again = redact_bytes(&mut Redactor::default(), out.as_bytes(), &Options::default());
        assert_eq!(again.unwrap().text, out.as_bytes(), "redacted again, it changes");
    }
}

#[test]
fn a_password_typed_as_it_is_is_gone_where_nobody_reads_the_dialogue() {
    for text in [
        "what I saw:\n334 UGFzc3dvcmQ6\ncorrect horse\nand then it hung\n",
        "I/O trace:\n  recv: \"334 UGFzc3dvcmQ6\\r\\n\"\n  send: \"correct horse\\r\\n\"\n",
        "Response: 334 UGFzc3dvcmQ6\nRequest: correct horse\n",
    ] {
        let done = redact_bytes(&mut Redactor::default(), text.as_bytes(), &Options::default());
        let done = done.unwrap();
        let said = String::from_utf8(done.text).unwrap();
        assert!(!done.is_dialogue, "{text}");
        assert_eq!(said, text.replace("correct horse", "xxxxxxx xxxxx"));
    }
}
