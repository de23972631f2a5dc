//! Which file a run is fed. Runs of one size share the file that is made for them.

use std::path::Path;

use sha2::Digest as _;
use sha2::Sha256;

use crate::error::Result;
use crate::executor::job;
use crate::plan::Extent;
use crate::plan::Input;
use crate::plan::Run;
use crate::plan::Task;
use crate::plan::Workload;
use crate::runner::fill::Filler;

/// Bytes of the digest in a file's name: two inputs of one size differ in their makers' words.
const DIGEST_BYTES: usize = 6;

/// The input of the run that `filler` is for; `None` where its workload has none. Files of the user
/// are relative to `root`, those that are made lie in `folder`; both are absolute.
///
/// # Errors
/// A bug, as the filler's.
pub fn of(
    workload: &Workload,
    root: &Path,
    folder: &Path,
    filler: &Filler<'_>,
) -> Result<Option<job::Input>> {
    let Some(input) = &workload.input else { return Ok(None) };
    let (path, maker) = match input {
        Input::File(path) => (root.join(filler.fill(path)?), None),
        Input::Made(words) => {
            let words = filler.words(words)?;
            (folder.join(file_name(filler.run, &words)), Some(words))
        }
    };
    let command = match &workload.task {
        Task::Command(launch) => launch.texts(),
        Task::Sample(_) => &[],
    };
    let mut texts = command.iter().chain(workload.env.values());
    let is_named = texts.any(|text| text.contains("{input}"));
    Ok(Some(job::Input { path, maker, on_stdin: !is_named }))
}

/// `1000-5f3a….input`, or the two days of a window.
fn file_name(run: &Run, words: &[String]) -> String {
    let mut digest = Sha256::new();
    for word in words {
        digest.update((word.len() as u64).to_le_bytes());
        digest.update(word.as_bytes());
    }
    let digest = digest.finalize();
    let digest: String =
        digest.iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}")).collect();
    let size = match run.extent {
        Extent::Window { start, end } => format!("{start}_{end}"),
        Extent::Size(size) => size.to_string(),
    };
    format!("{size}-{digest}.input")
}
