//! Marks that are learnt, lines that are read with them, and what is no mark.

use super::learn;
use crate::transcript::Mark;

fn is_command(text: &[u8]) -> bool {
    [&b"EHLO "[..], b"MAIL FROM:", b"QUIT"].iter().any(|verb| text.starts_with(verb))
}

fn sides(record: &str) -> Vec<(Mark, String)> {
    let mut reader = learn(record.lines().map(str::as_bytes), is_command, true).expect("marks");
    let mut said = Vec::new();
    for line in record.lines() {
        reader.read(line.as_bytes(), &mut |reading| {
            said.push((reading.mark, String::from_utf8_lossy(&reading.text).into_owned()));
        });
    }
    said
}

#[test]
fn marks_with_changing_times_are_learnt() {
    let said = sides(
        "12:00:01 in| 220 mx.example.net\n12:00:02 out| EHLO c.example\n12:00:02 in| 250-mx.example.net\n\
         12:00:02 in| 250 HELP\n12:00:09 out| QUIT\n12:00:10 in| 221 Bye\n",
    );
    assert_eq!(said.len(), 6);
    assert_eq!(said.first(), Some(&(Mark::Second, "220 mx.example.net".to_owned())));
    assert_eq!(said.get(4), Some(&(Mark::First, "QUIT".to_owned())));
}

#[test]
fn a_word_before_codes_in_a_message_is_no_mark() {
    let record = "220 mx.example.net\nEHLO c.example\n250 mx.example.net\nMAIL FROM:<a@c.example>\n\
        250 Ok\nnumber 250 is the code\nnumber 550 is the other\nQUIT\n221 Bye\n";
    assert!(learn(record.lines().map(str::as_bytes), is_command, true).is_none());
}

#[test]
fn a_message_does_not_unmake_marks() {
    let said = sides(
        "[S] 220 mx.example.net\n[C] EHLO c.example\n[S] 250 mx.example.net\n[S] 354 go ahead\n\
         [C] 250 is a number\n[C] 550 too\n[C] .\n[S] 250 ok\n",
    );
    assert_eq!(said.get(4), Some(&(Mark::First, "250 is a number".to_owned())));
    assert_eq!(said.last(), Some(&(Mark::Second, "250 ok".to_owned())));
}

#[test]
fn arrows_that_mirror_each_other_are_known_at_once() {
    for (client, server) in [(">>>", "<<<"), ("-->", "<--"), ("<=", "=>")] {
        let said = sides(&format!("{client} QUIT\n{server} 221 2.0.0 Bye\n"));
        assert_eq!(said, [(Mark::First, "QUIT".into()), (Mark::Second, "221 2.0.0 Bye".into())]);
    }
    let other = ["a> QUIT", "b> 221 2.0.0 Bye"];
    assert!(learn(other.iter().map(|line| line.as_bytes()), is_command, true).is_none());
}

#[test]
fn quoted_text_is_unescaped() {
    let said = sides(
        "trace 11:02:03 peer=192.0.2.7 write=\"220 mx.example.net\\r\\n\" size=20\n\
         trace 11:02:03 peer=192.0.2.7 read=\"EHLO c.example\\r\\n\" size=16\n\
         trace 11:02:04 peer=192.0.2.7 write=\"250-mx.example.net\\r\\n250 HELP\\r\\n\" size=30\n",
    );
    assert_eq!(
        said,
        [
            (Mark::Second, "220 mx.example.net".to_owned()),
            (Mark::First, "EHLO c.example".to_owned()),
            (Mark::Second, "250-mx.example.net".to_owned()),
            (Mark::Second, "250 HELP".to_owned()),
        ]
    );
    let listed =
        "  \"S: 220 mx.example.net\",\n  \"C: EHLO c.example\",\n  \"S: 250 mx\",\n  \"C: QUIT\"\n";
    assert_eq!(sides(listed)[1], (Mark::First, "EHLO c.example".to_owned()));
    assert_eq!(sides(listed)[3], (Mark::First, "QUIT".to_owned()));
    let once = "IN: \"220 mx.example.net\\r\\n\"\nOUT: \"EHLO c.example\"\n";
    assert_eq!(sides(once).len(), 2);
    let shown = "in> 220 mx.example.net<CRLF>\nout> EHLO c.example\\r\\n\n\
        in> 250-mx.example.net<CRLF>250 HELP<CRLF>\n";
    assert_eq!(
        sides(shown).iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
        ["220 mx.example.net", "EHLO c.example", "250-mx.example.net", "250 HELP"]
    );
    let source = "push(\"220 mx.example.net\\r\\n\"\nsend(\"EHLO c.example\\r\\n\"\n";
    assert!(learn(source.lines().map(str::as_bytes), is_command, true).is_none());
    let source = "greets = \"220 mx.example.net\\r\\n\"\nhello = \"EHLO c.example\\r\\n\"\n";
    assert!(learn(source.lines().map(str::as_bytes), is_command, true).is_none());
}

