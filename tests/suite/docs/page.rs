//! A page of Markdown: its text, cut at its fenced blocks.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cases::text;

/// A page, and where it stands.
pub struct Page {
    path: PathBuf,
    pieces: Vec<Piece>,
}

/// Some of the page's lines.
#[derive(Debug)]
pub enum Piece {
    /// Lines outside blocks, and the fences themselves.
    Plain(String),
    /// What stands between two fences.
    Block {
        /// What the opening fence says: `hcl`, `hcl prod`.
        says: String,
        /// The lines.
        text: String,
    },
}

impl Page {
    /// Reads a page.
    pub fn read(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            pieces: pieces(&text(path)),
        }
    }

    /// Its blocks in this language, each with the word behind it.
    pub fn blocks<'a>(
        &'a self,
        language: &'a str,
    ) -> impl Iterator<Item = (Option<&'a str>, &'a str)> {
        self.pieces.iter().filter_map(move |it| match it {
            Piece::Block { says, text } => {
                let mut words = says.split_whitespace();
                (words.next() == Some(language)).then(|| (words.next(), text.as_str()))
            }
            Piece::Plain(_) => None,
        })
    }

    /// Blocks that are not what `should` says of them, as reports. Where snapshots are written (`INSTA_UPDATE=always`), so is the page,
    /// and only what cannot be written is reported.
    pub fn differences(self, should: impl Fn(&str, &str) -> Result<String, String>) -> Vec<String> {
        let updates = std::env::var("INSTA_UPDATE").is_ok_and(|it| it == "always");
        let mut written = String::new();
        let mut wrong = Vec::new();
        for piece in &self.pieces {
            let (said, report) = match piece {
                Piece::Plain(text) => (text.clone(), None),
                Piece::Block { says, text } => match should(says, text) {
                    Ok(said) if said == *text || updates => (said, None),
                    Ok(said) => (
                        said.clone(),
                        Some(format!("shows\n{text}\nbut it is\n{said}")),
                    ),
                    Err(why) => (text.clone(), Some(why)),
                },
            };
            written.push_str(&said);
            wrong.extend(report.map(|it| format!("{} {it}", self.path.display())));
        }
        if updates {
            fs::write(&self.path, written).expect("pages can be written");
        }
        wrong
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut found = vec![Piece::Plain(String::new())];
    for line in text.split_inclusive('\n') {
        let fence = line.strip_prefix("```");
        match (found.last_mut(), fence) {
            (Some(Piece::Plain(text)), Some(says)) => {
                text.push_str(line);
                found.push(Piece::Block {
                    says: says.trim().to_owned(),
                    text: String::new(),
                });
            }
            (Some(Piece::Block { .. }), Some(_)) => found.push(Piece::Plain(line.to_owned())),
            (Some(Piece::Plain(text) | Piece::Block { text, .. }), None) => text.push_str(line),
            (None, _) => {}
        }
    }
    found
}
