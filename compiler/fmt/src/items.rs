//! Tokens and comments in one row.

use topoc_syntax::{Comment, Kind, Token as Lexed};

/// A token, a whole text, or a comment (`None`).
#[derive(Clone, Copy)]
pub struct Item {
    /// `TextStart` for a text, `None` for a comment.
    pub kind: Option<Kind>,
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

/// All items in order; what is inside a text belongs to it.
pub fn merge(tokens: &[Lexed], comments: &[Comment]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(tokens.len() + comments.len());
    let mut comments = comments.iter().peekable();
    let mut depth = 0_usize;
    for token in tokens {
        let (start, end) = (token.start as usize, token.end as usize);
        while let Some(comment) = comments.next_if(|it| (it.start as usize) < start) {
            let (start, end) = (comment.start as usize, comment.end as usize);
            if depth == 0 {
                items.push(Item {
                    kind: None,
                    start,
                    end,
                });
            }
        }
        if token.kind == Kind::TextEnd {
            depth = depth.saturating_sub(1);
        }
        if depth > 0 || token.kind == Kind::TextEnd {
            if let Some(text) = items.last_mut() {
                text.end = end;
            }
        } else {
            let kind = Some(token.kind);
            items.push(Item { kind, start, end });
        }
        if token.kind == Kind::TextStart {
            depth += 1;
        }
    }
    items.extend(comments.map(|it| Item {
        kind: None,
        start: it.start as usize,
        end: it.end as usize,
    }));
    items
}
