//! The input of a run, made once: by the first run of its size, and anew when what makes it has
//! changed.

use std::path::Path;
use std::path::PathBuf;

use sha2::Digest as _;
use sha2::Sha256;

use crate::error::Result;
use crate::store::Layout;
use crate::system::file;
use crate::system::folder;
use crate::worker::revision::hex;
use crate::worker::stage::Failed;
use crate::worker::stage::Stage;

/// Scripts and data that a command names are compared up to this size.
const LARGEST_COMPARED_BYTES: u64 = 16 << 20;

/// Makes the input where the job has one that is to be made; what came instead when that failed.
///
/// # Errors
/// When nothing can be written there, or its maker not be started.
pub fn make(stage: &Stage<'_>, layout: &Layout) -> Result<Option<Failed>> {
    let Some(input) = &stage.job.input else { return Ok(None) };
    let Some(maker) = &input.maker else {
        return file::open(&input.path).map(|_| None);
    };
    let print = fingerprint(maker, &stage.job.cwd);
    let made = beside(&input.path, "made");
    if file::stamp(&input.path).is_some() && is_same(&made, &print) {
        return Ok(None);
    }
    let folder = input.path.parent().unwrap_or(Path::new("."));
    folder::create_below(layout.root(), folder)?;
    let part = beside(&input.path, &format!("{}.part", std::process::id()));
    let failed = stage.make_input(maker, file::create(&part)?)?;
    if failed.is_some() {
        file::remove(&part)?;
        return Ok(failed);
    }
    file::move_into_place(&part, &input.path)?;
    file::replace_output(&made, print.as_bytes(), "input")?;
    Ok(None)
}

/// Changes when the words of a command or the files that they name do.
fn fingerprint(maker: &[String], cwd: &Path) -> String {
    let mut digest = Sha256::new();
    for word in maker {
        digest.update((word.len() as u64).to_le_bytes());
        digest.update(word.as_bytes());
        let content = file::read(&cwd.join(word), LARGEST_COMPARED_BYTES).unwrap_or_default();
        digest.update((content.len() as u64).to_le_bytes());
        digest.update(content);
    }
    hex(&digest.finalize())
}

fn is_same(made: &Path, print: &str) -> bool {
    file::read(made, LARGEST_COMPARED_BYTES).is_ok_and(|known| known == print.as_bytes())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}
