//! Where everything lies, seen from the plan. Every path below comes from a checked run id.

use std::path::Path;
use std::path::PathBuf;

use crate::plan::RunId;

/// The files and folders around one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    plan: PathBuf,
}

impl Layout {
    pub fn new(plan: &Path) -> Self {
        Self { plan: plan.to_path_buf() }
    }

    pub fn plan(&self) -> &Path {
        &self.plan
    }

    /// The folder of the plan; paths in the plan are relative to it.
    pub fn root(&self) -> &Path {
        match self.plan.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// Locked while the plan or its journal is changed; never replaced or deleted.
    pub fn plan_lock(&self) -> PathBuf {
        self.beside_plan("lock")
    }

    pub fn journal(&self) -> PathBuf {
        self.beside_plan("journal")
    }

    /// The last good state of a plan that can no longer be read.
    pub fn good_plan(&self) -> PathBuf {
        self.beside_plan("good")
    }

    pub fn profiling(&self) -> PathBuf {
        self.root().join("profiling")
    }

    pub fn run_folder(&self, run: &RunId) -> PathBuf {
        self.profiling().join("runs").join(run.as_str())
    }

    /// Held by the worker of a run and by everything that it started.
    pub fn run_lock(&self, run: &RunId) -> PathBuf {
        self.run_folder(run).join("lock")
    }

    /// Held by the runner that attends to an attempt.
    pub fn runner_lock(&self, run: &RunId, attempt: u32) -> PathBuf {
        self.attempt_folder(run, attempt).join("runner.lock")
    }

    pub fn attempt_folder(&self, run: &RunId, attempt: u32) -> PathBuf {
        self.run_folder(run).join("attempts").join(attempt.to_string())
    }

    /// What an attempt's program wrote into the file that its run keeps at place `index`.
    pub fn kept_file(&self, run: &RunId, attempt: u32, index: usize) -> PathBuf {
        self.attempt_folder(run, attempt).join(format!("kept-{index}"))
    }

    /// The folder of caches for one workload.
    pub fn cache_folder(&self, workload: &str) -> PathBuf {
        self.profiling().join("cache").join(safe_name(workload))
    }

    /// The folder of the inputs that were made for one workload.
    pub fn input_folder(&self, workload: &str) -> PathBuf {
        self.profiling().join("inputs").join(safe_name(workload))
    }

    /// `path` as the plan records it: relative to the root, with `/` between its parts.
    pub fn recorded(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.root()).unwrap_or(path);
        below.to_string_lossy().replace('\\', "/")
    }

    fn beside_plan(&self, ending: &str) -> PathBuf {
        let mut name = self.plan.file_name().unwrap_or_default().to_os_string();
        name.push(".");
        name.push(ending);
        self.plan.with_file_name(name)
    }
}

/// `name` as the name of a folder, whatever it holds.
fn safe_name(name: &str) -> String {
    let safe = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() => letter,
        '-' | '_' => letter,
        _ => '_',
    };
    name.chars().take(64).map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_lies_beside_the_plan() {
        let layout = Layout::new(Path::new("work/plan.json"));
        let run = RunId::new("wk-a").unwrap();
        let attempt = layout.attempt_folder(&run, 2);
        assert_eq!(attempt, Path::new("work/profiling/runs/wk-a/attempts/2"));
        assert_eq!(layout.recorded(&attempt), "profiling/runs/wk-a/attempts/2");
        assert_eq!(layout.plan_lock(), Path::new("work/plan.json.lock"));
        assert_eq!(Layout::new(Path::new("plan.json")).root(), Path::new("."));
    }

    #[test]
    fn a_workload_of_any_name_has_a_folder_below_the_caches() {
        let layout = Layout::new(Path::new("p.json"));
        let folder = layout.cache_folder("../../x y");
        assert_eq!(folder, Path::new("./profiling/cache/______x_y"));
    }
}
