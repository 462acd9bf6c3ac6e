//! Records that came to harm on their way: what can be read is read, and what could not is said.

use std::{fmt::Write as _, io::Write as _, path::Path};

use smtplog::{Options, analyze_bytes, report::SourceReport};

const SESSION: &str = "220 mx.example.net ESMTP\nEHLO client.example\n250 mx.example.net\n\
    MAIL FROM:<a@client.example>\n250 2.1.0 Ok\nRCPT TO:<b@example.net>\n250 2.1.5 Ok\nDATA\n354 go\n\
    Subject: x\n\nhello\n.\n250 2.0.0 Ok: queued as 4F1C2\nQUIT\n221 2.0.0 Bye\n";

const HEADER: &str = "#Software: Microsoft Exchange Server\n#Log-type: SMTP Receive Protocol Log\n\
    #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context\n";

/// The rows of the session in Exchange's log: `step` seconds from one to the next.
fn rows(key: &str, start: i32, step: i32) -> Vec<String> {
    let hidden = ["Subject: x", "", "hello", "."];
    let said = SESSION.lines().filter(|line| !hidden.contains(line)).map(|line| {
        (if line.starts_with(|first: char| first.is_ascii_digit()) { ">" } else { "<" }, line)
    });
    let events = [("+", "")].into_iter().chain(said).chain([("-", "")]);
    events
        .zip(0..)
        .map(|((event, data), number)| {
            let seconds = start + step * number;
            let context = if event == "-" { "Remote" } else { "" };
            format!(
                "2026-11-23T09:{:02}:{:02}.000Z,MX\\Default,{key},{number},10.0.0.1:25,192.0.2.7:4711,{event},{data},{context}",
                seconds / 60,
                seconds % 60,
            )
        })
        .collect()
}

fn log(rows: &[String]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

fn read(text: &str) -> SourceReport {
    analyze_bytes("record", text.as_bytes(), &Options::default())
}

/// What is said to be wrong: the line and the words before the first colon.
fn wrong(report: &SourceReport) -> Vec<String> {
    let problems = report.problems.iter();
    problems
        .map(|problem| {
            let words = problem.message.split(':').next().unwrap_or_default();
            problem.line.map_or_else(|| words.to_owned(), |line| format!("{line}: {words}"))
        })
        .collect()
}

/// The outcome and the number of exchanges of each session.
fn told(report: &SourceReport) -> Vec<(&str, usize)> {
    report.sessions.iter().map(|session| (session.outcome, session.exchanges.len())).collect()
}

/// What the program prints on files, as JSON.
fn printed(files: &[(&str, &[u8])]) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, octets) in files {
        std::fs::File::create(folder.path().join(name))
            .and_then(|mut file| file.write_all(octets))
            .expect("a file");
    }
    analyzed(folder.path())
}

fn analyzed(path: &Path) -> serde_json::Value {
    let output = assert_cmd::Command::cargo_bin("smtplog")
        .expect("the program")
        .args(["analyze", "--format", "json", "--fail-on", "never", "--no-progress"])
        .arg(path)
        .output()
        .expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// All outcomes and all problems.
fn found(report: &serde_json::Value) -> (Vec<&str>, String) {
    let sources = report["sources"].as_array().expect("sources");
    let all = |key: &'static str| {
        sources.iter().filter_map(move |source| source[key].as_array()).flatten()
    };
    let outcomes = all("sessions").filter_map(|session| session["outcome"].as_str()).collect();
    let mut problems = String::new();
    for problem in all("problems").filter_map(|problem| problem["message"].as_str()) {
        writeln!(problems, "{problem}").expect("a string takes it");
    }
    (outcomes, problems)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).and_then(|()| packed.finish()).expect("it packs")
}

#[test]
fn a_stream_that_breaks_off() {
    let text: String = rows("08DC42C8FF236A1F", 0, 1).join("\n");
    let packed = gzip(&format!("{SESSION}{text}"));
    let report = printed(&[("a.gz", packed.get(..packed.len() - 30).expect("longer"))]);
    let (outcomes, problems) = found(&report);
    assert_eq!(outcomes.first(), Some(&"queued"), "{problems}");
    assert!(problems.contains("ends early"), "{problems}");
}

