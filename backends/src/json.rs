//! JSON text, written straight into one string: two spaces a level; what is short and deep stands on one line.

use std::fmt::{Arguments, Write};

use crate::shares::Apart;
use crate::text::Text;

/// The longest list or object on one line.
const WIDE: usize = 72;

/// Objects of fewer levels than this keep a line for each key: resources and their sections.
const DEEP: usize = 4;

/// A JSON document being written.
#[derive(Default)]
pub struct Json {
    /// What is finished.
    pieces: Vec<String>,
    out: String,
    levels: Vec<Level>,
    /// Where the lines begin that may still be joined, and how far they are indented.
    lines: Vec<Line>,
    /// What is being joined; kept for its memory.
    joined: String,
}

struct Level {
    /// Where its bracket stands.
    start: usize,
    /// How many lines began before it.
    lines: usize,
    /// Whether anything stands in it yet.
    filled: bool,
    /// Whether something in it keeps its lines, so that it keeps its own.
    tall: bool,
}

struct Line {
    /// Where its line end stands.
    start: usize,
    /// How many spaces follow.
    blanks: usize,
}

impl Json {
    /// The text, which ends with a newline.
    pub fn finish(mut self) -> Text {
        self.out.push('\n');
        self.pieces.push(self.out);
        self.pieces.into()
    }

    /// `{`
    pub fn begin_object(&mut self) {
        self.begin('{');
    }

    /// `}`
    pub fn end_object(&mut self) {
        self.end('}');
    }

    /// `[`
    pub fn begin_list(&mut self) {
        self.begin('[');
    }

    /// `]`
    pub fn end_list(&mut self) {
        self.end(']');
    }

    /// `"key": `
    pub fn key(&mut self, key: &str) {
        self.item();
        quote(&mut self.out, key);
        self.out.push_str(": ");
    }

    /// The next item of a list follows.
    pub fn item(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            if level.filled {
                self.out.push(',');
            }
            level.filled = true;
        }
        self.line();
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        quote(&mut self.out, text);
    }

    /// JSON as it is, in pieces: short objects.
    pub fn pieces(&mut self, pieces: &[&str]) {
        pieces.iter().for_each(|it| self.out.push_str(it));
    }

    /// JSON as it is: numbers, `true`.
    pub fn raw(&mut self, json: Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(json);
    }

    fn begin(&mut self, bracket: char) {
        self.levels.push(Level {
            start: self.out.len(),
            lines: self.lines.len(),
            filled: false,
            tall: false,
        });
        self.out.push(bracket);
    }

    fn end(&mut self, bracket: char) {
        let depth = self.levels.len();
        let Some(level) = self.levels.pop() else {
            return;
        };
        if !level.filled {
            self.out.push(bracket);
            return;
        }
        self.line();
        self.out.push(bracket);
        let joins = (depth > DEEP || bracket == ']') && !level.tall;
        if joins && self.fits(&level, bracket == '}') {
            self.join(&level, bracket == '}');
            return;
        }
        self.lines.truncate(level.lines);
        if let Some(around) = self.levels.last_mut() {
            around.tall = true;
        }
    }

    /// Whether the lines of a level are few and short enough for one.
    fn fits(&self, level: &Level, spaced: bool) -> bool {
        let lines = self.lines.get(level.lines..).unwrap_or_default();
        let width = self.out.len() - level.start;
        let taken: usize = lines.iter().map(|it| it.blanks + 1).sum();
        let put = lines.len() - if spaced { 0 } else { 2 };
        let few = width < WIDE + 8 * (2 * self.levels.len() + 3);
        few && width - taken + put <= WIDE
    }

    /// Puts the lines of a level into one; only the brackets of a list stand close.
    fn join(&mut self, level: &Level, spaced: bool) {
        let lines = self.lines.get(level.lines..).unwrap_or_default();
        let ends = lines.iter().skip(1).map(|it| it.start);
        let ends = ends.chain([self.out.len()]);
        self.joined.clear();
        for (at, (line, end)) in lines.iter().zip(ends).enumerate() {
            if spaced || (at > 0 && at + 1 < lines.len()) {
                self.joined.push(' ');
            }
            let text = self.out.get(line.start + 1 + line.blanks..end);
            self.joined.push_str(text.unwrap_or_default());
        }
        self.out
            .truncate(lines.first().map_or(self.out.len(), |it| it.start));
        self.out.push_str(&self.joined);
        self.lines.truncate(level.lines);
    }

    fn line(&mut self) {
        let blanks = self.levels.len() * 2;
        self.lines.push(Line {
            start: self.out.len(),
            blanks,
        });
        match LINE.get(..=blanks) {
            Some(line) => self.out.push_str(line),
            None => {
                self.out.push('\n');
                indent(&mut self.out, blanks);
            }
        }
    }
}

