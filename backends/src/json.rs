//! JSON text, written straight into one string: two spaces a level, short intrinsics on one line.

use std::fmt::{Arguments, Write};

/// A JSON document being written.
#[derive(Default)]
pub struct Json {
    out: String,
    /// One a level: whether anything stands in it yet.
    filled: Vec<bool>,
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
        if let Some(filled) = self.filled.last_mut() {
            if *filled {
                self.out.push(',');
            }
            *filled = true;
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
        self.out.push(bracket);
        self.filled.push(false);
    }

    fn end(&mut self, bracket: char) {
        if self.filled.pop() == Some(true) {
            self.line();
        }
        self.out.push(bracket);
    }

    fn line(&mut self) {
        self.out.push('\n');
        indent(&mut self.out, self.filled.len() * 2);
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
        assert_eq!(
            json.finish(),
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n"
        );
    }
}
