//! Doc comments as the targets show them.

/// One line of at most `most` bytes, for descriptions.
pub fn line(docs: &str, most: usize) -> String {
    let mut line = String::with_capacity(docs.len());
    for word in docs.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if line.len() > most {
        let mut end = most.saturating_sub(3);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        line.truncate(end);
        line.push('…');
    }
    line
}

/// What stands above the first resource of a declaration, or above one with docs of its own: `web: The site.`
pub fn heading(group: Option<&str>, docs: Option<&str>) -> Option<String> {
    match (group, docs) {
        (Some(group), Some(docs)) => Some(format!("{group}: {docs}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_and_cut_between_characters() {
        assert_eq!(line("One.\nTwo  three.\n", 100), "One. Two three.");
        assert_eq!(line("aüüüü", 8), "aüü…");
        assert!(line(&"ü".repeat(1000), 1024).len() <= 1024);
    }
}
