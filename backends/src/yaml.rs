//! YAML text in block style, written straight into one string.
//!
//! Texts stand bare only where YAML 1.1 and 1.2 both read them as text: what looks like a number, a date, a boolean or
//! null is quoted. No anchors, no flow style but `{}` and `[]`.

use std::fmt::{Arguments, Write};

use crate::json::{indent, quote};
use crate::shares::Apart;
use crate::text::Text;

/// A YAML document being written.
#[derive(Default)]
pub struct Yaml {
    /// What is finished.
    pieces: Vec<String>,
    out: String,
    levels: Vec<Level>,
    at: At,
}

/// What stands before the next value.
#[derive(Clone, Copy, Default, PartialEq)]
enum At {
    /// Nothing: the document begins.
    #[default]
    Start,
    /// `key:`
    Key,
    /// `- `
    Dash,
}

struct Level {
    /// The column of its keys or dashes.
    column: usize,
    filled: bool,
}

impl Yaml {
    /// The text, which ends with a newline.
    pub fn finish(mut self) -> Text {
        self.out.push('\n');
        self.pieces.push(self.out);
        self.pieces.into()
    }

    /// A mapping begins.
    pub fn begin_object(&mut self) {
        self.begin();
    }

    /// A mapping ends; an empty one is `{}`.
    pub fn end_object(&mut self) {
        self.end("{}");
    }

    /// A sequence begins.
    pub fn begin_list(&mut self) {
        self.begin();
    }

    /// A sequence ends; an empty one is `[]`.
    pub fn end_list(&mut self) {
        self.end("[]");
    }

    /// `key:`
    pub fn key(&mut self, key: &str) {
        self.entry();
        scalar(&mut self.out, key);
        self.out.push(':');
        self.at = At::Key;
    }

    /// `- `
    pub fn item(&mut self) {
        self.entry();
        self.out.push_str("- ");
        self.at = At::Dash;
    }

    /// A text: bare, quoted, or as a block of lines.
    pub fn text(&mut self, text: &str) {
        self.space();
        self.any_text(text);
    }

    /// A text after a tag: `!Sub "${A}"`.
    pub fn tagged(&mut self, tag: &str, text: &str) {
        self.space();
        self.out.push_str(tag);
        self.out.push(' ');
        self.any_text(text);
    }

    /// YAML as it is: numbers, `true`, tagged words.
    pub fn raw(&mut self, yaml: Arguments<'_>) {
        self.space();
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(yaml);
    }

    /// A comment before the next key or item, a line for each of its lines.
    pub fn comment(&mut self, text: &str) {
        for line in text.lines() {
            let before = self.out.len();
            self.entry();
            if self.out.len() == before {
                // Behind a dash a comment would swallow the first key: none is asked for there.
                return;
            }
            self.hash(line);
        }
    }

    /// An empty line before the next key, if anything stands before it on this level.
    pub fn blank(&mut self) {
        if self.levels.last().is_some_and(|level| level.filled) {
            self.out.push('\n');
        }
    }

    fn hash(&mut self, line: &str) {
        self.out.push('#');
        if !line.is_empty() {
            self.out.push(' ');
            self.out.push_str(line);
        }
    }

    fn begin(&mut self) {
        let column = match self.at {
            At::Start => 0,
            At::Key | At::Dash => self.column() + 2,
        };
        self.levels.push(Level {
            column,
            filled: false,
        });
    }

    fn end(&mut self, empty: &str) {
        if self.levels.pop().is_some_and(|level| !level.filled) {
            self.space();
            self.out.push_str(empty);
        }
    }

    /// Goes to the next line of this level; the first entry behind a dash stays on its line.
    fn entry(&mut self) {
        let (at, column) = (self.at, self.column());
        if let Some(level) = self.levels.last_mut() {
            let first = !level.filled;
            level.filled = true;
            if first && at != At::Key {
                return;
            }
        }
        self.out.push('\n');
        indent(&mut self.out, column);
    }

    fn space(&mut self) {
        if self.at == At::Key {
            self.out.push(' ');
        }
    }

    fn column(&self) -> usize {
        self.levels.last().map_or(0, |level| level.column)
    }

    fn any_text(&mut self, text: &str) {
        match literal_header(text) {
            Some(header) => self.literal(header, text),
            None => scalar(&mut self.out, text),
        }
    }

    fn literal(&mut self, header: &str, text: &str) {
        self.out.push_str(header);
        let column = self.column() + 2;
        for line in text.lines() {
            self.out.push('\n');
            if !line.is_empty() {
                indent(&mut self.out, column);
                self.out.push_str(line);
            }
        }
    }
}

impl Apart for Yaml {
    fn apart(&self, room: String) -> Self {
        let level = |it: &Level| Level {
            column: it.column,
            filled: true,
        };
        Self {
            pieces: Vec::new(),
            out: room,
            levels: self.levels.iter().map(level).collect(),
            at: self.at,
        }
    }

    fn written(self) -> String {
        self.out
    }

