//! Texts as reports show them: of a line that is very long only what is around the labels.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::files::{floor, line_column};
use crate::{FileId, Files, Span};

/// Lines up to this length are shown as a whole.
const LONG: usize = 400;
/// So much is shown on both sides of a place in a line that is longer.
const AROUND: usize = 60;
/// What stands for the rest.
const REST: &str = "…";

/// The texts of one report, cut where lines are too long.
pub struct Excerpt<'a> {
    files: &'a Files,
    cut: BTreeMap<FileId, Cut>,
}

/// A text without the far parts of its long lines.
#[derive(Default)]
struct Cut {
    text: String,
    /// Where each part that is kept stood, and where it stands now.
    parts: Vec<(Range<usize>, usize)>,
}

impl<'a> Excerpt<'a> {
    /// For these places.
    pub fn new(files: &'a Files, places: &[Span]) -> Self {
        let mut cut = BTreeMap::new();
        for place in places {
            let text = files.text(place.file);
            let is_long = text.len() > LONG && text.split('\n').any(|it| it.len() > LONG);
            if is_long && !cut.contains_key(&place.file) {
                let own = places.iter().filter(|it| it.file == place.file);
                let ends = own.flat_map(|it| [it.start as usize, it.end as usize]);
                cut.insert(place.file, Cut::new(text, &ends.collect::<Vec<_>>()));
            }
        }
        Self { files, cut }
    }

    /// The text of a file as shown.
    pub fn text(&self, file: FileId) -> &str {
        match self.cut.get(&file) {
            Some(cut) => &cut.text,
            None => self.files.text(file),
        }
    }

    /// Where a place stands in it: within the text and on character boundaries, whatever the span says.
    pub fn range(&self, span: Span) -> Range<usize> {
        let whole = self.files.text(span.file);
        let start = floor(whole, span.start as usize);
        let end = floor(whole, span.end as usize).max(start);
        match self.cut.get(&span.file) {
            Some(cut) => cut.place(start)..cut.place(end),
            None => start..end,
        }
    }

    /// `FILE:LINE:COLUMN` of a place as shown, and as it is; `None` if they are the same.
    pub fn moved(&self, span: Span) -> Option<(String, String)> {
        let cut = self.cut.get(&span.file)?;
        let name = self.files.name(span.file);
        let (line, column) = line_column(&cut.text, cut.place(span.start as usize));
        let (real_line, real_column) = self.files.line_column(span.file, span.start);
        let place = |line, column| format!("[ {name}:{line}:{column} ]");
        Some((place(line, column), place(real_line, real_column)))
    }
}

impl Cut {
    /// `places` are bytes to be shown.
    fn new(text: &str, places: &[usize]) -> Self {
        let mut cut = Cut::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.trim_end_matches('\n').len();
            for part in parts(text, start..end, places) {
                if part.start > cut.parts.last().map_or(start, |it| it.0.end.max(start)) {
                    cut.text.push_str(REST);
                }
                cut.keep(text, part);
            }
            if cut.parts.last().is_some_and(|it| it.0.end < end) {
                cut.text.push_str(REST);
            }
            cut.keep(text, end..start + line.len());
            start += line.len();
        }
        cut
    }

    fn keep(&mut self, text: &str, part: Range<usize>) {
        let written = text.get(part.clone()).unwrap_or_default();
        self.parts.push((part, self.text.len()));
        self.text.push_str(written);
    }

    fn place(&self, at: usize) -> usize {
        let next = self.parts.partition_point(|it| it.0.start <= at);
        let part = next.checked_sub(1).and_then(|it| self.parts.get(it));
        part.map_or(0, |(old, new)| new + (at.min(old.end) - old.start))
    }
}

/// The parts of a line that are shown, in order.
fn parts(text: &str, line: Range<usize>, places: &[usize]) -> Vec<Range<usize>> {
    if line.len() <= LONG {
        return vec![line];
    }
    let mut inside: Vec<usize> = places
        .iter()
        .copied()
        .filter(|it| line.contains(it) || *it == line.end)
        .collect();
    inside.sort_unstable();
    let mut found: Vec<Range<usize>> = Vec::new();
    for place in inside {
        let start = floor(text, place.saturating_sub(AROUND).max(line.start));
        let end = floor(text, (place + AROUND).min(line.end));
        match found.last_mut() {
            Some(last) if start <= last.end => last.end = end,
            _ => found.push(start..end),
        }
    }
    if found.is_empty() {
        found.push(line.start..floor(text, line.start + AROUND));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_their_labels() {
        let long = "a".repeat(1000);
        let text = format!("x\n{long}here{long}\ny\n");
        let mut files = Files::default();
        let id = files.add("f", text.as_str());
        let span = Span::new(id, 1002, 1006);
        let excerpt = Excerpt::new(&files, &[span]);
        let shown = excerpt.text(id);
        assert_eq!(shown.get(excerpt.range(span)), Some("here"));
        assert_eq!(shown.lines().count(), 3);
        assert!(shown.len() < 200 && shown.contains("…a"), "{shown}");
        let (_, real) = excerpt.moved(span).unwrap_or_default();
        assert_eq!(real, "[ f:2:1001 ]");
    }

    #[test]
    fn other_texts_stay() {
        let mut files = Files::default();
        let id = files.add("f", "short\n");
        let excerpt = Excerpt::new(&files, &[Span::new(id, 0, 99)]);
        assert_eq!(excerpt.text(id), "short\n");
        assert_eq!(excerpt.range(Span::new(id, 2, 99)), 2..6);
        assert_eq!(excerpt.moved(Span::new(id, 2, 99)), None);
    }
}