#[test]
fn a_quotation_mark_before_both_sides_is_no_mark() {
    let record =
        "> 220 mx.example.net\n> EHLO c.example\n> 250 mx.example.net\n> QUIT\n> 221 Bye\n";
    assert!(learn(record.lines().map(str::as_bytes), is_command, true).is_none());
}

#[test]
fn line_endings_that_are_written_out_are_no_text() {
    let record = "7 in([192.0.2.7]) out: 220 mx\\r\\n\n7 in([192.0.2.7]) inp: EHLO a\\r\\n\n\
        7 in([192.0.2.7]) out: 250-mx\\r\\n250 OK\\r\\n\n7 in([192.0.2.7]) inp: QUIT\\r\\n\n\
        7 in([192.0.2.7]) out: 221 bye\\r\\n";
    let said = sides(record);
    let said: Vec<&str> = said.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(said, ["220 mx", "EHLO a", "250-mx", "250 OK", "QUIT", "221 bye"]);
}

#[test]
fn a_refusal_that_is_told_again_was_said_once() {
    let session = "in <- 220 mx.example.net\nout -> EHLO c.example\nin <- 250 mx\nout -> MAIL FROM:<a@b>\n\
        in <- 550 no\nError of the server: 550 no\nout -> QUIT\nin <- 221 bye\n";
    let said = sides(&session.repeat(3));
    let refusals = said.iter().filter(|(mark, text)| *mark == Mark::Second && text == "550 no");
    assert_eq!(refusals.count(), 3);
}

#[test]
fn a_command_that_is_logged_twice_was_sent_once() {
    let record = "Sent: 220 mx.example.net\nRead: EHLO c.example\nTook: EHLO c.example\nSent: 250 mx\n\
        EHLO c.example is welcome\nRead: MAIL FROM:<a@b>\nTook: MAIL FROM:<a@b>\nSent: 250 ok\n\
        Read: QUIT\nTook: QUIT\nSent: 221 bye\n";
    let said = sides(record);
    let said: Vec<(Mark, &str)> = said.iter().map(|(mark, text)| (*mark, text.as_str())).collect();
    let commands: Vec<&str> =
        said.iter().filter(|(mark, _)| *mark == Mark::First).map(|(_, text)| *text).collect();
    assert_eq!(commands, ["EHLO c.example", "MAIL FROM:<a@b>", "QUIT"]);
    assert!(said.contains(&(Mark::Tool, "EHLO c.example is welcome")));
}

#[test]
fn a_message_that_is_not_shown_is_none_of_the_programs_words() {
    let record = "Sent: 220 mx.example.net\nRead: EHLO c.example\nSent: 250 mx\nRead: DATA\n\
        DATA is called\nSent: 354 go\nParsing 264 octets\nSent: 250 ok\nRead: QUIT\nSent: 221 bye\n";
    let said = sides(record);
    let remarks: Vec<&str> = said
        .iter()
        .filter(|(mark, _)| *mark == Mark::Tool)
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(remarks, ["", "Parsing 264 octets"]);
    let shown = "Sent: 220 mx.example.net\nRead: EHLO c.example\nSent: 250 mx\nRead: QUIT\n\
        Sent: 354 go\nHello\n.\nSent: 250 ok\n";
    assert!(sides(shown).iter().all(|(mark, _)| *mark != Mark::Tool));
}

/// What is said in a record, `C` and `S` before the sides' lines and `?` before what nobody is told to have said.
fn told(record: &str) -> Vec<String> {
    let told = |(mark, text): (Mark, String)| {
        let side = match mark {
            Mark::First => 'C',
            Mark::Second => 'S',
            Mark::Unmarked => '?',
            Mark::Tool => return None,
        };
        Some(format!("{side} {text}"))
    };
    sides(record).into_iter().filter_map(told).collect()
}

