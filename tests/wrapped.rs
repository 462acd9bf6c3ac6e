//! What people do to a record before anyone reads it must not change what it says: each sample is wrapped in
//! each way, and must yield the same commands, codes and outcomes.

use std::{fs, path::Path};

use smtplog::{Belongs, Options, account_bytes, analyze_bytes, redact::Redactor, redact_bytes};

/// A way to wrap the lines of a record.
type Wrap = fn(&[&str]) -> String;

const WRAPS: &[(&str, Wrap)] = &[
    ("CR LF", |lines| lines.join("\r\n") + "\r\n"),
    ("no line end at the end", |lines| lines.join("\n")),
    ("quoted in a mail", |lines| each(lines, |_, line| format!("> {line}"))),
    ("quoted twice, with prose around", |lines| {
        let quoted = each(lines, |_, line| format!(">> {line}"));
        format!("Hi,\n\nOn Mon, 23 Nov 2026 at 10:00, Kim wrote:\n{quoted}\nAny idea?\n")
    }),
    ("indented", |lines| each(lines, |_, line| format!("    {line}"))),
    ("behind a tab", |lines| each(lines, |_, line| format!("\t{line}"))),
    ("numbered", |lines| each(lines, |at, line| format!("{:>4}  {line}", at + 1))),
    ("in a fence, with prose around", |lines| {
        format!(
            "Hello,\n\nthis is what I see:\n\n```\n{}\n```\n\nCan you help?\n",
            lines.join("\n")
        )
    }),
    ("in a block of a forum", |lines| {
        format!("see below\n[code]\n{}\n[/code]\n", lines.join("\n"))
    }),
    ("in a block of a tracker", |lines| {
        format!("{{noformat}}\n{}\n{{noformat}}\n", lines.join("\n"))
    }),
    ("in syslog", |lines| {
        each(lines, |_, line| {
            let text = line.replace('\t', "#011").replace('\u{1b}', "#033").replace('\r', "#015");
            format!("Nov 23 10:12:01 host app[123]: {text}")
        })
    }),
    ("behind a container's name", |lines| each(lines, |_, line| format!("mail_1  | {line}"))),
    ("in Docker's JSON", |lines| {
        each(lines, |at, line| {
            let log = format!("{line}\n");
            let time = format!("2026-11-23T10:12:01.{at:09}Z");
            serde_json::json!({ "log": log, "stream": "stdout", "time": time }).to_string()
        })
    }),
    ("behind Kubernetes' prefix, in parts", |lines| {
        each(lines, |_, line| {
            let signs: Vec<char> = line.chars().collect();
            let parts = signs.chunks(50).map(|part| part.iter().collect::<String>());
            let mut all = parts.collect::<Vec<_>>();
            let last = all.pop().unwrap_or_default();
            let time = "2026-11-23T10:12:01.123456789Z stdout";
            let parts = all.into_iter().map(|part| format!("{time} P {part}\n"));
            format!("{}{time} F {last}", parts.collect::<String>())
        })
    }),
    ("in journald's JSON", |lines| {
        each(lines, |_, line| {
            serde_json::json!({ "_HOSTNAME": "mx", "PRIORITY": "6", "MESSAGE": line }).to_string()
        })
    }),
    ("exported from journald", |lines| {
        each(lines, |at, line| format!("__CURSOR=s=0;i={at:x}\n_PID=12\nMESSAGE={line}\n"))
    }),
    ("in logstash's JSON", |lines| {
        each(lines, |_, line| {
            serde_json::json!({ "@timestamp": "2026-11-23T10:12:01.5Z", "host": { "name": "mx" }, "message": line })
                .to_string()
        })
    }),
    ("behind journald's full times", |lines| {
        each(lines, |_, line| format!("Mon 2026-11-23 10:12:01 CET mx app[12]: {line}"))
    }),
    ("in quotes, as a table's only column", |lines| {
        each(lines, |_, line| format!("\"{}\"", line.replace('"', "\"\"")))
    }),
    ("in a column of a table", |lines| {
        each(lines, |at, line| format!("{at},app,\"{}\"", line.replace('"', "\"\"")))
    }),
    ("numbered, and then quoted", |lines| each(lines, |at, line| format!("> {}: {line}", at + 1))),
    ("quoted in syslog", |lines| {
        each(lines, |_, line| {
            let text = line.replace('\t', "#011").replace('\u{1b}', "#033").replace('\r', "#015");
            format!("Nov 23 10:12:01 host app[123]: > {text}")
        })
    }),
    ("broken between words at 72, quoted", |lines| {
        each(&between_words(lines, 72).lines().collect::<Vec<_>>(), |_, line| format!("> {line}"))
    }),
    ("double-spaced", |lines| each(lines, |_, line| format!("{line}\n"))),
    ("padded", |lines| each(lines, |_, line| format!("{line}    "))),
    ("broken between words at 72", |lines| between_words(lines, 72)),
    ("broken between words at 76", |lines| between_words(lines, 76)),
    ("broken between words at 80", |lines| between_words(lines, 80)),
    ("broken at 76", |lines| anywhere(lines, 76)),
    ("broken at 80", |lines| anywhere(lines, 80)),
    ("in a page", |lines| {
        let text = lines.join("\n").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("<html><body><p>The log:</p>\n<pre>\n{text}\n</pre></body></html>\n")
    }),
];

