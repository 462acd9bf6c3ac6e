//! What failed, and the messages that went through several sessions: lists of cases with where they stand.

use super::{
    Item, Section, more,
    words::{place, range, time},
};
use crate::{
    render::quantity::{counted, number},
    report::summary::{Failure, Listed, SummaryReport, Trail, Wording},
};

pub(super) fn failures(summary: &SummaryReport) -> Section {
    let totals = &summary.totals;
    let mut what = Vec::new();
    if totals.refusals > 0 {
        what.push(match totals.refusals {
            1 => "1 refusal".to_owned(),
            many => format!("{} refusals", number(many)),
        });
    }
    if totals.lost > 0 {
        what.push(counted(totals.lost, "lost connection"));
    }
    let causes = counted(summary.failures.total, "cause");
    Section {
        title: format!("What failed: {}, {causes}", what.join(" and ")),
        items: summary.failures.rows.iter().map(failure).collect(),
        notes: more(&summary.failures, "cause"),
        ..Section::default()
    }
}

fn failure(failure: &Failure) -> Item {
    let one = match failure.replies.as_slice() {
        [one] if failure.rule.is_none() => Some(one),
        _ => None,
    };
    let mut about = Vec::new();
    if failure.sessions < failure.count {
        about.push(format!("in {}", counted(failure.sessions, "session")));
    }
    if let (Some(first), Some(last)) = (&failure.first, &failure.last) {
        about.push(range(first, last));
    }
    about.push(format!(
        "{} {}",
        if failure.count > 1 { "first at" } else { "at" },
        place(&failure.example)
    ));
    let mut lines: Vec<(String, String)> = Vec::new();
    if one.is_none() {
        let alone = failure.different_replies == 1;
        let count = |wording: &Wording| if alone { String::new() } else { number(wording.count) };
        let shown = failure.replies.iter().take(3);
        lines.extend(shown.map(|wording| (count(wording), said(wording))));
        let rest = failure.different_replies.saturating_sub(3);
        if rest > 0 {
            let replies = if rest == 1 { "reply" } else { "replies" };
            lines.push((String::new(), format!("and {} other {replies}", number(rest))));
        }
    }
    let text = match (&failure.about, one, &failure.text) {
        (Some(about), ..) => about.clone(),
        (None, Some(wording), _) => said(wording),
        (None, None, Some(text)) => text.clone(),
        (None, None, None) => "refused".to_owned(),
    };
    Item {
        count: number(failure.count),
        name: failure.rule.clone(),
        text,
        about: about.join(" · "),
        lines,
    }
}

/// `RCPT 550 <address>: User unknown`
fn said(wording: &Wording) -> String {
    format!("{} {} {}", wording.stage, wording.code, wording.text).trim_end().to_owned()
}

pub(super) fn messages(listed: &Listed<Trail>) -> Section {
    let items = listed.rows.iter().map(|trail| Item {
        count: number(trail.sessions),
        name: None,
        text: trail.names.join(", "),
        about: String::new(),
        lines: trail
            .hops
            .iter()
            .map(|hop| {
                let end = |end: &Option<String>| end.clone().unwrap_or_else(|| "?".to_owned());
                let time = hop.time.as_deref().map(|iso| time(iso) + " ").unwrap_or_default();
                let line = format!(
                    "{time}{} → {}: {}, {}",
                    end(&hop.client),
                    end(&hop.server),
                    hop.outcome,
                    place(&hop.at)
                );
                (String::new(), line)
            })
            .collect(),
    });
    Section {
        title: format!("Messages in several sessions: {}", number(listed.total)),
        items: items.collect(),
        notes: more(listed, "message"),
        ..Section::default()
    }
}
