//! Findings that are only counted are those that are read, without their texts.

use std::{ops::ControlFlow, path::Path};

use smtplog::{Heard, News, Options, Work, rules::Finding};

/// Keeps the findings of each session: with their texts, or without.
struct Found<const READS: bool>;

impl<const READS: bool> Work for Found<READS> {
    type Done = Vec<Finding>;

    const READS: bool = READS;

    fn session(&self, heard: &Heard<'_, '_>, done: &mut Self::Done) {
        done.extend(heard.findings.iter().cloned());
    }
}

fn found<const READS: bool>(paths: &[&Path]) -> Vec<Finding> {
    let mut all = Vec::new();
    let flow = smtplog::run(paths, &Options::default(), 1, &Found::<READS>, &mut |news| {
        if let News::Sessions(some) = news {
            all.extend(some);
        }
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    all
}

#[test]
fn what_is_counted_is_what_is_read() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let (read, counted) = (found::<true>(&[&samples]), found::<false>(&[&samples]));
    assert!(read.len() > 100, "{}", read.len());
    assert_eq!(read.len(), counted.len());
    for (read, counted) in read.iter().zip(&counted) {
        let without_texts = |finding: &Finding| Finding {
            message: String::new(),
            help: String::new(),
            evidence: finding
                .evidence
                .iter()
                .cloned()
                .map(|mut evidence| {
                    evidence.text.clear();
                    evidence
                })
                .collect(),
            ..finding.clone()
        };
        assert_eq!(format!("{counted:?}"), format!("{:?}", without_texts(read)));
        assert!(!read.message.is_empty(), "{}", read.rule.name);
    }
}
