//! What the library knows under other names: how targets spell its resources, and what its comments say about its kinds.
//! For messages only: everything is searched for when somebody asks.

use crate::Library;

/// More kinds than this are no hint.
const MOST: usize = 4;

/// A kind that a message may propose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Its name.
    pub kind: &'static str,
    /// The first sentence of its comment.
    pub about: String,
}

/// What a target's resource type is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// The last word of the library's resource type: `queue` of `sqs.queue`.
    pub ty: &'static str,
    /// What makes it.
    pub by: By,
}

/// What makes a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// A part of these kinds.
    Kinds(Vec<Hint>),
    /// Something that networks and groups make.
    Derived,
}

impl Library {
    /// What `aws_sqs_queue` or `AWS::SQS::Queue` is here.
    pub fn spelled(&self, name: &str) -> Option<Spelled> {
        if !name.contains(['_', ':']) {
            return None;
        }
        let quoted = format!("\"{name}\"");
        let (file, ty, is_meant) =
            self.files
                .iter()
                .enumerate()
                .find_map(|(number, (_, text))| {
                    let at = text.find(&quoted)?;
                    let (before, after) = text.split_at(at);
                    let start = before.rfind("resource type ")? + "resource type ".len();
                    let body = after.split("\n}").next().unwrap_or_default();
                    let ty = before.get(start..)?.split_whitespace().next()?;
                    let is_same = !before.get(start..)?.contains("\n}");
                    is_same.then(|| (number, ty, body.contains("\n  means ")))
                })?;
        let kinds = self.kinds_with(ty, self.service(u16::try_from(file).unwrap_or(u16::MAX)));
        let by = match kinds.is_empty() {
            false => By::Kinds(kinds),
            true => is_meant.then_some(By::Derived)?,
        };
        let ty = ty.rsplit('.').next().unwrap_or(ty);
        Some(Spelled { ty, by })
    }

    /// The kinds that consist of a resource of this type, those of its own service first.
    fn kinds_with(&self, ty: &str, service: &str) -> Vec<Hint> {
        let part = format!("resource {ty} ");
        let mut found: Vec<(bool, Hint)> = Vec::new();
        for (number, (_, text)) in self.files.iter().enumerate() {
            let is_own = self.service(u16::try_from(number).unwrap_or(u16::MAX)) == service;
            for (at, _) in text.match_indices(&part) {
                if let Some(hint) = kind_before(text, at)
                    && !found.iter().any(|it| it.1 == hint)
                {
                    found.push((!is_own, hint));
                }
            }
        }
        found.sort_by_key(|it| it.0);
        if found.first().is_some_and(|it| !it.0) {
            found.retain(|it| !it.0);
        }
        found.into_iter().map(|it| it.1).take(MOST).collect()
    }

    /// The kinds whose comments mention `word` in their first sentence, else those of the service `word`; none if those are many.
    pub fn kinds_about(&self, word: &str) -> Vec<Hint> {
        let word = word.to_ascii_lowercase().replace('_', " ");
        let (mut mentioned, mut of_service) = (Vec::new(), Vec::new());
        for (number, (_, text)) in self.files.iter().enumerate() {
            let service = self.service(u16::try_from(number).unwrap_or(u16::MAX));
            for (at, _) in text.match_indices("kind ") {
                let starts_line = at == 0 || text.get(..at).is_some_and(|it| it.ends_with('\n'));
                match kind_before(text, at + 1).filter(|_| starts_line) {
                    Some(hint) if mentions(&hint.about, &word) => mentioned.push(hint),
                    Some(hint) if service == word => of_service.push(hint),
                    Some(_) | None => {}
                }
            }
        }
        let found = if mentioned.is_empty() {
            of_service
        } else {
            mentioned
        };
        if found.len() > MOST {
            Vec::new()
        } else {
            found
        }
    }
}

/// The kind whose declaration is the last before `at`.
fn kind_before(text: &'static str, at: usize) -> Option<Hint> {
    let before = text.get(..at + 4).or_else(|| text.get(..at))?;
    let start = match before.rfind("\nkind ") {
        Some(it) => it + 1,
        None if text.starts_with("kind ") => 0,
        None => return None,
    };
    let is_inside = !text.get(start..at)?.contains("\n}");
    let kind = text.get(start + 5..)?.split([' ', '{']).next()?;
    is_inside.then(|| Hint {
        kind,
        about: sentence(comment_before(text, start)),
    })
}

/// The first sentence of a comment.
fn sentence(comment: &str) -> String {
    let lines = comment.lines().map(|it| it.trim_start_matches('/').trim());
    let text = lines
        .take_while(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let end = text.find(". ").unwrap_or(text.len());
    text.get(..end)
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned()
}

/// The lines of `///` above `at`, and above the notes there.
fn comment_before(text: &str, at: usize) -> &str {
    let before = without_notes(text.get(..at).unwrap_or_default());
    let mut start = before.len();
    while let Some(line) = before
        .get(..start.saturating_sub(1))
        .map(|it| it.rfind('\n').map_or(0, |it| it + 1))
        && start > 0
        && before.get(line..).is_some_and(|it| it.starts_with("///"))
    {
        start = line;
    }
    before.get(start..).unwrap_or_default()
}

/// Without the `@…` at the end; their further lines are indented or close them.
fn without_notes(text: &str) -> &str {
    let mut end = text.len();
    let mut kept = end;
    while let Some(before) = text.get(..end.saturating_sub(1)).filter(|_| end > 0) {
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        let line = before.get(start..).unwrap_or_default();
        match line.chars().next() {
            Some('@') => kept = start,
            Some(' ' | ')') => {}
            _ => break,
        }
        end = start;
    }
    text.get(..kept).unwrap_or_default()
}

/// Whether a comment has these words, the last one maybe longer; in whatever case.
fn mentions(comment: &str, words: &str) -> bool {
    let comment = comment.to_ascii_lowercase();
    comment.match_indices(words).any(|(at, _)| {
        let before = comment.get(..at).and_then(|it| it.chars().next_back());
        let after = comment
            .get(at + words.len()..)
            .and_then(|it| it.chars().next());
        let is_end = |it: Option<char>| !it.is_some_and(char::is_alphanumeric);
        is_end(before) && (is_end(after) || words.len() > 4)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "/// A message queue (Amazon SQS).\nkind queue {\n  resource sqs.queue main {}\n}\n\nresource type sqs.queue {\n  terraform = \"aws_sqs_queue\"\n}\n";

    #[test]
    fn finds_kinds_by_other_names() {
        let library = Library {
            files: &[("std/aws/sqs/queue.topo", TEXT)],
            ..Library::default()
        };
        let queue = Hint {
            kind: "queue",
            about: "A message queue (Amazon SQS)".to_owned(),
        };
        assert_eq!(
            library.spelled("aws_sqs_queue"),
            Some(Spelled {
                ty: "queue",
                by: By::Kinds(vec![queue.clone()])
            })
        );
        assert_eq!(library.spelled("aws_sns_topic"), None);
        for word in ["sqs", "SQS", "messag", "amazon"] {
            assert_eq!(library.kinds_about(word), vec![queue.clone()], "{word}");
        }
        assert_eq!(library.kinds_about("mess"), vec![]);
    }
}
