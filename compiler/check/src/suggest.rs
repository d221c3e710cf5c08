//! The nearest of the known names.

use topoc_syntax::Library;
use ustr::Ustr;

/// The known name that `name` most likely means; `None` if none is close.
pub fn nearest(name: &str, known: impl IntoIterator<Item = Ustr>) -> Option<Ustr> {
    let limit = name.chars().count().div_ceil(3);
    let mut best: Option<(usize, Ustr)> = None;
    for candidate in known {
        let far = distance(name, candidate.as_str());
        let closer =
            best.is_none_or(|(least, other)| (far, candidate.as_str()) < (least, other.as_str()));
        if far <= limit && candidate.as_str() != name && closer {
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

/// Kinds, traits and enumerations that the library declares, loaded or not.
pub fn library_words(library: &Library<'_>) -> impl Iterator<Item = Ustr> {
    library.plain.iter().map(|(word, _)| Ustr::from(word))
}

/// Protocols and other values that the library declares.
pub fn library_values(library: &Library<'_>) -> impl Iterator<Item = Ustr> {
    library.values.iter().map(|(word, _)| Ustr::from(word))
}

/// Types and functions of the library, as `iam.Statement`.
pub fn library_members(library: &Library<'_>) -> Vec<Ustr> {
    let services = library.services.iter();
    services
        .flat_map(|(service, names, _)| names.iter().map(|(word, _)| dotted(service, word)))
        .collect()
}

/// Resource and lookup types of the library, as `sqs.queue`.
pub fn library_resource_types(library: &Library<'_>) -> Vec<Ustr> {
    let services = library.services.iter();
    services
        .flat_map(|(service, _, types)| types.iter().map(|(word, _)| dotted(service, word)))
        .collect()
}

fn dotted(service: &str, word: &str) -> Ustr {
    Ustr::from(&format!("{service}.{word}"))
}

/// "`a`, `b`, `c`"; at most five, else `None`.
pub fn choices(known: &[Ustr]) -> Option<String> {
    (!known.is_empty() && known.len() <= 5).then(|| {
        known
            .iter()
            .map(|it| format!("`{it}`"))
            .collect::<Vec<_>>()
            .join(", ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_are_found_and_far_ones_are_not() {
        let known = ["db", "web", "multi_az", "NatMode"].map(Ustr::from);
        assert_eq!(nearest("dbb", known), Some("db".into()));
        assert_eq!(nearest("multiaz", known), Some("multi_az".into()));
        assert_eq!(nearest("multiAZ", known), Some("multi_az".into()));
        assert_eq!(nearest("queue", known), None);
    }
}
