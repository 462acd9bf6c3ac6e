//! How a page of plain text is laid out: headings, labelled facts, lists.

use super::explain::Explanation;

/// A page in the making.
pub(super) struct Page {
    topic: String,
    text: String,
}

impl Page {
    /// An empty page.
    pub(super) fn new(topic: &str) -> Self {
        Self { topic: topic.to_owned(), text: String::new() }
    }

    /// An empty line, unless there is one.
    pub(super) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A title and a sentence on it.
    pub(super) fn heading(&mut self, name: &str, about: &str) {
        self.blank();
        self.line(&format!("{name}: {about}"));
        self.blank();
    }

    /// A line with its label; nothing where there is nothing to say.
    pub(super) fn fact(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            self.line(&format!("  {label:<12} {value}"));
        }
    }

    /// A title and indented lines; nothing where there are none.
    pub(super) fn list(&mut self, title: &str, lines: impl IntoIterator<Item = String>) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            self.blank();
            self.line(&format!("  {title}"));
            lines.for_each(|line| self.line(&format!("    {line}")));
        }
    }

    /// The page as it stands.
    pub(super) fn explanation(self) -> Explanation {
        Explanation { topic: self.topic, text: self.text }
    }

    /// The page, if anything was written on it.
    pub(super) fn finish(self) -> Option<Explanation> {
        (!self.text.is_empty()).then(|| self.explanation())
    }
}
