//! The order in which people read findings: the bad before the harmless, causes before consequences.

use crate::{report::FindingReport, rules::Severity};

/// The findings from the worst to the least; one that others are explained by ranks with the worst of
/// them and comes before them.
pub(super) fn causes_first(findings: &[FindingReport]) -> Vec<&FindingReport> {
    let mut ordered: Vec<(Severity, usize, &FindingReport)> = findings
        .iter()
        .map(|finding| (finding.severity, depth(finding, findings), finding))
        .collect();
    // Hands the rank of a consequence to its cause; a chain is at most as long as there are findings.
    for _ in 0..findings.len() {
        let mut changed = false;
        for consequence in 0..ordered.len() {
            let Some(&(rank, _, finding)) = ordered.get(consequence) else { continue };
            let Some(rule) = finding.because_of else { continue };
            for (cause, _, other) in &mut ordered {
                if other.rule == rule && *cause < rank {
                    *cause = rank;
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
    ordered.sort_by_key(|(rank, depth, finding)| (std::cmp::Reverse(*rank), *depth, finding.line));
    ordered.into_iter().map(|(_, _, finding)| finding).collect()
}

/// How many findings stand between this one and what explains it in the end.
fn depth(finding: &FindingReport, findings: &[FindingReport]) -> usize {
    let mut depth = 0;
    let mut rule = finding.because_of;
    // Rules that explain each other would go round for ever.
    while let Some(cause) = rule.and_then(|rule| findings.iter().find(|other| other.rule == rule)) {
        depth += 1;
        if depth > findings.len() {
            return 0;
        }
        rule = cause.because_of;
    }
    depth
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(
        rule: &'static str,
        severity: Severity,
        line: u64,
        because_of: Option<&'static str>,
    ) -> FindingReport {
        FindingReport {
            rule,
            family: "order",
            severity,
            confidence: "certain",
            party: "client",
            line,
            last_line: line,
            column: 1,
            end_column: 2,
            count: 1,
            message: String::new(),
            help: String::new(),
            references: Vec::new(),
            editions: Vec::new(),
            evidence: Vec::new(),
            because_of,
            excerpt: Vec::new(),
        }
    }

    #[test]
    fn worst_first_and_causes_before_consequences() {
        let findings = [
            finding("a-note", Severity::Note, 1, None),
            finding("consequence", Severity::Error, 2, Some("cause")),
            finding("cause", Severity::Warning, 3, None),
            finding("another-error", Severity::Error, 4, None),
            finding("a-warning", Severity::Warning, 1, None),
        ];
        let rules: Vec<_> = causes_first(&findings).iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["cause", "another-error", "consequence", "a-warning", "a-note"]);
    }

    #[test]
    fn rules_that_explain_each_other_do_no_harm() {
        let findings = [
            finding("one", Severity::Error, 1, Some("other")),
            finding("other", Severity::Note, 2, Some("one")),
        ];
        assert_eq!(causes_first(&findings).len(), 2);
    }
}