#[test]
fn one_dialogue_in_many_forms() {
    let want = ["S 220 mx", "C EHLO c.example", "S 250 mx", "C QUIT", "S 221 Bye"];
    for (server, client, behind) in [
        // A sign behind a prefix, of whatever alphabet; words behind one.
        ("smtpd[7]: \u{2190} ", "smtpd[7]: \u{2192} ", ""),
        ("INFO [a] job got ", "INFO [a] job sent ", ""),
        ("10:12:01\tresponse\t", "10:12:01\trequest\t", ""),
        // Numbers of which some tell the sides apart.
        ("1 192.0.2.1:25 -> 192.0.2.2:4711: ", "2 192.0.2.2:4711 -> 192.0.2.1:25: ", ""),
        // A logger's times, aligned.
        ("[  9.130] S: ", "[ 12.130] C: ", ""),
        // What stands around the text goes with what was opened before it.
        ("S: [", "C: [", "]"),
        ("out <", "in <", ">"),
        ("out `", "in `", "`"),
        ("  <got>", "  <sent>", ""),
        (
            "{\"time\":\"10:12:01\",\"log\":\"S: ",
            "{\"time\":\"10:12:01\",\"log\":\"C: ",
            "\",\"n\":1}",
        ),
        // The wire's line ending is written out.
        ("S: ", "C: ", "\\r\\n"),
        ("S: ", "C: ", "<CR><LF>"),
        ("S: \"", "C: \"", "^M\""),
    ] {
        let line = |text: &&str| {
            let (side, text) = text.split_at(2);
            let mark = if side == "S " { server } else { client };
            let tag = mark.trim_start().strip_prefix('<').filter(|tag| tag.ends_with('>'));
            let behind = tag.map_or(behind.to_owned(), |tag| format!("</{tag}"));
            format!("{mark}{text}{behind}\n")
        };
        let record: String = want.iter().map(line).collect();
        assert_eq!(told(&record), want, "{record}");
    }
}

#[test]
fn one_side_may_be_all_there_is() {
    let commands = "saw EHLO c.example\nsaw MAIL FROM:<a@b>\nsaw QUIT\n";
    assert_eq!(told(commands), ["C EHLO c.example", "C MAIL FROM:<a@b>", "C QUIT"]);
    let replies = "got 220 mx\ngot 250 mx\ngot 250 Ok\ngot 221 Bye\n";
    assert_eq!(told(replies), ["S 220 mx", "S 250 mx", "S 250 Ok", "S 221 Bye"]);
    for none in [
        "code 220 service ready\ncode 221 closing\ncode 250 done\n",
        "  '220 mx',\n  '250 mx',\n  '250 Ok',\n",
    ] {
        assert!(learn(none.lines().map(str::as_bytes), is_command, true).is_none(), "{none}");
    }
    assert!(learn(replies.lines().map(str::as_bytes), is_command, false).is_none());
}

#[test]
fn marks_may_stand_behind_the_text() {
    let record = "7 220 mx  [got]\n7 EHLO c.example  [sent]\n7 250 mx  [got]\n7 QUIT  [sent]\n7 221 Bye  [got]\n";
    assert_eq!(told(record), ["S 220 mx", "C EHLO c.example", "S 250 mx", "C QUIT", "S 221 Bye"]);
    let raw = "220 mx Ok\nEHLO c.example\n250 mx Ok\nQUIT\n221 Bye Ok\n";
    assert!(learn(raw.lines().map(str::as_bytes), is_command, true).is_none());
}

#[test]
fn a_side_without_a_mark_stands_behind_the_prefix() {
    let record = "[a] got 220 mx\n[a] EHLO c.example\n[a] got 250-mx\n[a] got 250 Ok\n[a] QUIT\n[a] got 221 Bye\n";
    let want = ["S 220 mx", "? EHLO c.example", "S 250-mx", "S 250 Ok", "? QUIT", "S 221 Bye"];
    assert_eq!(told(record), want);
    // Of a reply of several lines, only the first may be marked; what else begins so, the program says.
    let record =
        "[a] S: 220 mx\n[a] C: EHLO c.example\n[a] S: 250-mx\n[a] 250 Ok\n[a] idle\n[a] C: QUIT\n";
    let want = ["S 220 mx", "C EHLO c.example", "S 250-mx", "S 250 Ok", "C QUIT"];
    assert_eq!(told(record), want);
}
