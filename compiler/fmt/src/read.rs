//! Tokens and comments to entries and groups.

use topoc_syntax::{Comment, Kind, Token as Lexed};

use crate::broken::Broken;
use crate::items::{Item, merge};
use crate::tree::{Above, AboveKind, Entries, Entry, Group, Piece, Token};

/// The tree of a file.
pub fn read<'t>(
    text: &'t str,
    tokens: &[Lexed],
    comments: &[Comment],
    broken: Broken,
) -> Entries<'t> {
    let mut reader = Reader {
        text,
        items: merge(tokens, comments),
        at: 0,
        last_end: 0,
        broken,
    };
    let mut entries = reader.entries(None).0;
    entries.list.extend(reader.rest());
    entries
}

struct Reader<'t> {
    text: &'t str,
    items: Vec<Item>,
    at: usize,
    /// The end of the last item that is not a line break.
    last_end: usize,
    broken: Broken,
}

impl<'t> Reader<'t> {
    /// Entries up to the closing bracket, which stays; and whether only commas separated them.
    fn entries(&mut self, open: Option<Kind>) -> (Entries<'t>, bool) {
        let mut found = Entries::default();
        let mut above: Vec<Above<'t>> = Vec::new();
        let mut commas = true;
        while let Some(item) = self.peek() {
            if open.is_none()
                && let Some(entry) = self.left_alone(item, &mut above)
            {
                found.list.push(entry);
                continue;
            }
            match item.kind {
                Some(kind) if kind.closes() => break,
                Some(Kind::Newline) => {
                    self.at += 1;
                    commas &= self.closes_next();
                }
                Some(Kind::Comma) if open.is_some() => {
                    self.next();
                }
                None | Some(Kind::Doc) => {
                    let blank = self.is_blank_before(item);
                    let same_line = self.is_same_line(item);
                    self.next();
                    let text = self.slice(item).trim_end();
                    match found.list.last_mut() {
                        Some(last)
                            if same_line
                                && item.kind.is_none()
                                && above.is_empty()
                                && last.trailing.is_none() =>
                        {
                            last.trailing = Some(text);
                        }
                        _ => above.push(Above {
                            blank,
                            kind: match item.kind {
                                None => AboveKind::Comment(text),
                                Some(_) => AboveKind::Doc(text),
                            },
                        }),
                    }
                }
                Some(Kind::At) => {
                    let blank = self.is_blank_before(item);
                    let kind = AboveKind::Note(self.note());
                    above.push(Above { blank, kind });
                }
                Some(_) => {
                    let blank = self.is_blank_before(item);
                    let pieces = self.entry(item, open);
                    found.list.push(Entry {
                        above: std::mem::take(&mut above),
                        blank,
                        pieces,
                        trailing: None,
                    });
                }
            }
        }
        found.tail = above;
        (found, commas)
    }