/// A line end and what most lines begin with.
const LINE: &str = "\n                                                ";

impl Apart for Json {
    fn apart(&self, room: String) -> Self {
        let level = || Level {
            start: 0,
            lines: 0,
            filled: true,
            tall: true,
        };
        Self {
            out: room,
            levels: self.levels.iter().map(|_| level()).collect(),
            ..Self::default()
        }
    }

    fn written(self) -> String {
        self.out
    }

    fn append(&mut self, piece: String) {
        self.pieces.push(std::mem::take(&mut self.out));
        self.pieces.push(piece);
        // what was written apart has lines of its own
        self.levels.iter_mut().for_each(|it| it.tall = true);
    }
}

/// Adds `spaces` spaces.
pub fn indent(out: &mut String, spaces: usize) {
    const BLANK: &str = "                                                                ";
    let mut left = spaces;
    while left > 0 {
        let part = BLANK.get(..left).unwrap_or(BLANK);
        out.push_str(part);
        left -= part.len();
    }
}

/// Adds `text` as a JSON string.
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    escape(out, text);
    out.push('"');
}

/// Adds `text` as the inside of a JSON string.
pub fn escape(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate().filter(|it| is_escaped(it.1)) {
        out.push_str(text.get(done..at).unwrap_or_default());
        done = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control => {
                let _ = write!(out, "\\u{control:04x}");
            }
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
}

/// Whether nothing in a text is escaped: eight bytes are looked at in one step.
fn is_plain(text: &str) -> bool {
    let mut words = text.as_bytes().chunks_exact(8);
    let mut found = 0;
    for word in &mut words {
        found |= escaped_in(u64::from_le_bytes(word.try_into().unwrap_or_default()));
    }
    let rest = words.remainder().iter();
    let rest = rest.fold(ONES * 0x20, |all, byte| all << 8 | u64::from(*byte));
    (found | escaped_in(rest)) & (ONES << 7) == 0
}

/// Every byte is one.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Whether a byte of a word is escaped: the highest bit of some byte is set.
fn escaped_in(word: u64) -> u64 {
    // a byte borrows from the next one only if it is below what is taken away, which is what is asked for
    let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    below(word, 0x20) | is(b'"') | is(b'\\')
}

fn is_escaped(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_json_asks_for_and_nothing_else() {
        let mut out = String::new();
        quote(&mut out, "a \"b\" \\ \n\t\r\u{1} ü ${x}/");
        assert_eq!(out, r#""a \"b\" \\ \n\t\r\u0001 ü ${x}/""#);
    }

    #[test]
    fn sees_what_is_escaped_wherever_it_stands() {
        for byte in 0..=0x7f_u8 {
            for before in 0..20 {
                let text =
                    "é".repeat(before / 2) + &"x".repeat(before) + &char::from(byte).to_string();
                for text in [format!("{text}!~ü"), text] {
                    assert_eq!(is_plain(&text), !is_escaped(byte), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn nests() {
        let mut json = Json::default();
        json.begin_object();
        json.key("a");
        json.begin_list();
        json.item();
        json.raw(format_args!("1"));
        json.item();
        json.begin_object();
        json.end_object();
        json.end_list();
        json.key("b");
        json.begin_list();
        json.end_list();
        json.end_object();
        assert_eq!(
            json.finish().to_string(),
            "{\n  \"a\": [1, {}],\n  \"b\": []\n}\n"
        );
    }
}