    fn append(&mut self, piece: String) {
        self.pieces.push(std::mem::take(&mut self.out));
        self.pieces.push(piece);
    }
}

/// `|` or `|-` for texts of several plain lines.
fn literal_header(text: &str) -> Option<&'static str> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let fits = body.contains('\n')
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && body
            .chars()
            .all(|char| char == '\n' || char == '\t' || is_printable(char));
    let header = if body.len() == text.len() { "|-" } else { "|" };
    fits.then_some(header)
}

/// Adds `text` as one scalar, bare if that is safe.
fn scalar(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else if text.contains(['"', '\\']) && text.chars().all(is_printable) {
        quote_single(out, text);
    } else if text.chars().all(is_printable) || text.is_ascii() {
        // What JSON escapes, YAML reads alike.
        quote_ascii_control(out, text);
    } else {
        quote_exotic(out, text);
    }
}

/// Quotes and backslashes stand in single quotes as they are.
fn quote_single(out: &mut String, text: &str) {
    out.push('\'');
    for (at, part) in text.split('\'').enumerate() {
        if at > 0 {
            out.push_str("''");
        }
        out.push_str(part);
    }
    out.push('\'');
}

/// JSON's string; delete (0x7f) is the one ASCII character that YAML refuses and JSON does not.
fn quote_ascii_control(out: &mut String, text: &str) {
    if text.contains('\u{7f}') {
        quote_exotic(out, text);
    } else {
        quote(out, text);
    }
}

/// A quoted text in which every character that YAML does not print is escaped.
fn quote_exotic(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        if is_printable(char) && char != '"' && char != '\\' {
            out.push(char);
        } else if u32::from(char) < 0x80 && char != '\u{7f}' {
            let mut buffer = [0; 4];
            crate::json::escape(out, char.encode_utf8(&mut buffer));
        } else {
            let _ = write!(out, "\\U{:08x}", u32::from(char));
        }
    }
    out.push('"');
}

/// YAML's printable characters, without the line ends that only YAML 1.1 knows.
fn is_printable(char: char) -> bool {
    matches!(char, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        && char != '\u{feff}'
}

fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let begins = match first {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'/' | b'$' => true,
        b'0'..=b'9' => bytes.contains(&b'/'),
        _ => false,
    };
    begins
        && !matches!(last, b' ' | b':')
        && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !text.contains(": ")
        && !text.contains(" #")
        && !is_word_of_yaml(text)
}

/// Words that some YAML reads as something else than text.
fn is_word_of_yaml(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> String {
        let mut out = String::new();
        scalar(&mut out, text);
        out
    }

    #[test]
    fn quotes_what_yaml_would_misread() {
        for bare in [
            "web",
            "aws:lb:TargetGroup",
            "10.0.0.0/16",
            "${vpc.id}",
            "arn:aws:s3:::x/*",
            "Fn::Sub",
            "a b",
        ] {
            assert_eq!(one(bare), bare);
        }
        for quoted in [
            "",
            "256",
            "0755",
            "1e3",
            "-1",
            "2012-10-17",
            "1_000",
            "1:30",
            "true",
            "No",
            "ON",
            "y",
            "null",
            "~",
            "*",
            "&a",
            "!x",
            "a: b",
            "a #b",
            "a:",
            "- a",
            "[a]",
            "{a}",
            ".5",
            "@a",
            "%a",
            "a ",
            " a",
            "|",
            ">",
            "<<",
            "=",
        ] {
            assert_eq!(one(quoted), format!("\"{quoted}\""));
        }
        assert_eq!(one("a\"b"), "a\"b");
        assert_eq!(one("\"b\\"), r#"'"b\'"#);
        assert_eq!(one("\"it's\""), r#"'"it''s"'"#);
        assert_eq!(one("ü"), "\"ü\"");
        assert_eq!(one("\u{2028}\u{7f}\t\""), r#""\U00002028\U0000007f\t\"""#);
    }

    #[test]
    fn nests() {
        let mut yaml = Yaml::default();
        yaml.begin_object();
        yaml.key("a");
        yaml.begin_list();
        yaml.item();
        yaml.begin_object();
        yaml.key("b");
        yaml.text("c");
        yaml.key("d");
        yaml.begin_object();
        yaml.end_object();
        yaml.end_object();
        yaml.item();
        yaml.begin_list();
        yaml.item();
        yaml.raw(format_args!("1"));
        yaml.item();
        yaml.begin_list();
        yaml.end_list();
        yaml.end_list();
        yaml.end_list();
        yaml.blank();
        yaml.comment("why\nso");
        yaml.key("e");
        yaml.text("one\n\n  two\n");
        yaml.key("f");
        yaml.begin_object();
        yaml.comment("g");
        yaml.key("h");
        yaml.tagged("!Sub", "x\ny");
        yaml.end_object();
        yaml.end_object();
        let expected = "\
a:
  - b: c
    d: {}
  - - 1
    - []

# why
# so
e: |
  one

    two
f:
  # g
  h: !Sub |-
    x
    y
";
        assert_eq!(yaml.finish().to_string(), expected);
    }
}
