//! Which rules' findings are asked for.

use super::Rule;

/// Which rules' findings are reported. All rules judge in any case: a verdict may rest on any of them.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Names of rules and families; where there is none, all are selected.
    pub select: Vec<String>,
    /// Names of rules and families that are left out even where they are selected.
    pub ignore: Vec<String>,
}

impl Selection {
    /// Whether the findings of a rule are reported.
    pub fn has(&self, rule: &Rule) -> bool {
        let names = |list: &[String]| {
            list.iter().any(|name| name == rule.name || name == rule.family.name())
        };
        (self.select.is_empty() || names(&self.select)) && !names(&self.ignore)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_rule_and_by_family() {
        let rule = crate::rules::find("data-before-rcpt").unwrap();
        for (select, ignore, expected) in [
            (&[][..], &[][..], true),
            (&["data-before-rcpt"], &[], true),
            (&["order"], &[], true),
            (&["syntax"], &[], false),
            (&["syntax", "order"], &["data-before-rcpt"], false),
            (&[], &["order"], false),
            (&[], &["syntax"], true),
        ] {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            let selection = Selection { select: owned(select), ignore: owned(ignore) };
            assert_eq!(selection.has(rule), expected, "{selection:?}");
        }
    }
}
