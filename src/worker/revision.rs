//! The state of the source that was measured: commit, branch, and a hash of what differs from it.
//! The plan, its journal and what the tool writes itself do not make a tree dirty.

use std::path::Path;

use git2::DiffFormat;
use git2::DiffOptions;
use git2::Repository;
use sha2::Digest as _;
use sha2::Sha256;

use crate::plan::measurement::Revision;
use crate::store::Layout;

/// The revision of the repository around `folder`, or why there is none.
pub fn of(folder: &Path, layout: &Layout) -> Revision {
    let repository = match Repository::discover(folder) {
        Ok(repository) => repository,
        Err(_) => return Revision::None { none: "the folder is in no git repository".into() },
    };
    described(&repository, layout)
        .unwrap_or_else(|error| Revision::None { none: error.message().to_string() })
}

/// Whether two folders lie in different repositories.
pub fn differ(one: &Path, other: &Path) -> bool {
    let place = |folder: &Path| {
        Repository::discover(folder).ok().map(|repository| repository.path().to_path_buf())
    };
    place(one) != place(other)
}

fn described(repository: &Repository, layout: &Layout) -> Result<Revision, git2::Error> {
    let head = repository.head()?;
    let commit = head.peel_to_commit()?;
    let difference = difference(repository, &commit, layout)?;
    Ok(Revision::Commit {
        commit: commit.id().to_string(),
        branch: head.shorthand().ok().filter(|_| head.is_branch()).map(String::from),
        dirty: difference.is_some(),
        difference_sha256: difference,
    })
}

/// SHA-256 of the patch from `commit` to the working tree, untracked files included.
fn difference(
    repository: &Repository,
    commit: &git2::Commit<'_>,
    layout: &Layout,
) -> Result<Option<String>, git2::Error> {
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).show_untracked_content(true);
    let tree = commit.tree()?;
    let diff = repository.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options))?;
    let own = own_paths(repository, layout);
    let mut hash = Sha256::new();
    let mut differs = false;
    diff.print(DiffFormat::Patch, |delta, _, line| {
        let path = delta.new_file().path().or(delta.old_file().path());
        let is_own = path.is_some_and(|path| own.iter().any(|own| path.starts_with(own)));
        if !is_own {
            differs = true;
            hash.update([line.origin() as u8]);
            hash.update(line.content());
        }
        true
    })?;
    Ok(differs.then(|| hex(&hash.finalize())))
}

/// What the tool writes, relative to the repository's working tree.
fn own_paths(repository: &Repository, layout: &Layout) -> Vec<std::path::PathBuf> {
    let (Some(tree), Ok(root)) = (repository.workdir(), layout.root().canonicalize()) else {
        return Vec::new();
    };
    let tree = tree.canonicalize().unwrap_or_else(|_| tree.to_path_buf());
    let Ok(below) = root.strip_prefix(&tree) else { return Vec::new() };
    [layout.plan().to_path_buf(), layout.plan_lock(), layout.journal(), layout.good_plan()]
        .iter()
        .filter_map(|path| path.file_name())
        .map(|name| below.join(name))
        .chain([below.join("profiling"), below.join("reports")])
        .collect()
}

/// `bytes` as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::process;
    use std::fs;

    fn git(folder: &Path, arguments: &[&str]) {
        let identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"];
        let status = process::command("git")
            .args(identity)
            .args(arguments)
            .current_dir(folder)
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
    }

    fn dirty(revision: &Revision) -> bool {
        matches!(revision, Revision::Commit { dirty: true, difference_sha256: Some(_), .. })
    }

    #[test]
    fn own_outputs_do_not_make_a_tree_dirty_and_everything_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let layout = Layout::new(&root.join("plan.json"));
        assert!(matches!(of(root, &layout), Revision::None { .. }));
        git(root, &["init", "-q", "-b", "main"]);
        fs::write(root.join("plan.json"), "{}").unwrap();
        fs::write(root.join("code.py"), "1").unwrap();
        git(root, &["add", "."]);
        git(root, &["commit", "-q", "-m", "first"]);
        fs::write(root.join("plan.json"), "{ }").unwrap();
        fs::create_dir(root.join("profiling")).unwrap();
        fs::write(root.join("profiling/a.csv"), "x").unwrap();
        let clean = of(root, &layout);
        assert!(!dirty(&clean), "{clean:?}");
        assert!(matches!(&clean, Revision::Commit { branch: Some(b), .. } if b == "main"));
        fs::write(root.join("code.py"), "2").unwrap();
        let changed = of(root, &layout);
        assert!(dirty(&changed));
        fs::write(root.join("new.py"), "3").unwrap();
        assert!(dirty(&of(root, &layout)) && of(root, &layout) != changed);
    }
}