#[test]
fn a_checksum_that_does_not_fit() {
    let mut packed = gzip(SESSION);
    let place = packed.len() - 6;
    if let Some(octet) = packed.get_mut(place) {
        *octet ^= 0xff;
    }
    let report = printed(&[("a.gz", &packed)]);
    let (outcomes, problems) = found(&report);
    assert_eq!(outcomes, ["queued"]);
    assert!(problems.contains("checksum"), "{problems}");
}

#[test]
fn a_mail_whose_parts_are_broken() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let encoded = STANDARD.encode(SESSION);
    let mail = format!(
        "From: a@b.example\nTo: c@d.example\nSubject: ticket\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=\"zz\"\n\n--zz\nContent-Type: text/plain\n\nsee the log\n\
         --zz\nContent-Type: text/plain; name=\"log.txt\"\nContent-Transfer-Encoding: base64\n\n{encoded}\n@@ no base64 @@\n"
    );
    let report = printed(&[("ticket.eml", mail.as_bytes())]);
    let (outcomes, problems) = found(&report);
    assert_eq!(outcomes, ["queued"], "{problems}");
    assert!(problems.contains("boundary"), "{problems}");
    assert!(problems.contains("damaged"), "{problems}");
}

#[test]
fn a_log_that_is_cut_off_in_a_row() {
    let whole = log(&rows("08DC42C8FF236A1F", 0, 1));
    // In the middle of the row with `QUIT`.
    let cut = whole.find(",QUIT,").and_then(|at| whole.get(..at - 20)).expect("a row");
    let report = read(cut);
    assert_eq!(told(&report), [("queued", 6)]);
    assert_eq!(wrong(&report), ["15: the row has 5 columns, the #Fields line names 9"]);
}

#[test]
fn rows_with_other_columns() {
    let mut all = rows("08DC42C8FF236A1F", 0, 1);
    all.insert(3, "2026-11-23T09:00,garbage".to_owned());
    if let Some(row) = all.iter_mut().find(|row| row.contains(",DATA,")) {
        row.push_str(",further,columns");
    }
    let report = read(&log(&all));
    assert_eq!(told(&report), [("queued", 7)]);
    assert_eq!(
        wrong(&report),
        [
            "7: the row has 2 columns, the #Fields line names 9",
            "13: the row has 11 columns, the #Fields line names 9"
        ]
    );
}

#[test]
fn rows_that_run_together() {
    let mut all = rows("08DC42C8FF236A1F", 0, 1);
    let second = all.remove(5);
    if let Some(first) = all.get_mut(4) {
        first.truncate(first.len() - 6);
        first.push_str(&second);
    }
    // The rest of a row, as `tail -c` leaves it.
    all.insert(0, "1F,3,10.0.0.1:25,192.0.2.7:4711,>,250 2.1.0 Ok,".to_owned());
    let report = read(&log(&all));
    assert_eq!(told(&report), [("queued", 7)]);
    assert_eq!(
        wrong(&report),
        [
            "4: the row lacks its first columns and is not read",
            "9: the row breaks off, and another one begins in the same line"
        ]
    );
}

#[test]
fn quotes_that_do_not_close() {
    let all = rows("08DC42C8FF236A1F", 0, 1).join("\n");
    let open = all.replace(",EHLO client.example,", ",\"EHLO client.example,");
    let behind = open.replace(",QUIT,", ",\"QUIT\" ,");
    let report = read(&format!("{HEADER}{behind}\n"));
    assert_eq!(told(&report), [("queued", 7)]);
    assert_eq!(
        wrong(&report),
        [
            "6: a quote in the row does not close where its column ends",
            "15: a quote in the row does not close where its column ends"
        ]
    );
}

#[test]
fn a_log_without_a_whole_row_does_not_fill_the_report() {
    let all = rows("08DC42C8FF236A1F", 0, 1).into_iter().cycle().take(100).collect::<Vec<_>>();
    let short = |row: &String| row.trim_end_matches(',').to_owned();
    let report = read(&log(&all.iter().map(short).collect::<Vec<_>>()));
    let problems = wrong(&report);
    assert!(
        problems.len() < 30 && problems.contains(&"73 further lines like these".to_owned()),
        "{problems:?}"
    );
}