/// Samples that lines of a certain width really change: by what their names begin with, for all ways that break
/// lines, and why.
const BROKEN: &[&str] = &[
    // Dumps: packets have no other form than their lines, and octets no words.
    "ngrep/by-line-user-unknown.txt",
    "socat-v/hexadecimal.txt",
    "swaks/raw-text.txt",
    "swaks/replies-end-in-bare-lf.txt",
    "tcpdump-a/",
    "tcpflow/console.txt",
    "wireshark-follow/raw.txt",
    "tshark-summary/one-line-a-packet.txt",
    // Traces, whose other lines are longer, and tell the same again.
    "client-error/aiosmtplib-recipients.txt",
    "client-error/nodemailer-one-line.txt",
    "client-error/nodemailer-recipients.txt",
    "medusa/login-refused.txt",
    "unknown-marks/monit.txt",
    // Colours between the words, which were no part of the width.
    "lettre/ansi-recipient-refused.txt",
    // One line that was broken, and nothing that shows that it was.
    "client-error/pear-recipient.txt",
    "nc-ncat/nc-openbsd-host-not-found.txt",
    "nc-ncat/nc-openbsd-refused.txt",
    "nc-ncat/nc-openbsd-timed-out.txt",
    "openssl-s-client/connection-refused.txt",
    "openssl-s-client/host-not-found.txt",
    "openssl-s-client/plain-port.txt",
    "rfc/rfc4468-3.4-burl-pipelined.txt",
    "strace/connection-refused.txt",
    "telnet-unix/expect-with-diagnostics.txt",
    "telnet-unix/postfix-pasted-group.txt",
    "telnet-windows/console-padded-and-wrapped.txt",
    // Lines that quote a host's reply, which are no sessions of their own where the log is read in one piece.
    "exim-debug-client/debug-transport-pid-timestamp.txt",
    "postfix-verbose/debug-peer-list.log",
];

