//! The nearest of the known names, for "did you mean".

/// The known name that `name` most likely means; `None` if none is close.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let far = distance(name, candidate);
        let limit = (length.max(candidate.chars().count()) / 3).max(1);
        let closer = best.is_none_or(|least| (far, candidate) < least);
        if far <= limit && candidate != name && closer {
            best = Some((far, candidate));
        }
    }
    best.map(|(_, it)| it)
}

/// Edits between two words; the same word in another spelling counts as one.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 8 {
        return usize::MAX;
    }
    if a.replace('_', "").eq_ignore_ascii_case(&b.replace('_', "")) {
        return 1;
    }
    strsim::damerau_levenshtein(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_are_found_and_far_ones_are_not() {
        let known = ["db", "web", "multi_az", "NatMode"];
        assert_eq!(nearest("dbb", known), Some("db"));
        assert_eq!(nearest("multiaz", known), Some("multi_az"));
        assert_eq!(nearest("multiAZ", known), Some("multi_az"));
        assert_eq!(nearest("copys", ["copies"]), Some("copies"));
        assert_eq!(nearest("queue", known), None);
    }
}
