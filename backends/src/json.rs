//! JSON text, written straight into one string: two spaces a level; what is short and deep stands on one line.

use std::fmt::{Arguments, Write};

/// The longest list or object on one line.
const WIDE: usize = 72;

/// Objects of fewer levels than this keep a line for each key: resources and their sections.
const DEEP: usize = 4;

/// A JSON document being written.
#[derive(Default)]
pub struct Json {
    out: String,
    levels: Vec<Level>,
}

struct Level {
    /// Where its bracket stands.
    start: usize,
    /// Whether anything stands in it yet.
    filled: bool,
}

impl Json {
    /// The text, which ends with a newline.
    pub fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
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

    /// JSON as it is: numbers, `true`, short objects.
    pub fn raw(&mut self, json: Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(json);
    }

    fn begin(&mut self, bracket: char) {
        self.levels.push(Level {
            start: self.out.len(),
            filled: false,
        });
        self.out.push(bracket);
    }

    fn end(&mut self, bracket: char) {
        let depth = self.levels.len();
        let Some(level) = self.levels.pop() else {
            return;
        };
        let blanks = 2 * depth + 1;
        if level.filled {
            self.line();
        }
        self.out.push(bracket);
        let width = self.out.len() - level.start;
        if level.filled && (depth > DEEP || bracket == ']') && width < WIDE + 8 * blanks {
            self.join(level.start, bracket == '}');
        }
    }

    /// Puts the lines from `start` on into one, if that is short. Every line end in them is between tokens, as texts
    /// have none.
    fn join(&mut self, start: usize, spaced: bool) {
        let lines = self.out.get(start..).unwrap_or_default();
        let mut joined = String::with_capacity(WIDE * 2);
        let count = lines.lines().count();
        for (at, line) in lines.lines().enumerate() {
            let between = at > 1 && at + 1 < count;
            if between || (at > 0 && spaced) {
                joined.push(' ');
            }
            joined.push_str(line.trim_start_matches(' '));
            if joined.len() > WIDE {
                return;
            }
        }
        self.out.truncate(start);
        self.out.push_str(&joined);
    }

    fn line(&mut self) {
        self.out.push('\n');
        indent(&mut self.out, self.levels.len() * 2);
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
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\')
    {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut chars = from.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(control) => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
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
        assert_eq!(json.finish(), "{\n  \"a\": [1, {}],\n  \"b\": []\n}\n");
    }
}