    /// Behind the last item: brackets that close nothing.
    fn rest(&mut self) -> Option<Entry<'t>> {
        let rest = self.text.get(self.last_end..).unwrap_or_default();
        let end = self.text.len();
        let start = end - rest.trim_start().len();
        (start < end).then(|| Entry {
            above: Vec::new(),
            blank: rest
                .trim_end()
                .split(|it: char| !it.is_whitespace())
                .next()
                .is_some_and(|it| it.matches('\n').count() > 1),
            pieces: vec![self.verbatim(start, end)],
            trailing: None,
        })
    }

    /// `@name(…)`
    fn note(&mut self) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        while let Some(item) = self.peek() {
            match item.kind {
                Some(Kind::At) if pieces.is_empty() => pieces.push(self.token(item)),
                Some(kind) if pieces.len() == 1 && (kind == Kind::Name || kind.is_reserved()) => {
                    pieces.push(self.token(item));
                }
                Some(Kind::LeftParen) if pieces.len() == 2 => {
                    pieces.push(Piece::Group(self.group(item, Kind::LeftParen)));
                }
                _ => break,
            }
        }
        pieces
    }

    fn entry(&mut self, first: Item, open: Option<Kind>) -> Vec<Piece<'t>> {
        let mut pieces: Vec<Piece<'t>> = Vec::new();
        while let Some(item) = self.peek() {
            match item.kind {
                Some(Kind::Newline) => break,
                Some(kind) if kind.closes() => break,
                Some(Kind::Comma) if open.is_some() && separates(&pieces) => break,
                None | Some(Kind::Doc) => {
                    if self.ends_after_comments(open, &pieces) {
                        break;
                    }
                    let own_line = !self.is_same_line(item);
                    self.next();
                    let text = self.slice(item).trim_end();
                    pieces.push(Piece::Comment { text, own_line });
                }
                Some(kind @ (Kind::LeftBrace | Kind::LeftBracket | Kind::LeftParen)) => {
                    pieces.push(Piece::Group(self.group(item, kind)));
                }
                Some(_) => pieces.push(self.token(item)),
            }
        }
        let braces = matches!(open, None | Some(Kind::LeftBrace));
        let next = self.peek().map_or(self.text.len(), |it| it.start);
        if braces && self.broken.take(first.start, next) {
            return vec![self.verbatim(first.start, self.last_end)];
        }
        let words = pieces.iter().take(2).map(Piece::word);
        let is_type = matches!(
            words.collect::<Vec<_>>().as_slice(),
            ["resource" | "lookup", "type"]
        );
        if let Some(Piece::Group(body)) = pieces.last_mut() {
            body.of_type = is_type;
        }
        pieces
    }

    fn group(&mut self, item: Item, open: Kind) -> Group<'t> {
        let glued = self.is_glued(item);
        self.next();
        let mut group = Group {
            open,
            at: (item.start as u32, item.start as u32),
            glued,
            split: self.peek().is_some_and(|it| !self.is_same_line(it)),
            head: None,
            commas: false,
            entries: Entries::default(),
            tall: false,
            of_type: false,
        };
        if let Some(comment) = self.peek().filter(|it| it.kind.is_none())
            && self.is_same_line(comment)
        {
            self.next();
            group.head = Some(self.slice(comment).trim_end());
        }
        (group.entries, group.commas) = self.entries(Some(open));
        if let Some(close) = self.peek() {
            group.at.1 = close.start as u32;
            self.next();
        }
        group.tall = group.must_be_tall();
        group
    }

    fn token(&mut self, item: Item) -> Piece<'t> {
        self.next();
        Piece::Token(Token {
            kind: item.kind.unwrap_or(Kind::Wrong),
            text: self.slice(item),
            at: item.start as u32,
        })
    }

    /// The whole lines of the statements that begin here, if brackets or quotes cannot be trusted in them.
    fn left_alone(&mut self, first: Item, above: &mut Vec<Above<'t>>) -> Option<Entry<'t>> {
        let dropped = self.before(first).trim_start().len();
        let begins = dropped > 0 || !matches!(first.kind, None | Some(Kind::Newline));
        if self.broken.lexical.is_empty() || !begins {
            return None;
        }
        let start = first.start - dropped;
        let mut end = first.start;
        let mut at = self.at;
        loop {
            let last = self.statement_end(&mut at);
            end = self.line_end(last.max(end));
            match self.items.get(at) {
                Some(next) if next.start < end => {}
                _ => break,
            }
        }
        if !self.broken.has_lexical(start, end) {
            return None;
        }
        let blank = self.is_blank_before(first);
        while self.peek().is_some_and(|it| it.start < end) {
            self.next();
        }
        self.broken.take(start, end);
        self.last_end = end;
        Some(Entry {
            above: std::mem::take(above),
            blank,
            pieces: vec![self.verbatim(start, end)],
            trailing: None,
        })
    }

    /// Moves `at` behind the line break that ends a statement of the file; gives the end of its last token.
    fn statement_end(&self, at: &mut usize) -> usize {
        let mut depth = 0_usize;
        let mut end = 0;
        while let Some(item) = self.items.get(*at) {
            *at += 1;
            match item.kind {
                Some(Kind::Newline) if depth == 0 => break,
                Some(Kind::LeftBrace | Kind::LeftBracket | Kind::LeftParen) => depth += 1,
                Some(kind) if kind.closes() => depth = depth.saturating_sub(1),
                _ => {}
            }
            end = item.end;
        }
        end
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        from + rest.find('\n').unwrap_or(rest.len())
    }

    fn verbatim(&self, start: usize, end: usize) -> Piece<'t> {
        Piece::Token(Token {
            kind: Kind::Wrong,
            text: self.text.get(start..end).unwrap_or_default().trim_end(),
            at: start as u32,
        })
    }

    fn peek(&self) -> Option<Item> {
        self.items.get(self.at).copied()
    }

    fn next(&mut self) {
        if let Some(item) = self.peek() {
            self.last_end = self.last_end.max(item.end);
            self.at += 1;
        }
    }

    fn slice(&self, item: Item) -> &'t str {
        self.text.get(item.start..item.end).unwrap_or_default()
    }

    fn before(&self, item: Item) -> &'t str {
        let gap = self.text.get(self.last_end..item.start);
        gap.unwrap_or_default()
    }

    fn is_glued(&self, item: Item) -> bool {
        self.last_end == item.start
    }

    fn is_same_line(&self, item: Item) -> bool {
        self.last_end > 0 && !self.before(item).contains('\n')
    }

    fn is_blank_before(&self, item: Item) -> bool {
        let gap = self.before(item);
        let space = gap.len() - gap.trim_start().len();
        let space = gap.get(..space).unwrap_or_default();
        self.last_end > 0 && space.matches('\n').count() > 1
    }

    /// Whether the brackets close here, apart from comments.
    fn closes_next(&self) -> bool {
        let rest = self.items.get(self.at..).unwrap_or_default();
        let next = rest.iter().find_map(|it| it.kind);
        next.is_none_or(Kind::closes)
    }

    /// Whether only comments are left of the entry.
    fn ends_after_comments(&self, open: Option<Kind>, pieces: &[Piece<'_>]) -> bool {
        let rest = self.items.get(self.at..).unwrap_or_default();
        match rest.iter().find_map(|it| it.kind) {
            None | Some(Kind::Newline) => true,
            Some(Kind::Comma) => open.is_some() && separates(pieces),
            Some(kind) => kind.closes(),
        }
    }
}

/// Whether a comma ends the entry that begins so, and does not belong to it.
fn separates(pieces: &[Piece<'_>]) -> bool {
    let has = |kind: Kind| pieces.iter().any(|it| it.is(kind));
    let first = pieces.first().and_then(Piece::kind);
    let named = |word: &str| pieces.first().is_some_and(|it| it.word() == word);
    let declares = pieces
        .get(1)
        .is_some_and(|it| it.is(Kind::Name) || it.is(Kind::TextStart));
    match first {
        Some(Kind::For) if !has(Kind::In) => return false,
        Some(Kind::Assert) if pieces.iter().any(|it| it.word() == "reach") => return false,
        _ => {}
    }
    !has(Kind::Arrow) && !(declares && (named("kind") || named("test")))
}
