//! What the check reports: one small function a report.

mod edges;
mod names;
mod stages;
mod types;

pub use edges::*;
pub use names::*;
pub use stages::*;
pub use types::*;

use ustr::Ustr;

/// "did you mean `x`?"
fn did_you_mean(near: Option<Ustr>) -> Option<String> {
    near.map(|it| format!("did you mean `{it}`?"))
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`"
fn listed(names: &[Ustr]) -> String {
    let quoted: Vec<String> = names.iter().map(|it| format!("`{it}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// "a database", "an alarm"
pub fn with_article(noun: &str) -> String {
    let word = noun.trim_start_matches('`');
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U'])
        || word.starts_with("http");
    format!("{} {noun}", if vowel { "an" } else { "a" })
}
