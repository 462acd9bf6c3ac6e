//! Wrappers around whole sessions, and what none may change.

use super::*;
use crate::span::Span;

/// The texts of all pieces of all lines; checks that nothing is lost on the way.
fn peeled(lines: &[&[u8]]) -> Vec<(String, Option<Wrapper>)> {
    let mut peeler = Peeler::default();
    peeler.learn(&mut lines.iter().copied());
    let mut found = Vec::new();
    for line in lines {
        let mut scratch = Vec::new();
        let mut more;
        let mut piece = peeler.peel(line, &mut scratch);
        let mut whole = *line;
        loop {
            assert!(piece.skipped + piece.octets + piece.rest <= whole.len());
            let span = Span::of(whole, piece.text);
            if !span.is_empty() {
                assert_eq!((span.start, span.len()), (piece.skipped, piece.octets));
            }
            found.push((String::from_utf8_lossy(piece.text).into_owned(), piece.kind));
            whole = &whole[whole.len() - piece.rest..];
            if whole.is_empty() {
                break;
            }
            more = Vec::new();
            piece = peeler.further(whole, &mut more);
        }
    }
    found
}

fn texts(lines: &[&str]) -> Vec<String> {
    let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
    peeled(&lines).into_iter().filter(|(_, kind)| kind.is_none()).map(|(text, _)| text).collect()
}

#[test]
fn wrappers_are_taken_off() {
    let session = ["220 mx ready", "HELO x", "250 mx", "QUIT", "221 bye"];
    let wrap = |wrap: &dyn Fn(usize, &str) -> String| -> Vec<String> {
        session.iter().enumerate().map(|(at, line)| wrap(at, line)).collect()
    };
    for lines in [
        wrap(&|_, line| line.to_owned()),
        wrap(&|_, line| format!("> {line}")),
        wrap(&|_, line| format!(">> {line}")),
        wrap(&|_, line| format!("> > {line}")),
        wrap(&|_, line| format!("    {line}")),
        wrap(&|_, line| format!("> \t{line}")),
        wrap(&|at, line| format!("{:>6}  {line}", at + 7)),
        wrap(&|at, line| format!("> {}. {line}", at + 1)),
        wrap(&|_, line| format!("| {line} |")),
        wrap(&|_, line| format!("**{line}**")),
        wrap(&|_, line| format!("`{line}`")),
        wrap(&|_, line| format!("[b]{line}[/b]")),
        wrap(&|_, line| format!("Nov 23 10:12:01 mx logger: {line}")),
        wrap(&|_, line| format!("10:12:01.123 {line}")),
        wrap(&|_, line| format!("<b>{line}</b><br>")),
        wrap(&|_, line| format!("\x1b[32m{line}\x1b[0m")),
        wrap(&|_, line| line.replacen(' ', "\u{a0}", 1)),
        vec![session.join("<br>")],
    ] {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(texts(&lines), session, "{lines:?}");
    }
}

#[test]
fn whole_lines_are_wrapper() {
    for (line, want) in [
        ("```", Some(Wrapper::Fence)),
        ("[code]", Some(Wrapper::Tag)),
        ("{noformat}", Some(Wrapper::Tag)),
        ("Script started on 2026-11-23", Some(Wrapper::ScriptStarted)),
        ("Script done on 2026-11-23", Some(Wrapper::ScriptDone)),
        ("=~=~=~=~=~=~= PuTTY log 2026.03.03 14:22:09 =~=~=~=", Some(Wrapper::Putty)),
        ("250 ok", None),
        ("", None),
    ] {
        assert_eq!(peeled(&[line.as_bytes()]), [(line.to_owned(), want)]);
    }
}

#[test]
fn a_span_may_be_glued_to_the_first_line() {
    for (line, want) in [
        ("```S: 220 mx", "S: 220 mx"),
        ("`EHLO me", "EHLO me"),
        ("``EHLO me", "``EHLO me"),
        ("`EHLO me` is sent first", "`EHLO me` is sent first"),
        ("`the log`", "`the log`"),
    ] {
        assert_eq!(texts(&[line]), [want]);
    }
    let mut peeler = Peeler::knowing(|line| line.starts_with(b"say: ").into());
    peeler.learn(&mut std::iter::once(&b"`say: hello"[..]));
    assert_eq!(peeler.peel(b"`say: hello", &mut Vec::new()).text, b"say: hello");
}

