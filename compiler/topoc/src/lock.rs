//! `topo.lock` beside the root file: written at once or not at all.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;
use topoc_driver::Code;

use crate::folder::Refusal;
use crate::report::{Failed, fail};

/// Replaces the lock.
pub fn write(path: &Path, text: &str) -> Result<(), Failed> {
    replace(path, text).map_err(|error| {
        let message = format!("`{}` cannot be written: {error}", path.display());
        fail(
            Code::E0902,
            Refusal {
                message,
                help: None,
            },
        )
    })
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = match path.parent() {
        Some(it) if it != Path::new("") => it,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    let mut file: NamedTempFile = shared(&mut builder)
        .prefix(".topo.lock-")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|it| it.error)?;
    Ok(())
}

/// Temporary files are private by default; this one becomes the user's.
#[cfg(unix)]
fn shared<'a, 'b>(builder: &'a mut tempfile::Builder<'b, 'b>) -> &'a mut tempfile::Builder<'b, 'b> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn shared<'a, 'b>(builder: &'a mut tempfile::Builder<'b, 'b>) -> &'a mut tempfile::Builder<'b, 'b> {
    builder
}