/// Samples that a wrapping really changes, and why.
const CHANGED: &[(&str, &str)] = &[
    // A page or a listing inside another one.
    ("raw-unmarked/html-copy.html", "numbered"),
    ("raw-unmarked/html-copy.html", "in syslog"),
    ("raw-unmarked/html-copy.html", "behind a container's name"),
    ("raw-unmarked/html-copy.html", "behind journald's full times"),
    ("raw-unmarked/html-copy.html", "in a page"),
    ("raw-unmarked/numbered-lines.txt", "numbered"),
    ("raw-unmarked/numbered-lines.txt", "in a page"),
    ("raw-unmarked/quoted-in-reply.txt", "in a page"),
    // A blank line ends a paragraph, and whoever tells something.
    ("prose/told-in-sentences.txt", "double-spaced"),
    // The tool writes a syslog prefix of its own, from which its session's key is taken.
    ("sendemail-pl/queued.txt", "in syslog"),
    ("sendemail-pl/queued.txt", "quoted in syslog"),
    // Packets as text: their headers' octets may be blanks and line ends.
    ("tcpdump-a/ascii.txt", "indented"),
    ("tcpdump-a/ascii.txt", "behind a tab"),
    ("tcpdump-a/three-sessions-one-reset.txt", "indented"),
    ("tcpdump-a/three-sessions-one-reset.txt", "behind a tab"),
    // Rows that the tool itself indents, among header lines of which none is known.
    ("tcpdump-a/hexadecimal.txt", "numbered"),
    ("tcpdump-a/hexadecimal.txt", "in syslog"),
    ("tcpdump-a/hexadecimal.txt", "quoted in syslog"),
    ("tcpdump-a/hexadecimal.txt", "behind a container's name"),
    ("tcpdump-a/hexadecimal.txt", "behind journald's full times"),
    ("wireshark-follow/yaml.txt", "indented"),
    // One line alone makes no table.
    ("nc-ncat/nc-openbsd-host-not-found.txt", "in quotes, as a table's only column"),
    ("nc-ncat/nc-openbsd-host-not-found.txt", "in a column of a table"),
    ("nc-ncat/nc-openbsd-refused.txt", "in quotes, as a table's only column"),
    ("nc-ncat/nc-openbsd-refused.txt", "in a column of a table"),
    ("nc-ncat/nc-openbsd-timed-out.txt", "in quotes, as a table's only column"),
    ("nc-ncat/nc-openbsd-timed-out.txt", "in a column of a table"),
    ("telnet-unix/host-not-found.txt", "in quotes, as a table's only column"),
    ("telnet-unix/host-not-found.txt", "in a column of a table"),
    // An error's own line is known in whatever stands around it, and so no table is proven.
    ("python-smtplib/dropped.txt", "in quotes, as a table's only column"),
    ("python-smtplib/dropped.txt", "in a column of a table"),
    ("exim-mainlog/log-selector-all.log", "in quotes, as a table's only column"),
    ("exim-mainlog/log-selector-all.log", "in a column of a table"),
];

fn each(lines: &[&str], wrap: fn(usize, &str) -> String) -> String {
    lines.iter().enumerate().map(|(at, line)| wrap(at, line) + "\n").collect()
}

/// The lines with what is wider than `width` broken at blanks, as mail programs do it.
fn between_words(lines: &[&str], width: usize) -> String {
    let mut text = String::new();
    for line in lines {
        let mut rest = *line;
        while rest.len() > width {
            let fits = rest.bytes().take(width + 1).rposition(|octet| octet == b' ');
            let at = fits
                .filter(|at| *at > 0)
                .or_else(|| rest.get(width..)?.find(' ').map(|at| at + width));
            let Some((head, tail)) = at.and_then(|at| rest.split_at_checked(at)) else { break };
            if head.trim().is_empty() {
                break;
            }
            text.push_str(head);
            text.push('\n');
            rest = tail.get(1..).unwrap_or_default();
        }
        text.push_str(rest);
        text.push('\n');
    }
    text
}

/// The lines with what is wider than `width` broken there, as a console does it.
fn anywhere(lines: &[&str], width: usize) -> String {
    let mut text = String::new();
    for line in lines {
        for (at, sign) in line.chars().enumerate() {
            if at > 0 && at % width == 0 {
                text.push('\n');
            }
            text.push(sign);
        }
        text.push('\n');
    }
    text
}

/// Each session's verbs and codes, and what became of its mail.
fn told(bytes: &[u8]) -> Vec<String> {
    let report = analyze_bytes("record", bytes, &Options::default());
    report
        .sessions
        .iter()
        .map(|session| {
            let said = session.exchanges.iter().map(|exchange| {
                let code = exchange.reply.as_ref().map(|reply| reply.code);
                format!("{:?} {code:?}", exchange.verb)
            });
            format!("{:?}: {}", session.outcome, said.collect::<Vec<_>>().join(", "))
        })
        .collect()
}

