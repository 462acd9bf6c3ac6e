//! The source of a program beside a record: what is called or compared there with a line of the protocol is no mark.

/// How many lines before and behind a line are asked whether they are a program's.
const AROUND: usize = 8;

/// The lines without those that stand in a program's source, where what is called or compared with a line of the
/// protocol looks like its mark.
pub(super) fn without_programs<'l>(lines: &[&'l [u8]]) -> Vec<&'l [u8]> {
    let written: Vec<&[u8]> =
        lines.iter().copied().filter(|line| !line.trim_ascii().is_empty()).collect();
    // How many lines up to each place are a program's.
    let mut sums = vec![0];
    for line in &written {
        sums.push(sums.last().copied().unwrap_or(0) + usize::from(is_statement(line)));
    }
    let all = sums.last().copied().unwrap_or(0);
    if all < 3 {
        return written;
    }
    let sum = |at: usize| sums.get(at.min(written.len())).copied().unwrap_or(all);
    let around = |at: usize| sum(at + AROUND + 1) - sum(at.saturating_sub(AROUND));
    let source = all * 5 >= written.len();
    let kept = written.iter().enumerate().filter(|(at, _)| around(*at) < 3 && !source);
    kept.map(|(_, line)| *line).collect()
}

/// Whether a line is a statement of a program, as most languages write them.
fn is_statement(line: &[u8]) -> bool {
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
    let imports = line.starts_with(b"import ") || line.starts_with(b"from ");
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

    #[test]
    fn programs_have_no_marks() {
        let program = "import smtpd\nclass Test(TestCase):\n    def test_mail(self):\n        self.send('HELO example')\n        self.expect('250 mx')\n        self.send('MAIL FROM:<a@b>')\n        self.expect('250 Ok')\n        text = 'RCPT TO:<c@d>'\n        want = '550 no'\n";
        let lines: Vec<&[u8]> = program.lines().map(str::as_bytes).collect();
        assert!(without_programs(&lines).is_empty());
        let log = [
            "out | 220 mx ready",
            "in  | EHLO me (of here)",
            "out | 250 mx; ready",
            "if you ask me:",
        ];
        let lines: Vec<&[u8]> = log.iter().map(|line| line.as_bytes()).collect();
        assert_eq!(without_programs(&lines), lines);
    }
}
