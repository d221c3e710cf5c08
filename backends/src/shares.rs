//! Many entries of one level, written by several processors at once.

use topoc_shares::{self as shares, Tickets};

/// How many entries stand in a piece.
const PIECE: usize = 256;

/// A notation whose entries can be written apart and put together.
pub trait Apart: Send + Sync {
    /// A text at this depth, behind a first entry, written into an empty `room`.
    fn apart(&self, room: String) -> Self;
    /// What was written apart.
    fn written(self) -> String;
    /// Adds what was written apart.
    fn append(&mut self, piece: String);
}

/// Writes all entries in order. `write` gets some of them and the entry before; nothing that is written depends on where
/// pieces end, or on how many processors there are.
pub fn write<F: Apart, T: Sync>(
    form: &mut F,
    all: &[T],
    write: impl Fn(&mut F, Option<&T>, &[T]) + Sync,
) {
    let mut pieces = all.chunks(PIECE);
    write(form, None, pieces.next().unwrap_or_default());
    let pieces: Vec<&[T]> = pieces.collect();
    let workers = shares::count(pieces.len(), 1).min(pieces.len());
    let (tickets, own) = (Tickets::new(pieces.len()), &*form);
    // each processor writes in the same room, and keeps a copy that takes no more than it needs
    let written = shares::drawn(workers, |written| {
        let mut room = String::new();
        while let Some(at) = tickets.next() {
            room.clear();
            let mut apart = own.apart(std::mem::take(&mut room));
            let piece = pieces.get(at).copied().unwrap_or_default();
            write(&mut apart, all.get((at + 1) * PIECE - 1), piece);
            room = apart.written();
            written.push((at, room.as_str().to_owned()));
        }
    });
    written.into_iter().for_each(|it| form.append(it));
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Lines(String);

    impl Apart for Lines {
        fn apart(&self, room: String) -> Self {
            Self(room)
        }

        fn written(self) -> String {
            self.0
        }

        fn append(&mut self, piece: String) {
            self.0.push_str(&piece);
        }
    }

    #[test]
    fn pieces_come_in_order_and_know_what_stands_before() {
        for count in [0, 1, PIECE, PIECE + 1, 5 * PIECE - 1, 7 * PIECE] {
            let all: Vec<usize> = (0..count).collect();
            let mut lines = Lines(String::new());
            write(&mut lines, &all, |lines, before, piece| {
                let before = std::iter::once(before).chain(piece.iter().map(Some));
                let pairs = before.zip(piece);
                lines
                    .0
                    .extend(pairs.map(|(one, two)| format!("{one:?} {two}\n")));
            });
            let before = std::iter::once(None).chain(all.iter().map(Some));
            let pairs = before.zip(&all);
            let expected: String = pairs.map(|(one, two)| format!("{one:?} {two}\n")).collect();
            assert_eq!(lines.0, expected);
        }
    }
}
