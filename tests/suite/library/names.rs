//! What the library's files declare besides resource types, and the casing of names.

use std::collections::BTreeMap;

use topoc_syntax::ast::{EnumDecl, Expr, ExprKind, File, Let, StmtKind, TypeDecl};

/// Declarations by name space and name.
#[derive(Default)]
pub struct Names {
    /// Functions and constants.
    pub lets: BTreeMap<(String, String), Let>,
    /// Record types.
    pub types: BTreeMap<(String, String), TypeDecl>,
    /// Enumerations.
    pub enums: BTreeMap<(String, String), EnumDecl>,
}

impl Names {
    /// Takes the declarations of one file.
    pub fn add(&mut self, service: &str, file: &File) {
        for item in &file.items {
            #[expect(
                clippy::wildcard_enum_match_arm,
                reason = "only these are mentioned by conversions"
            )]
            match &item.kind {
                StmtKind::Let(it) => drop(
                    self.lets
                        .insert(key(service, it.name.name.as_str()), it.clone()),
                ),
                StmtKind::Type(it) => drop(
                    self.types
                        .insert(key(service, it.name.name.as_str()), it.clone()),
                ),
                StmtKind::Enum(it) => drop(
                    self.enums
                        .insert(key(service, it.name.name.as_str()), it.clone()),
                ),
                _ => {}
            }
        }
    }

    /// A function or constant, with the name space it is declared in.
    pub fn value(&self, service: &str, callee: &Expr) -> Option<(&str, &Let)> {
        let (space, name) = qualified(service, callee)?;
        find(&self.lets, &space, &name)
    }
}

/// Looks a declaration up: in its own name space first, then anywhere (kinds and enumerations are plain everywhere).
pub fn find<'a, T>(
    table: &'a BTreeMap<(String, String), T>,
    space: &str,
    name: &str,
) -> Option<(&'a str, &'a T)> {
    let own = table.get_key_value(&key(space, name));
    let hit = own.or_else(|| table.iter().find(|((_, other), _)| other == name))?;
    Some((hit.0.0.as_str(), hit.1))
}

/// `document` in `iam` is `(iam, document)`, `iam.document` anywhere too.
fn qualified(service: &str, callee: &Expr) -> Option<(String, String)> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "nothing else can be called")]
    match &callee.kind {
        ExprKind::Name(name) => Some((service.to_owned(), name.as_str().to_owned())),
        ExprKind::Field(space, name) => match &space.kind {
            ExprKind::Name(space) => {
                Some((space.as_str().to_owned(), name.name.as_str().to_owned()))
            }
            _ => None,
        },
        _ => None,
    }
}

fn key(service: &str, name: &str) -> (String, String) {
    (service.to_owned(), name.to_owned())
}

/// `visibility_timeout` → `VisibilityTimeout`
pub fn pascal(name: &str) -> String {
    name.split('_').map(capitalised).collect()
}

/// `visibility_timeout` → `visibilityTimeout`
pub fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &capitalised(word))
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// The key of a record in a target: snake_case follows the target's convention, anything else is verbatim.
pub fn recased(key: &str, target: usize) -> String {
    let snake = key
        .chars()
        .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_');
    match target {
        0 if snake => pascal(key),
        2 if snake => camel(key),
        _ => key.to_owned(),
    }
}