#[test]
fn what_wraps_a_window_wraps_the_next() {
    let session: &[&[u8]] =
        &[b"> 220 mx", b"> EHLO me", b"> 250 mx", b"> QUIT", b"> 221 2.0.0 bye"];
    let mut peeler = Peeler::default();
    peeler.learn(&mut session.iter().copied());
    peeler.learn(&mut std::iter::once(&b"> and that was all"[..]));
    let mut scratch = Vec::new();
    assert_eq!(peeler.peel(b"> and that was all", &mut scratch).text, b"and that was all");
}

#[test]
fn a_tools_own_lines_prove_what_wraps_them() {
    let known: Knows = |line| line.starts_with(b"=== Trying ").into();
    for lines in [
        &["> === Trying 192.0.2.1:25...", "> *** refused"][..],
        &[">> === Trying 192.0.2.1:25...", ">> *** refused"],
        &["mail-1 | === Trying 192.0.2.1:25...", "mail-1 | *** refused"],
        &["Nov 23 10:12:01 mx app: === Trying 192.0.2.1:25...", "Nov 23 10:12:01 mx app: ***"],
        &["  === Trying 192.0.2.1:25...", "  *** refused"],
        &["1: === Trying 192.0.2.1:25...", "2: *** refused", "3: the end"],
        &["# === Trying 192.0.2.1:25...", "# *** refused"],
    ] {
        let first = |knows| {
            let mut peeler = Peeler::knowing(knows);
            peeler.learn(&mut lines.iter().map(|line| line.as_bytes()));
            let mut scratch = Vec::new();
            peeler.peel(lines[0].as_bytes(), &mut scratch).text.to_vec()
        };
        assert_eq!(first(known), b"=== Trying 192.0.2.1:25...", "{lines:?}");
        assert_eq!(first(|_| false.into()), lines[0].as_bytes(), "{lines:?}");
        assert_eq!(first(|_| true.into()), lines[0].as_bytes(), "as it stands: {lines:?}");
    }
}

#[test]
fn a_border_is_taken_off_the_last_of_joined_lines() {
    let line = "220 mx.example EHLO client.example 250 mx.example MAIL FROM:<a@client.example> 250 Ok DATA 354 go on . 250 Ok QUIT 221 Bye";
    let bare = texts(&[line]);
    assert_eq!(bare.len(), 11);
    let bordered = format!("| {line} |");
    let lines = [bordered.as_str(), "| EHLO client.example |", "| 250 mx.example |"];
    let found = texts(&lines);
    let trimmed =
        |all: &[String]| -> Vec<String> { all.iter().map(|text| text.trim().to_owned()).collect() };
    assert_eq!(trimmed(found.get(..11).unwrap()), trimmed(&bare));
    assert_eq!(found.get(11..).unwrap(), ["EHLO client.example", "250 mx.example"]);
}

/// That a long line of parts is read in linear time is by construction: [`Peeler::cut`] looks forward to the end of
/// a part, or a bounded piece further, and all else is done with that part alone. Here only what follows from it
/// is held: parts are the same whatever stands far behind them, and twice the line has twice the parts.
#[test]
fn a_part_does_not_depend_on_what_is_far_behind_it() {
    for unit in [
        "-> EHLO client.example <- 250 mx.example ",
        "MAIL FROM:<a@client.example> 250 Ok RCPT TO:<b@example.net> 250 Ok ",
        "C: NOOP S: 250 Ok ",
        "250 ok<br>",
        "EHLO me&lt;<br>250 <b>ok</b><br>",
        "S: 250-mx S: 250 ok C: QUIT ",
    ] {
        let parts = |times: usize| texts(&[&unit.repeat(times)]);
        let (few, many) = (parts(40), parts(80));
        let all_but_last = few.len() - 1;
        assert_eq!(few.get(..all_but_last), many.get(..all_but_last), "{unit}");
        assert!(many.len() <= 2 * few.len() + 1, "{unit}");
    }
}

#[test]
fn bare_lines_are_untouched() {
    let line = b"250 mx.example.net";
    let mut scratch = Vec::new();
    let mut peeler = Peeler::default();
    assert_eq!(peeler.peel(line, &mut scratch), whole(line, None));
}

#[test]
fn times_of_loggers_are_kept() {
    let lines: &[&[u8]] =
        &[b"Nov 23 10:12:01 mx logger: 220 mx#015", b"Nov 23 10:12:02 mx logger: QUIT"];
    let mut peeler = Peeler::default();
    peeler.learn(&mut lines.iter().copied());
    for (line, time, text) in [
        (lines[0], &b"Nov 23 10:12:01"[..], &b"220 mx"[..]),
        (lines[1], b"Nov 23 10:12:02", b"QUIT"),
    ] {
        let mut scratch = Vec::new();
        let peeled = peeler.peel(line, &mut scratch);
        assert_eq!((peeled.at, peeled.text), (Some(time), text));
    }
}
