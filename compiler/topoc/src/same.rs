//! Whether a folder holds already what it shall hold: then nothing is written, and its files keep their times.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use topoc_driver::{OutputFile, Text};

use crate::folder::{MANIFEST, manifest};

/// How much of a file is looked at in one go.
const PIECE: usize = 64 * 1024;

/// Whether the folder has this list and these files, byte for byte. What cannot be read is not the same.
pub fn holds(place: &Path, files: &[OutputFile]) -> bool {
    let listed = fs::read(place.join(MANIFEST)).is_ok_and(|it| it == manifest(files).as_bytes());
    listed
        && files
            .iter()
            .all(|it| is_same(&place.join(&it.path), &it.text).unwrap_or(false))
}

fn is_same(path: &Path, text: &Text) -> io::Result<bool> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() != text.len() as u64 {
        return Ok(false);
    }
    let mut found = vec![0; PIECE.min(text.len())];
    for wanted in text.bytes().flat_map(|it| it.chunks(PIECE)) {
        let Some(found) = found.get_mut(..wanted.len()) else {
            return Ok(false);
        };
        file.read_exact(found)?;
        if found != wanted {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Vec<OutputFile> {
        vec![OutputFile {
            path: "web.json".into(),
            text: text.to_owned().into(),
        }]
    }

    #[test]
    fn every_byte_counts() {
        let long = "x".repeat(2 * PIECE);
        for text in ["", "{}", &long, &format!("{long}y")] {
            let home = tempfile::tempdir().unwrap();
            assert!(!holds(home.path(), &files(text)));
            fs::write(home.path().join("web.json"), text).unwrap();
            assert!(!holds(home.path(), &files(text)), "there is no list");
            fs::write(home.path().join(MANIFEST), manifest(&files(text))).unwrap();
            assert!(holds(home.path(), &files(text)));
            assert!(!holds(home.path(), &files(&format!("{text} "))));
            assert!(!holds(home.path(), &files(&text.replace(['x', '{'], "z"))) || text.is_empty());
            fs::write(home.path().join(MANIFEST), manifest(&[])).unwrap();
            assert!(!holds(home.path(), &files(text)), "another list");
        }
    }
}