#[test]
fn rows_of_other_logs_that_came_to_harm() {
    let iis = "#Fields: date time c-ip cs-username s-sitename s-port cs-method cs-uri-query sc-status\n\
        2026-11-23 14:11:02 198.51.100.7 client SMTPSVC1 25 EHLO +client 250\n\
        2026-11-23 14:11:02 198.51.100.7 client SMTPSVC1 25 MAIL +FROM:<a@client.example>\n\
        2026-11-23 14:11:02 198.51.100.7 cli\n\
        2026-11-23 14:11:03 198.51.100.7 client SMTPSVC1 25 RCPT +TO:<b@example.net> 250\n\
        2026-11-23 14:11:03 198.51.100.7 client SMTPSVC1 25 QUIT client 240\n";
    assert_eq!(
        wrong(&read(iis)),
        [
            "3: the row has 8 columns, the #Fields line names 9",
            "4: the row has 4 columns, the #Fields line names 9"
        ]
    );
    let mailenable = "11/23/26 00:00:25\tSMTP-IN\tFE7A.MAI\t816\t192.0.2.7\t\t\t220 mx ESMTP\t0\t0\n\
        11/23/26 00:00:25\tSMTP-IN\tFE7A.MAI\t816\t192.0.2.7\tEHLO\tEHLO cl\n\
        11/23/26 00:00:25\tSMTP-IN\tFE7A.MAI\t816\t192.0.2.7\tMAIL\tMAIL FROM:<a@b>\t250 ok\t1\n\
        11/23/26 00:00:25\tSMTP-IN\tFE7A.MAI\t816\t192.0.2.7\tQUIT\tQUIT\t221 bye\t34\t14\n";
    assert_eq!(
        wrong(&read(mailenable)),
        [
            "2: the row has 7 columns, MailEnable writes at least 10",
            "3: the row has 9 columns, MailEnable writes at least 10"
        ]
    );
    let hmailserver = "\"SMTPD\"\t2716\t37\t\"2026-11-23 13:57:54.251\"\t\"192.0.2.7\"\t\"SENT: 220 mx ESMTP\"\n\
        \"SMTPD\"\t2716\t37\t\"2026-11-23 13:57:54.301\"\t\"192\n\
        \"SMTPD\"\t2716\t37\t\"2026-11-23 13:57:54.302\"\t\"192.0.2.7\"\t\"RECEIVED: QUIT\"\n\
        \"SMTPD\"\t2716\t37\t\"2026-11-23 13:57:54.303\"\t\"192.0.2.7\"\t\"SENT: 221 good\n";
    assert_eq!(
        wrong(&read(hmailserver)),
        [
            "2: the row has 5 columns, hMailServer writes 6",
            "4: a quote in the row does not close where its column ends"
        ]
    );
}

#[test]
fn rows_of_another_kind_of_log_are_not_taken_for_damaged_ones() {
    let connectivity = "#Software: Microsoft Exchange Server\n#Log-type: Transport Connectivity Log\n\
        #Fields: date-time,session,source,Destination,direction,description\n\
        2026-11-23T09:00:00.000Z,08DC42C8FF236A1F,SMTP,mx.example.net,+,DnsConnectorDelivery\n\
        2026-11-23T09:00:01.000Z,08DC42C8FF236A1F,SMTP,mx.example.net,-,Messages: 1\n";
    let prose = "2026-11-23T10:00, we restarted the service\n2026-11-23T10:01 and, lo, it worked\n";
    let report = read(&format!("{}{connectivity}{prose}", log(&rows("08DC42C8FF236A1F", 0, 1))));
    assert_eq!(told(&report), [("queued", 7)]);
    assert_eq!(wrong(&report), [""; 0]);
}

#[test]
fn two_logs_one_after_the_other() {
    let mut tool = String::new();
    for line in SESSION.lines() {
        let reply = line.starts_with(|first: char| first.is_ascii_digit());
        tool.push_str(if reply { "<-  " } else { " -> " });
        tool.push_str(line);
        tool.push('\n');
    }
    let swaks =
        format!("=== Trying mx.example.net:25...\n=== Connected to mx.example.net.\n{tool}");
    let first = log(&rows("08DC42C8FF236A1F", 0, 1));
    let second = log(&rows("08DC42C8FF236A20", 100, 1));
    let report = read(&format!("{first}{second}{swaks}{second}"));
    let mut dialects: Vec<&str> = report.sessions.iter().map(|one| one.dialect).collect();
    dialects.sort_unstable();
    assert_eq!(dialects, ["exchange-protocol", "exchange-protocol", "exchange-protocol", "swaks"]);
    assert!(report.sessions.iter().all(|session| session.outcome == "queued"));
}

