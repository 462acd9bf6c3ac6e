//! The source of a program, which quotes what servers say without having heard it: comments between statements, and
//! patterns for a log's lines.

use super::{
    likeness::{self, Beginning},
    proof::Knows,
};

/// How many of a program's lines next to a comment are looked at, before it and behind it.
const BESIDE: usize = 4;

/// How many of these must be a program's, where the two that are next to it are.
const ENOUGH: usize = 3;

/// Which of these lines only quote a record: they stand in a program's comments, or are patterns.
///
/// A dialogue of both sides in a comment is one all the same. Nothing where no line is like that.
pub fn quoted_in_programs(lines: &[&[u8]], knows: Knows) -> Vec<usize> {
    let mut found: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| is_pattern(line)).map(|(at, _)| at).collect();
    if !lines.iter().any(|line| comment(line).is_some()) {
        return found;
    }
    let written = |line: &&[u8]| !line.trim_ascii().is_empty();
    // The lines outside comments, each with its place.
    let others: Vec<usize> = (0..lines.len())
        .filter(|at| lines.get(*at).is_some_and(|line| written(line) && comment(line).is_none()))
        .collect();
    let is_program = |at: Option<&usize>| {
        at.and_then(|at| lines.get(*at)).is_none_or(|line| is_of_program(line.trim_ascii()))
    };
    let mut start = 0;
    while start < lines.len() {
        if lines.get(start).is_none_or(|line| comment(line).is_none()) {
            start += 1;
            continue;
        }
        let rest = lines.get(start..).unwrap_or_default();
        let long = rest.iter().take_while(|line| !written(line) || comment(line).is_some()).count();
        let run = rest.get(..long).unwrap_or_default();
        let behind = others.partition_point(|at| *at < start);
        let beside = others
            .get(behind.saturating_sub(BESIDE)..others.len().min(behind + BESIDE))
            .unwrap_or_default();
        let next_to = is_program(behind.checked_sub(1).and_then(|before| others.get(before)))
            && is_program(others.get(behind));
        if next_to
            && beside.iter().filter(|at| is_program(Some(at))).count() >= ENOUGH
            && !is_dialogue(run)
        {
            let quotes = run.iter().enumerate().filter(|(_, line)| quotes(line, knows));
            found.extend(quotes.map(|(at, _)| start + at));
        }
        start += long;
    }
    found.sort_unstable();
    found
}

/// What a line says that is a comment and nothing else: of shells and their kin, of C and its kin, of SQL.
fn comment(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii_start();
    match line {
        [b'#', inner @ ..] | [b'/', b'/' | b'*', inner @ ..] => Some(inner),
        [b'*'] | [b'-', b'-'] | [b'*', b'/', ..] => Some(b""),
        [b'*', inner @ ..] | [b'-', b'-', inner @ ..] if inner.starts_with(b" ") => Some(inner),
        _ => None,
    }
}

/// Whether lines of a comment hold both sides of a dialogue.
fn is_dialogue(run: &[&[u8]]) -> bool {
    let inner = run.iter().filter_map(|line| comment(line)).map(<[u8]>::trim_ascii_start);
    let (replies, commands) = likeness::count(inner, likeness::marked);
    replies > 0 && commands > 0
}

/// Whether a comment's line may be read as a part of a record.
fn quotes(line: &[u8], knows: Knows) -> bool {
    let Some(inner) = comment(line) else { return false };
    let inner = inner.trim_ascii();
    !knows(line).is_empty()
        || !knows(inner).is_empty()
        || likeness::bare(inner) == Some(Beginning::Reply)
        || names_code(inner)
}

/// Whether a word of the line is a reply code, or begins with one and a hyphen.
fn names_code(line: &[u8]) -> bool {
    line.split(u8::is_ascii_whitespace).any(|word| {
        matches!(word, [b'2' | b'4' | b'5', b'0'..=b'5', b'0'..=b'9'])
            || matches!(word, [b'2' | b'4' | b'5', b'0'..=b'5', b'0'..=b'9', b'-', ..])
    })
}

/// Whether a line without the blanks around it is a part of a program, also one that tells so only beside others.
fn is_of_program(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    let sign = |octet: &u8| octet.is_ascii_punctuation() || octet.is_ascii_whitespace();
    match line.last() {
        Some(b';' | b'{') => true,
        // A pattern between its signs, a condition that goes on.
        Some(b'/') => line.starts_with(b"/") && line.len() > 2,
        Some(b'|' | b'&') if line.ends_with(b" ||") || line.ends_with(b" &&") => true,
        Some(b'(' | b'[' | b'}' | b')' | b']' | b',') if line.iter().all(sign) => true,
        Some(b'(' | b'[' | b',' | b')') => {
            has(b"=>")
                || has(b"::")
                || has(b"($")
                || has(b"(") && line.ends_with(b"(")
                || matches!(line.first(), Some(b'\'' | b'"'))
                || is_statement(line)
        }
        _ => matches!(line, b"else" | b"end" | b"fi" | b"done" | b"esac") || is_statement(line),
    }
}