#[test]
fn wrappings_do_not_change_what_a_record_says() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut wrong = Vec::new();
    let mut folders: Vec<_> =
        fs::read_dir(&samples).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|path| path.is_dir()) {
        let mut files: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let name = file.strip_prefix(&samples).unwrap().display().to_string();
            // Mails and captures are no lines to be wrapped.
            let Ok(text) = String::from_utf8(fs::read(&file).unwrap()) else { continue };
            if file.extension().is_some_and(|one| one == "eml")
                || text.contains('\0')
                || name.starts_with("scripts/")
            {
                continue;
            }
            let expected = told(text.as_bytes());
            let lines: Vec<&str> = text
                .strip_suffix('\n')
                .unwrap_or(&text)
                .split('\n')
                .map(|l| l.strip_suffix('\r').unwrap_or(l))
                .collect();
            for (way, wrap) in WRAPS {
                // Three lines make a listing.
                let broken = way.starts_with("broken");
                if (way.starts_with("numbered") && lines.len() < 3)
                    || broken && BROKEN.iter().any(|known| name.starts_with(known))
                    || CHANGED.contains(&(name.as_str(), *way))
                {
                    continue;
                }
                let found = told(wrap(&lines).as_bytes());
                if found != expected {
                    wrong.push(format!("{name}, {way}:\n  {expected:?}\n  {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the client sends to authenticate itself: the words of a record that are base64.
fn secrets(bytes: &[u8]) -> Vec<String> {
    let pieces = account_bytes(bytes, &Options::default());
    let said = pieces.iter().filter_map(|piece| {
        let start = usize::try_from(piece.offset).ok()?;
        let end = start + usize::try_from(piece.octets).ok()?;
        let text = String::from_utf8_lossy(bytes.get(start..end)?).into_owned();
        match piece.belongs {
            Belongs::Credentials => Some(text),
            Belongs::Command if text.to_ascii_uppercase().starts_with("AUTH ") => {
                text.splitn(3, ' ').nth(2).map(str::to_owned)
            }
            _ => None,
        }
    });
    let of_base64 = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '+' | '/' | '=');
    let words: Vec<String> = said
        .flat_map(|text| text.split(|sign| !of_base64(sign)).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let upper = |word: &String| word.chars().skip(1).any(|sign| sign.is_ascii_uppercase());
    words.into_iter().filter(|word| word.len() >= 8 && upper(word)).collect()
}

/// A file whose secrets would be left is refused; of all others, what the client sent to authenticate itself is
/// gone, in whatever it was wrapped, and the record says what it said before.
#[test]
fn no_secret_is_left_in_a_wrapped_record() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut wrong = Vec::new();
    let (mut read, mut refused) = (0, Vec::new());
    let mut files: Vec<_> = fs::read_dir(&samples)
        .unwrap()
        .filter_map(|folder| fs::read_dir(folder.unwrap().path()).ok())
        .flat_map(|files| files.map(|file| file.unwrap().path()))
        .collect();
    files.sort();
    for file in files {
        let name = file.strip_prefix(&samples).unwrap().display().to_string();
        let Ok(text) = String::from_utf8(fs::read(&file).unwrap()) else { continue };
        let secrets = secrets(text.as_bytes());
        // A token that stands for nothing, as the name of a role, may stay.
        let plain = redact_bytes(&mut Redactor::default(), text.as_bytes(), &Options::default());
        let Ok(plain) = plain else { continue };
        let plain = String::from_utf8_lossy(&plain.text).into_owned();
        let gone: Vec<&String> = secrets.iter().filter(|one| !plain.contains(*one)).collect();
        if gone.is_empty() || name.starts_with("scripts/") {
            continue;
        }
        let lines: Vec<&str> = text.lines().collect();
        for (way, wrap) in WRAPS {
            let wrapped = wrap(&lines);
            for (end, wrapped) in
                [("LF", wrapped.clone()), ("CR LF", wrapped.replace('\n', "\r\n"))]
            {
                let what = format!("{name}, {way}, {end}");
                let options = Options::default();
                let Ok(out) = redact_bytes(&mut Redactor::default(), wrapped.as_bytes(), &options)
                else {
                    refused.push(what);
                    continue;
                };
                read += 1;
                let shown = String::from_utf8_lossy(&out.text).into_owned();
                for secret in gone.iter().filter(|secret| shown.contains(**secret)) {
                    wrong.push(format!("{what}: {secret} is left"));
                }
                assert_eq!(out.text.len(), wrapped.len(), "{what}");
                if end == "CR LF" {
                    continue;
                }
                if told(&out.text) != told(wrapped.as_bytes())
                    && !(way.starts_with("broken") || CHANGED.contains(&(name.as_str(), *way)))
                {
                    wrong.push(format!("{what}: another dialogue"));
                }
                let again = redact_bytes(&mut Redactor::default(), &out.text, &options);
                if again.map(|again| again.text) != Ok(out.text) {
                    wrong.push(format!("{what}: redacted again, it changes"));
                }
            }
        }
    }
    assert!(read > 500, "only {read} were read");
    assert!(refused.is_empty(), "refused:\n{}", refused.join("\n"));
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whoever takes a program's lines says when, and that is when they were said.
#[test]
fn times_of_collectors_are_the_sessions() {
    let dialogue = [
        "220 mx.example.net ESMTP",
        "EHLO client.example",
        "250 mx.example.net",
        "MAIL FROM:<a@client.example>",
        "250 2.1.0 Ok",
        "QUIT",
        "221 2.0.0 Bye",
    ];
    let ways: [fn(usize, &str) -> String; 10] = [
        |at, line| {
            format!(
                "{{\"log\":\"{line}\\r\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-23T10:12:0{at}.5Z\"}}"
            )
        },
        |at, line| {
            format!("{{\"@timestamp\":\"2026-11-23T10:12:0{at}.5Z\",\"message\":\"{line}\"}}")
        },
        |at, line| {
            format!("{{\"__REALTIME_TIMESTAMP\":\"179542872{at}500000\",\"MESSAGE\":\"{line}\"}}")
        },
        |at, line| {
            format!(
                "__CURSOR=x\n__REALTIME_TIMESTAMP=179542872{at}500000\nMESSAGE={line}\n_PID=7\n"
            )
        },
        |at, line| format!("2026-11-23T10:12:0{at}.5Z stdout F {line}"),
        |at, line| format!("2026-11-23T10:12:0{at}.5Z mx.example.net tool[7]: {line}"),
        |at, line| format!("179542872{at}.500000 mx tool[7]: {line}"),
        |at, line| format!("2026-11-23T10:12:0{at}.5Z mail01 {line}"),
        |at, line| format!("{at},2026-11-23T10:12:0{at}.5Z,\"{line}\""),
        |at, line| format!("> 2026-11-23T10:12:0{at}.5Z mail01 tool[7]: {line}"),
    ];
    for way in ways {
        let lines = dialogue.iter().enumerate().map(|(at, line)| way(at, line));
        let text = lines.collect::<Vec<_>>().join("\n");
        let report = analyze_bytes("record", text.as_bytes(), &Options::default());
        let [session] = report.sessions.as_slice() else { panic!("{text}: not one session") };
        assert!(
            session.started.as_deref().is_some_and(|at| at.starts_with("2026-11-23T10:12:00.5")),
            "{text}"
        );
        let latencies: Vec<_> =
            session.exchanges.iter().filter_map(|exchange| exchange.latency_ms).collect();
        assert_eq!(latencies, [1000.0, 1000.0, 1000.0], "{text}");
    }
    // A recorder with a clock of its own is not asked for another one.
    let own = "[2026-11-23 09:12:07] DEBUG [x] S: 220 mx.example.net ESMTP\n[2026-11-23 09:12:08] DEBUG [x] C: QUIT\n";
    let lines = own.lines().map(|line| format!("2026-11-23T10:12:00.5Z stdout F {line}"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let report = analyze_bytes("record", text.as_bytes(), &Options::default());
    let started = report.sessions.first().and_then(|session| session.started.clone());
    assert_eq!(started.as_deref(), Some("2026-11-23T09:12:07"));
}
