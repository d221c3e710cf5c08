//! The nearest of the known names.

use topoc_syntax::Library;
use ustr::Ustr;

/// The known name that `name` most likely means; `None` if none is close.
pub fn nearest(name: &str, known: impl IntoIterator<Item = Ustr>) -> Option<Ustr> {
    let known = known.into_iter().map(|it| it.as_str());
    topoc_diagnostics::nearest(name, known).map(Ustr::from)
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
