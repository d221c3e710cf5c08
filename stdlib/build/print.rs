//! The library as Rust code, and the trees beside it.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write as _};
use std::path::PathBuf;

use topoc_syntax::{FrozenNames, Library, Words, freeze};

use crate::Declaration;
use crate::index::Index;

/// The code of the library, and the bytes of its trees.
pub fn library(
    paths: &[PathBuf],
    texts: &[(String, String)],
    declarations: &[Declaration<'_>],
) -> (String, Vec<u8>) {
    let library = Index::new(declarations).library();
    let (mut names, mut trees) = (FrozenNames::default(), Vec::new());
    let mut code = "Library {\n    files: &[\n".to_owned();
    for (path, (name, _)) in paths.iter().zip(texts) {
        let _ = writeln!(code, "        ({name:?}, include_str!({path:?})),");
    }
    code.push_str("    ],\n    declarations: &[\n");
    for it in declarations {
        trees.extend(freeze(&it.stmt, &mut names));
        let (file, end, needs) = (it.file, trees.len(), needs(it, &library));
        let _ = writeln!(
            code,
            "        Declaration {{ file: {file}, end: {end}, needs: &{needs:?} }},"
        );
    }
    code.push_str(
        "    ],\n    trees: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/library.trees\")),\n",
    );
    let names: Vec<&str> = names.names.iter().map(|it| it.as_str()).collect();
    field(&mut code, "names", &names);
    words(&mut code, "plain", library.plain);
    words(&mut code, "values", library.values);
    code.push_str("    services: &[\n");
    for (service, members, types) in library.services {
        let (members, types) = (list(members), list(types));
        let _ = writeln!(code, "        ({service:?}, {members}, {types}),");
    }
    code.push_str("    ],\n");
    field(&mut code, "edges", library.edges);
    field(&mut code, "means", library.means);
    field(&mut code, "regions", library.regions);
    code.push_str("}\n");
    (code, trees)
}

/// What a declaration leads to, apart from itself.
fn needs(declaration: &Declaration<'_>, library: &Library) -> Vec<u16> {
    let mut needs = BTreeSet::new();
    for mention in &declaration.mentions {
        library.find(*mention, declaration.service, |it| needs.extend([it]));
    }
    needs.into_iter().collect()
}

fn field(code: &mut String, name: &str, value: &[impl Debug]) {
    let _ = writeln!(code, "    {name}: &{value:?},");
}

fn words(code: &mut String, name: &str, words: Words) {
    let _ = writeln!(code, "    {name}: {},", list(words));
}

fn list(words: Words) -> String {
    let entries = words
        .iter()
        .map(|(word, numbers)| format!("({word:?}, &{numbers:?})"));
    format!("&[{}]", entries.collect::<Vec<_>>().join(", "))
}
