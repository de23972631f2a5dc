//! `reports --watch`: the document is made anew whenever what it rests on has changed, until
//! somebody asks to stop.

use std::path::Path;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::error::Error;
use crate::error::Result;
use crate::system::file;
use crate::system::file::Stamp;
use crate::system::process::Signal;
use crate::system::signal;

/// Between two looks at the files.
const LOOK: Duration = Duration::from_millis(500);

/// What a report rests on: the plan with its journal, or profiles made elsewhere.
pub fn sources(shared: &Shared, profiles: &[String]) -> Vec<PathBuf> {
    if profiles.is_empty() {
        let layout = shared.store().layout().clone();
        return vec![layout.plan().to_path_buf(), layout.journal()];
    }
    let path = |pair: &String| PathBuf::from(pair.split_once('=').map_or("", |(_, path)| path));
    profiles.iter().map(path).collect()
}

/// Calls `write` now and after each change of `sources`; that there is nothing to show yet is said
/// once. The exit code says which request ended it.
///
/// # Errors
/// When requests to stop cannot be listened for.
pub fn keep(
    sources: &[PathBuf],
    output: &Path,
    write: &mut dyn FnMut() -> Result<u8>,
) -> Result<u8> {
    let (sender, asked) = mpsc::channel();
    signal::listen(move |signal| sender.send(signal).is_ok())
        .map_err(|error| Error::bug(format!("cannot listen for signals: {error}")))?;
    let mut seen: Option<Vec<Option<Stamp>>> = None;
    let mut said = String::new();
    loop {
        let now: Vec<Option<Stamp>> = sources.iter().map(|path| file::stamp(path)).collect();
        if seen.as_ref() != Some(&now) {
            seen = Some(now);
            let words = match write() {
                Ok(_) => format!("{} is up to date; Ctrl-C ends this", output.display()),
                Err(error) => format!("nothing to show yet: {error}"),
            };
            if words != said {
                terminal::say(&words);
                said = words;
            }
        }
        match asked.recv_timeout(LOOK) {
            Ok(Signal::Interrupt) => return Ok(130),
            Ok(_) => return Ok(143),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(0),
        }
    }
}
