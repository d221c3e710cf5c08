//! Facts about inputs as the targets' validations take them.

use topoc_ir::Doc;
use topoc_ir::Value;

/// A known value as text: `512`, `a`, `true`; `None` for what no input can be.
pub fn text_of(value: &Value) -> Option<String> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "inputs are texts, numbers and booleans"
    )]
    match value {
        Value::Bool(it) => Some(it.to_string()),
        Value::Int(it) | Value::Duration(it) | Value::Size(it) => Some(it.to_string()),
        Value::Float(it) | Value::Percent(it) => Some(it.normalize().to_string()),
        Value::Text(it) | Value::Word(_, it) => Some(it.to_string()),
        _ => None,
    }
}

/// A default as one text; the items of lists are joined by commas.
pub fn text_of_default(doc: &Doc) -> String {
    match doc {
        Doc::Bool(it) => it.to_string(),
        Doc::Int(it) => it.to_string(),
        Doc::Float(it) => it.normalize().to_string(),
        Doc::Text(it) => it.to_string(),
        Doc::List(items) => {
            let items: Vec<String> = items.iter().map(text_of_default).collect();
            items.join(",")
        }
        Doc::Template(_)
        | Doc::Late(_)
        | Doc::Typed(..)
        | Doc::Package(_)
        | Doc::Slice(..)
        | Doc::Block(_)
        | Doc::Object(_)
        | Doc::Encoded(_) => String::new(),
    }
}

/// A pattern that holds for the whole text.
pub fn anchored(pattern: &str) -> String {
    if pattern.starts_with('^') && pattern.ends_with('$') && !pattern.contains('|') {
        pattern.to_owned()
    } else if pattern.contains('|') {
        format!("^(?:{pattern})$")
    } else {
        let start = if pattern.starts_with('^') { "" } else { "^" };
        let end = if pattern.ends_with('$') && !pattern.ends_with("\\$") {
            ""
        } else {
            "$"
        };
        format!("{start}{pattern}{end}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_hold_for_the_whole_text() {
        assert_eq!(anchored("[a-z]+"), "^[a-z]+$");
        assert_eq!(anchored("a|b"), "^(?:a|b)$");
        assert_eq!(anchored("^a$"), "^a$");
        assert_eq!(anchored("a\\$"), "^a\\$$");
    }
}
