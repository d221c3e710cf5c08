//! Files that are replaced at once.
//!
//! INVARIANT (whole files): a file is the old one or the new one at every moment. A link stays a link.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is written completely, but not in its place yet.
pub struct Whole {
    file: NamedTempFile,
    place: PathBuf,
}

impl Whole {
    /// Writes it beside its place.
    pub fn beside(path: &Path, bytes: &[u8]) -> io::Result<Whole> {
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut builder = tempfile::Builder::new();
        let mut file = shared(&mut builder)
            .prefix(".topoc-")
            .tempfile_in(crate::folder::parent(&place))?;
        file.write_all(bytes)?;
        if let Ok(former) = fs::metadata(&place) {
            file.as_file().set_permissions(former.permissions())?;
        }
        file.as_file().sync_all()?;
        Ok(Whole { file, place })
    }

    /// Puts it there.
    pub fn put(self) -> io::Result<()> {
        self.file.persist(self.place).map_err(|it| it.error)?;
        Ok(())
    }
}

/// Temporary files are private by default; this one becomes the user's.
#[cfg(unix)]
fn shared<'a, 'b>(builder: &'a mut tempfile::Builder<'b, 'b>) -> &'a mut tempfile::Builder<'b, 'b> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn shared<'a, 'b>(builder: &'a mut tempfile::Builder<'b, 'b>) -> &'a mut tempfile::Builder<'b, 'b> {
    builder
}