#[test]
fn a_clock_that_goes_backwards() {
    let report = read(&log(&rows("08DC42C8FF236A1F", 300, -2)));
    assert_eq!(told(&report), [("queued", 7)]);
    let latencies = |one: &smtplog::report::SessionReport| {
        one.exchanges.iter().filter_map(|exchange| exchange.latency_ms).collect::<Vec<_>>()
    };
    assert!(report.sessions.iter().all(|session| latencies(session).is_empty()), "none is known");
    let said = report.sessions.iter().flat_map(|session| &session.findings);
    let said: Vec<&str> = said
        .filter(|finding| finding.rule == "record-gap")
        .map(|finding| finding.message.as_str())
        .collect();
    assert!(matches!(said[..], [one] if one.contains("runs backwards")), "{said:?}");
}

#[test]
fn a_key_that_is_used_again() {
    let first = rows("08DC42C8FF236A1F", 0, 1);
    let again = rows("08DC42C8FF236A1F", 100, 1);
    let both = [first.clone(), again.clone()].concat();
    assert_eq!(told(&read(&log(&both))), [("queued", 7), ("queued", 7)]);
    // The row that closes the first session is missing.
    let unclosed = [first.get(..first.len() - 1).unwrap_or_default().to_vec(), again].concat();
    let report = read(&log(&unclosed));
    assert_eq!(told(&report), [("queued", 7), ("queued", 7)]);
    assert_eq!(wrong(&report), [""; 0], "221 was the end");
    let early = [first.get(..5).unwrap_or_default().to_vec(), first.clone()].concat();
    let report = read(&log(&early));
    assert_eq!(told(&report), [("incomplete", 3), ("queued", 7)]);
    assert_eq!(
        wrong(&report),
        ["9: a session begins here under the key of one that had not ended"]
    );
}

/// What is said in one session is bounded: the rest is another one, begins with a command, and is accused of nothing.
#[test]
fn a_session_without_an_end_is_cut_and_said_so() {
    let exchanges = 25_000;
    for (server, client) in [("S: ", "C: "), ("", "")] {
        let noop = format!("{client}NOOP\n{server}250 2.0.0 Ok\n");
        let greeting = format!("{server}220 mx.example.net ESMTP\n");
        let record = greeting.clone()
            + &noop.repeat(exchanges)
            + client
            + "QUIT\n"
            + server
            + "221 2.0.0 Bye\n";
        let report = analyze_bytes("long", record.as_bytes(), &Options::default());
        assert_eq!(report.sessions.len(), 3);
        assert!(
            report.problems[0].message.contains("it was cut off 2 times"),
            "{:?}",
            report.problems
        );
        let said: usize = report.sessions.iter().map(|session| session.exchanges.len()).sum();
        assert_eq!(said, exchanges + 2);
        for later in &report.sessions[1..] {
            assert_eq!(later.exchanges[0].verb.as_deref(), Some("NOOP"));
            let severe = |finding: &&smtplog::report::FindingReport| {
                finding.severity > smtplog::rules::Severity::Note
            };
            assert!(!later.findings.iter().any(|finding| severe(&finding)), "{:?}", later.findings);
        }
    }
    // What nobody said is not of the session, however much of it follows.
    let record =
        format!("220 mx.example.net ESMTP\nNOOP\n250 2.0.0 Ok\n{}", "\n".repeat(3 * exchanges));
    let report = analyze_bytes("blank", record.as_bytes(), &Options::default());
    assert_eq!(report.problems.len(), 0, "{:?}", report.problems);
    assert_eq!(report.sessions.len(), 1);
    // A message as long as that is one session.
    let (server, client) = ("S: ", "C: ");
    let mail = format!(
        "{server}220 mx.example.net ESMTP\n{client}EHLO c.example\n{server}250 mx.example.net\n{client}MAIL FROM:<a@c.example>\n{server}250 Ok\n\
         {client}RCPT TO:<b@mx.example.net>\n{server}250 Ok\n{client}DATA\n{server}354 go on\n{}{client}.\n{server}250 queued\n\
         {client}QUIT\n{server}221 Bye\n",
        format!("{client}a line of it\n").repeat(60_000)
    );
    let report = analyze_bytes("mail", mail.as_bytes(), &Options::default());
    assert_eq!((report.sessions.len(), report.problems.len()), (1, 0));
    assert_eq!(report.sessions[0].outcome, "queued");
}
