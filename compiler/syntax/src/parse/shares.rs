//! A large file on several processors: each reads a share of the statements.
//!
//! Only a file without mistakes comes out of it, since what a mistake leads to depends on what stands before it.

use topoc_diagnostics::FileId;
use topoc_shares as shares;

use super::Part;
use super::broken::Broken;
use super::input::Tokens;
use crate::ast::{Block, ExprIds};
use crate::lex::{Kind, Token};

/// From how many tokens on the work is shared.
const MANY: usize = 20_000;

/// The numbers of the tokens that shares begin with, if the file is large.
pub fn starts(text: &str, tokens: Tokens<'_>) -> Option<Vec<usize>> {
    starts_of(text, tokens, shares::count(tokens.len(), MANY))
}

fn starts_of(text: &str, tokens: Tokens<'_>, of: usize) -> Option<Vec<usize>> {
    let begins = |at: &usize| begins_statement(text, tokens, *at);
    // the first share waits for work as long as a quarter of everything
    let waits = tokens.len() / 4;
    let near = |at| (shares::range(tokens.len() + waits, at, of).start).saturating_sub(waits);
    let later = (1..of).filter_map(|at| (near(at)..tokens.len()).find(begins));
    let mut starts: Vec<usize> = std::iter::once(0).chain(later).collect();
    starts.dedup();
    (starts.len() > 1).then_some(starts)
}

/// The statements of all shares, if all of them can be read, after some work beside.
pub fn statements(
    file: FileId,
    (text, tokens): (&str, Tokens<'_>),
    starts: &[usize],
    ids: &ExprIds,
    beside: impl FnOnce(),
) -> Option<Block> {
    let first = ids.count();
    let read = |at: usize| {
        let start = *starts.get(at)?;
        let end = starts.get(at + 1).copied().unwrap_or(tokens.len());
        // no share has more expressions than tokens
        let ids = ExprIds::from(first + start);
        let own = tokens.get(start..end)?;
        let part = Part::read(file, text, own, &ids, Broken::default());
        let is_sound = part.is_sound() && ids.count() <= first + end;
        is_sound.then_some(part.items).flatten()
    };
    let mut parts: Vec<Option<Block>> = starts.iter().map(|_| None).collect();
    shares::scope(|scope| {
        let (read, mut places) = (&read, parts.iter_mut().enumerate());
        let own = places.next();
        for (at, place) in places {
            scope.spawn(move |_| *place = read(at));
        }
        beside();
        if let Some((at, place)) = own {
            *place = read(at);
        }
    });
    let parts: Option<Vec<Block>> = parts.into_iter().collect();
    let whole = parts?.into_iter().reduce(|mut all, mut part| {
        all.append(&mut part);
        all
    });
    ids.skip_to(first + tokens.len());
    whole
}

/// Whether a statement begins here behind one that ends with a bracket: as people write it, both at the first column.
/// Where that is wrong, the share before cannot be read.
fn begins_statement(text: &str, tokens: Tokens<'_>, at: usize) -> bool {
    let opens_line = |it: &Token| {
        let before = text.as_bytes().get(..it.start as usize);
        before.and_then(<[u8]>::last) == Some(&b'\n')
    };
    let last = at.checked_sub(2).and_then(|it| tokens.get(it..at));
    let (Some([bracket, line]), Some(first)) = (last, tokens.get(at)) else {
        return false;
    };
    bracket.kind == Kind::RightBrace
        && line.kind == Kind::Newline
        && first.kind == Kind::Name
        && opens_line(bracket)
        && opens_line(first)
}

#[cfg(test)]
mod tests {
    use topoc_diagnostics::Diagnostics;

    use super::*;
    use crate::lex::lex;

    const FILE: FileId = FileId(0);

    fn in_shares(text: &str, of: usize) -> Option<Block> {
        let mut lexical = Diagnostics::default();
        let tokens = lex(FILE, text, &mut lexical);
        if lexical.has_errors() {
            return None;
        }
        let starts = starts_of(text, &tokens, of)?;
        assert!((2..=of).contains(&starts.len()), "{starts:?}");
        statements(FILE, (text, &tokens), &starts, &ExprIds::default(), || {})
    }

    fn parse_whole(text: &str) -> Block {
        crate::parse::parse(FILE, text, &ExprIds::default(), &mut Diagnostics::default()).items
    }

    fn program(nodes: usize) -> String {
        let node = |it| {
            format!("/// Number {it}.\nqueue q{it} {{\n  delay = {it}s\n}}\n\nq{it} -> q0 : send\n")
        };
        (0..nodes).map(node).collect()
    }

    /// The tree without the numbers of its expressions, and those.
    fn numbered(block: &Block) -> (String, Vec<u32>) {
        let shown = format!("{block:?}");
        let mut numbers = Vec::new();
        let mut tree = String::new();
        for (at, piece) in shown.split("ExprId(").enumerate() {
            let (number, rest) = piece.split_once(')').unwrap_or_default();
            tree.push_str(if at == 0 { piece } else { rest });
            numbers.extend(number.parse::<u32>().ok().filter(|_| at > 0));
        }
        (tree, numbers)
    }

    #[test]
    fn shares_make_the_same_tree() {
        let text = program(100);
        let (tree, numbers) = numbered(&parse_whole(&text));
        for of in 2..6 {
            let (shared, mut own) = numbered(&in_shares(&text, of).unwrap());
            assert_eq!(shared, tree);
            assert_eq!(own.len(), numbers.len());
            own.sort_unstable();
            own.dedup();
            assert_eq!(own.len(), numbers.len(), "each number once");
        }
    }

    #[test]
    fn mistakes_are_for_one_alone() {
        let text = program(100);
        for (from, to) in [
            ("delay = 70s", "delay = ="),
            ("q70 {", "q70 {{"),
            ("  delay = 5s\n}", "  delay = 5s\n"),
        ] {
            assert!(in_shares(&text.replacen(from, to, 1), 3).is_none(), "{to}");
        }
        let inside = format!("kind x {{\n{text}}}\n");
        assert!(in_shares(&inside, 3).is_none(), "the first column lies");
    }
}
