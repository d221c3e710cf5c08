//! Packages: a file or folder of the program as one zip, and what is printed of it.
//!
//! INVARIANT (same content, same bytes): entries are sorted by their path, have no dates and no owner, and are written as on Unix
//! wherever topoc runs. A file that is a zip or jar already is taken as it is.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use topoc_backends::{OutputFile, Text};
use topoc_ir::{Asset, Target};
use topoc_syntax::{Entry, Sources};
use ustr::Ustr;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// How deep folders may lie in each other: links that lead back to themselves end here.
const DEPTH: usize = 64;

/// A file in a package.
struct Packed {
    bytes: Arc<[u8]>,
    runs: bool,
}

/// Packs what stands at a path.
pub fn pack(sources: &dyn Sources, path: &str) -> Result<Asset, String> {
    let path = path.trim_end_matches('/');
    let entry = sources.open(path)?;
    let bytes = match entry {
        Entry::File { bytes, .. } if is_packed(path) => bytes,
        Entry::File { bytes, runs } => {
            let name = path.rsplit_once('/').map_or(path, |it| it.1);
            zipped(BTreeMap::from([(name.to_owned(), Packed { bytes, runs })]))?
        }
        Entry::Folder(names) => {
            let mut found = BTreeMap::new();
            collect(sources, path, "", names, &mut found)?;
            zipped(found)?
        }
    };
    let hash = Sha256::digest(&bytes);
    let hex: String = hash.iter().map(|it| format!("{it:02x}")).collect();
    Ok(Asset {
        source: Ustr::from(path),
        key: Ustr::from(&format!("{hex}.zip")),
        sha256: Ustr::from(&STANDARD.encode(hash)),
        bytes,
    })
}

fn is_packed(path: &str) -> bool {
    path.ends_with(".zip") || path.ends_with(".jar")
}

/// The files of a folder and of those in it, by their path within the package.
fn collect(
    sources: &dyn Sources,
    folder: &str,
    inside: &str,
    names: Vec<String>,
    found: &mut BTreeMap<String, Packed>,
) -> Result<(), String> {
    if inside.matches('/').count() > DEPTH {
        return Err(format!("its folders lie more than {DEPTH} deep"));
    }
    for name in names {
        let path = format!("{folder}/{name}");
        let inside = format!("{inside}{name}");
        let entry = sources.open(&path);
        match entry.map_err(|why| format!("`{inside}` in it: {why}"))? {
            Entry::File { bytes, runs } => {
                found.insert(inside, Packed { bytes, runs });
            }
            Entry::Folder(names) => collect(sources, &path, &format!("{inside}/"), names, found)?,
        }
    }
    Ok(())
}

fn zipped(files: BTreeMap<String, Packed>) -> Result<Arc<[u8]>, String> {
    if files.is_empty() {
        return Err("the folder is empty".to_owned());
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, file) in files {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::DEFAULT)
            .system(System::Unix)
            .unix_permissions(if file.runs { 0o755 } else { 0o644 });
        let written = writer.start_file(name, options);
        written.map_err(|it| it.to_string())?;
        let written = writer.write_all(&file.bytes);
        written.map_err(|it| it.to_string())?;
    }
    let written = writer.finish().map_err(|it| it.to_string())?;
    Ok(written.into_inner().into())
}

/// The packages as files, and where they are fetched from a bucket, the list of what has to be in it.
pub fn files(assets: &[Arc<Asset>], target: Target) -> Vec<OutputFile> {
    let package = |it: &Arc<Asset>| OutputFile {
        path: it.path().to_string(),
        text: Text::package(it.bytes.clone()),
    };
    let list = (target == Target::Cfn && !assets.is_empty()).then(|| list(assets));
    assets.iter().map(package).chain(list).collect()
}

/// `assets.json`: by the key under which the template asks for a package, the package and what was packed.
fn list(assets: &[Arc<Asset>]) -> OutputFile {
    let entry = |it: &Arc<Asset>| {
        let facts = serde_json::json!({ "file": it.path().as_str(), "source": it.source.as_str() });
        (it.key.to_string(), facts)
    };
    let entries: serde_json::Map<_, _> = assets.iter().map(entry).collect();
    let text = serde_json::to_string_pretty(&entries).unwrap_or_default();
    OutputFile {
        path: "assets.json".to_owned(),
        text: format!("{text}\n").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder in memory.
    struct Memory(BTreeMap<&'static str, Entry>);

    impl Sources for Memory {
        fn read(&self, _: &str) -> Result<Arc<str>, String> {
            Err("nothing is read as text here".to_owned())
        }

        fn open(&self, path: &str) -> Result<Entry, String> {
            let entry = self.0.get(path).cloned();
            entry.ok_or_else(|| "there is no such file".to_owned())
        }
    }

    fn folder(names: &[&str]) -> Entry {
        Entry::Folder(names.iter().map(|it| (*it).to_owned()).collect())
    }

    fn file(text: &str, runs: bool) -> Entry {
        Entry::File {
            bytes: text.as_bytes().into(),
            runs,
        }
    }

    fn code(order: &[&str]) -> Memory {
        Memory(BTreeMap::from([
            ("code", folder(order)),
            ("code/bootstrap", file("#!/bin/sh\n", true)),
            ("code/lib", folder(&["a.txt"])),
            ("code/lib/a.txt", file("a\n", false)),
            ("empty", folder(&[])),
            ("ready.zip", file("PK", false)),
        ]))
    }

    #[test]
    fn the_same_content_gives_the_same_package() {
        let one = pack(&code(&["bootstrap", "lib"]), "code");
        let two = pack(&code(&["lib", "bootstrap"]), "code/");
        assert_eq!(one, two);
        let one = one.unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(&one.bytes[..])).unwrap();
        let listed: Vec<_> = (0..zip.len())
            .map(|at| {
                let file = zip.by_index(at).unwrap();
                let mode = file.unix_mode().unwrap() & 0o777;
                (
                    file.name().unwrap().into_owned(),
                    mode,
                    file.last_modified().unwrap().to_string(),
                )
            })
            .collect();
        let date = || "1980-01-01 00:00:00".to_owned();
        let expected = [
            ("bootstrap".to_owned(), 0o755, date()),
            ("lib/a.txt".to_owned(), 0o644, date()),
        ];
        assert_eq!(listed, expected);
        assert_eq!(
            one.key, "f7eef489bbc94c094905d81e705f774ff87abad55474a165a7a09c3b1a0c85e0.zip",
            "the bytes do not depend on where topoc runs"
        );
    }

    #[test]
    fn what_is_packed_already_stays_as_it_is() {
        let asset = pack(&code(&[]), "ready.zip").unwrap();
        assert_eq!(&asset.bytes[..], b"PK");
    }

    #[test]
    fn what_cannot_be_packed_says_why() {
        let sources = code(&["lib", "gone"]);
        let why = |path| pack(&sources, path).unwrap_err();
        assert_eq!(why("nothing"), "there is no such file");
        assert_eq!(why("empty"), "the folder is empty");
        assert_eq!(why("code"), "`gone` in it: there is no such file");
    }
}
