//! Which processes belong together: those that descend from this one, those that hold a file open,
//! those that carry a mark in their environment. Knows nothing where the system has no `/proc`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// A living process.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    pub pid: u32,
    /// The name of its program, without its arguments.
    pub name: String,
}

/// Living descendants of this process, however deep and in whatever group or session.
pub fn descendants() -> Vec<Member> {
    let mut children: BTreeMap<u32, Vec<(Member, bool)>> = BTreeMap::new();
    for pid in pids() {
        if let Some((parent, member, is_alive)) = parsed_stat(pid) {
            children.entry(parent).or_default().push((member, is_alive));
        }
    }
    let mut found = Vec::new();
    let mut open = vec![std::process::id()];
    while let Some(parent) = open.pop() {
        for (member, is_alive) in children.remove(&parent).unwrap_or_default() {
            open.push(member.pid);
            if is_alive {
                found.push(member);
            }
        }
    }
    found
}

/// Living processes other than this one that hold the file at `path` open, or whose environment
/// sets `variable` to `value`; those of other users are not seen.
pub fn members(path: &Path, variable: &str, value: &str) -> Vec<Member> {
    let wanted = fs::metadata(path).ok().map(|file| (file.dev(), file.ino()));
    let mark = format!("{variable}={value}");
    let own = std::process::id();
    let found: BTreeSet<Member> = pids()
        .filter(|pid| *pid != own)
        .filter(|pid| holds(*pid, wanted) || is_marked(*pid, &mark))
        .filter_map(|pid| parsed_stat(pid).filter(|stat| stat.2).map(|(_, member, _)| member))
        .collect();
    found.into_iter().collect()
}

fn pids() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn holds(pid: u32, wanted: Option<(u64, u64)>) -> bool {
    let Some(wanted) = wanted else { return false };
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    descriptors
        .filter_map(|entry| fs::metadata(entry.path()).ok())
        .any(|file| (file.dev(), file.ino()) == wanted)
}

fn is_marked(pid: u32, mark: &str) -> bool {
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|entry| entry == mark.as_bytes())
}

/// Parent, name and whether it lives, from a line such as `17 (a name) S 1 17 …`.
fn parsed_stat(pid: u32) -> Option<(u32, Member, bool)> {
    let line = fs::read(format!("/proc/{pid}/stat")).ok()?;
    stat_fields(pid, &String::from_utf8_lossy(&line))
}

fn stat_fields(pid: u32, line: &str) -> Option<(u32, Member, bool)> {
    let (open, close) = (line.find('(')?, line.rfind(')')?);
    let mut fields = line.get(close + 1..)?.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let name = line.get(open + 1..close)?.to_string();
    Some((parent, Member { pid, name }, !matches!(state, "Z" | "X")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::process;

    #[test]
    fn a_name_may_hold_brackets_and_spaces() {
        let (parent, member, is_alive) = stat_fields(7, "7 (a) b (c) S 3 7 7").unwrap();
        assert_eq!((parent, member.name.as_str(), is_alive), (3, "a) b (c", true));
        assert!(!stat_fields(7, "7 (x) Z 3 7 7").unwrap().2);
        assert_eq!(stat_fields(7, "7 x"), None);
    }

    #[test]
    fn finds_what_it_started_by_descent_and_by_mark() {
        let mut child = process::command("sleep")
            .arg("60")
            .env("FAMILY_TEST_MARK", "some value")
            .spawn()
            .unwrap();
        let pid = child.id();
        let is_child = |member: &Member| member.pid == pid;
        // Between fork and exec the child still has this process's environment.
        let nowhere = Path::new("/nonexistent");
        let marked = || members(nowhere, "FAMILY_TEST_MARK", "some value");
        for _ in 0..500 {
            if marked().iter().any(is_child) {
                break;
            }
            crate::system::clock::sleep(std::time::Duration::from_millis(2));
        }
        assert!(marked().iter().any(is_child));
        assert!(descendants().iter().any(|member| is_child(member) && member.name == "sleep"));
        assert!(members(nowhere, "FAMILY_TEST_MARK", "some").is_empty());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!descendants().iter().any(is_child));
    }

    #[test]
    fn finds_who_holds_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("held");
        let file = crate::system::file::create(&path).unwrap();
        let mut child = process::spawn_with(process::command("sleep").arg("60"), &[&file]).unwrap();
        assert!(members(&path, "NO_SUCH_MARK", "").iter().any(|m| m.pid == child.id()));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(members(&path, "NO_SUCH_MARK", "").is_empty());
    }
}
