//! Where the files that profiles name lie, seen from the folder that a command was called in: there
//! a code host looks for the lines that it annotates.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use crate::analysis::Phase1;
use crate::system::env;

/// Files that are looked for.
const MOST: usize = 2_000;

/// Of the files of culprits and functions those that exist below this folder, with their way from
/// here. A profiler names a file by its whole path, from its program's folder, or from the plan's.
pub fn of(found: &Phase1, plan_folder: Option<&Path>) -> BTreeMap<String, String> {
    let Ok(here) = env::this_folder() else { return BTreeMap::new() };
    let here = here.canonicalize().unwrap_or(here);
    let culprits = found.culprits.iter().map(|culprit| culprit.file.as_str());
    let functions = found.functions.iter().map(|function| function.file.as_str());
    let files: BTreeSet<&str> = culprits.chain(functions.take(MOST)).collect();
    let folders: Vec<PathBuf> = [Some(here.as_path()), plan_folder]
        .into_iter()
        .flatten()
        .map(|folder| here.join(folder))
        .collect();
    let sources = files.into_iter().filter(|file| !file.is_empty()).filter_map(|file| {
        let path = folders.iter().find_map(|folder| existing(&folder.join(file)))?;
        let below = path.strip_prefix(&here).ok()?;
        Some((file.to_string(), in_words(below)?))
    });
    sources.collect()
}

/// The file itself, without links on the way.
fn existing(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok().filter(|path| path.is_file())
}

/// With slashes, whatever the system has.
fn in_words(path: &Path) -> Option<String> {
    let part = |part: Component<'_>| match part {
        Component::Normal(name) => name.to_str().map(String::from),
        _ => None,
    };
    let parts: Option<Vec<String>> = path.components().map(part).collect();
    parts.map(|parts| parts.join("/")).filter(|path| !path.is_empty())
}
