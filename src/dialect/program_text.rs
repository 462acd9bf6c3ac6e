//! The source of a program beside a record: what is called or compared there with a line of the protocol is no mark.

use crate::wrapping::is_statement;

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