/// Whether a line is a pattern for lines of a log: a regular expression's signs, two of them at least, one of which
/// nothing but such an expression has.
fn is_pattern(line: &[u8]) -> bool {
    const OWN: [&[u8]; 16] = [
        b"[[:", b"(?:", b"(?P<", b"(?i)", br"\d+", br"\d*", br"\d{", br"\d\d", br"\s+", br"\s*",
        br"\S+", br"\S*", br"\w+", br"\w*", br"\w{", b"[^[:",
    ];
    const SHARED: [&[u8]; 7] = [br"\.", br"\[", br"\(", b".*", b".+", b"[^", b"]+"];
    if memchr::memchr2(b'\\', b'[', line).is_none() && memchr::memmem::find(line, b"(?").is_none() {
        return false;
    }
    let has = |sign: &&&[u8]| memchr::memmem::find(line, sign).is_some();
    let own = OWN.iter().filter(has).count();
    own >= 2 || own == 1 && (SHARED.iter().any(|sign| has(&sign)) || line.starts_with(b"^"))
}

/// Whether a line is a statement of a program, as most languages write them.
pub fn is_statement(line: &[u8]) -> bool {
    const BEGIN: [&[u8]; 10] = [
        b"def ",
        b"class ",
        b"return ",
        b"raise ",
        b"func ",
        b"function ",
        b"if ",
        b"for ",
        b"elif ",
        b"while ",
    ];
    const END: [&[u8]; 4] = [b";", b":", b"{", b")"];
    let line = line.trim_ascii();
    let ends = |signs: &[&[u8]]| signs.iter().any(|sign| line.ends_with(sign));
    let imports = line.starts_with(b"import ")
        || line.starts_with(b"from ") && memchr::memmem::find(line, b" import").is_some();
    ends(&[b");", b"};", b"):"])
        || line.ends_with(b";") && line.contains(&b'=')
        || BEGIN.iter().any(|word| line.starts_with(word)) && ends(&END)
        || imports && line.split(|octet| *octet == b' ').count() <= 4
        || line.starts_with(b"#include")
        || line.ends_with(b")") && is_call(line)
}

/// `self.assertEqual(code, 250)`, `x = smtp.ehlo()`: names and dots, or a name that is given a value, before a
/// parenthesis that the line's end closes.
fn is_call(line: &[u8]) -> bool {
    let Some(open) = memchr::memchr(b'(', line) else { return false };
    let name = line.get(..open).unwrap_or_default();
    let name = name.split(|octet| *octet == b'=').next_back().unwrap_or(name).trim_ascii();
    !name.is_empty()
        && name.iter().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'_'))
        && name.iter().any(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    fn found(text: &str) -> Vec<usize> {
        let lines: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
        quoted_in_programs(&lines, |_| Places::NONE)
    }

    #[test]
    fn a_refusal_in_a_comment_of_a_program_was_heard_by_nobody() {
        let code = "sub kind {\n    my $text = shift;\n    # host mx said: 550 no such user\n    # (as of today)\n    return 'unknown' if $text =~ /no such/;\n}\n";
        assert_eq!(found(code), [2]);
        let patterns = "        /(sender unknown)/ ||\n        # 2026-02-03 rejected after DATA: 550 spam\n        /rejected after DATA: (.*)/ ||\n        /(no such domain)/ ||\n        /(too fast)/\n";
        assert_eq!(found(patterns), [1]);
        let docs = "class Kind {\n  /**\n   * Seen: 552 5.2.2 Over quota\n   */\n  int quota = 1;\n  int other = 2;\n";
        assert_eq!(found(docs), [2]);
    }

    #[test]
    fn a_dialogue_in_a_comment_and_a_list_behind_a_program_are_left_alone() {
        let dialogue = "f(1);\ng(2);\n// C: EHLO me\n// S: 250 mx\nh(3);\ni(4);\n";
        assert!(found(dialogue).is_empty());
        let curl =
            "f(1);\ng(2);\nh(3);\n* Connected to mx (192.0.2.25) port 250\n< 220 mx\n> EHLO me\n";
        assert!(found(curl).is_empty());
        assert!(found("What it said:\n# 550 no\nWhat now?\n").is_empty());
    }

    #[test]
    fn patterns_are_told_from_lines() {
        assert!(is_pattern(
            br"^\w{3} [ :[:digit:]]{11} mx postfix/smtpd\[[[:digit:]]+\]: 554 5\.7\.1 no$"
        ));
        assert!(is_pattern(br"reject=421 4\.3\.2 (?:too many|rate), after \d+ seconds"));
        for line in [
            &br"550 5\.7\.1 no"[..],
            br"C:\data\spool [220] ready",
            b"postfix/smtpd[12]: reject: RCPT from x[192.0.2.1]: 554 5.7.1 no",
        ] {
            assert!(!is_pattern(line), "{}", line.escape_ascii());
        }
    }
}
