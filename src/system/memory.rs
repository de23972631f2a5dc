//! How much memory a tree of processes holds at this moment. Knows nothing where the system has no
//! `/proc`.

use std::fs;

use crate::system::family;

/// What a process and all that it started hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resident {
    /// Sum of the resident sets; a page that several processes share counts for each.
    pub bytes: u64,
    pub processes: u32,
}

/// What the living descendants of this process hold, however deep.
pub fn of_descendants() -> Resident {
    let mut sum = Resident::default();
    for process in descendants() {
        if let Some(bytes) = resident(process) {
            sum.bytes = sum.bytes.saturating_add(bytes);
            sum.processes += 1;
        }
    }
    sum
}

/// By the kernel's lists of children where it keeps them, which costs least.
fn descendants() -> Vec<u32> {
    let own = std::process::id();
    if fs::read(format!("/proc/{own}/task/{own}/children")).is_err() {
        return family::descendants().into_iter().map(|member| member.pid).collect();
    }
    let mut found = Vec::new();
    let mut open = vec![own];
    while let Some(process) = open.pop() {
        let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
        for thread in threads {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            let children =
                children.split_whitespace().filter_map(|child| child.parse::<u32>().ok());
            for child in children {
                open.push(child);
                found.push(child);
            }
        }
    }
    found
}

/// `None` for a process that has ended.
fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes.saturating_mul(1024))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::process;

    #[test]
    fn counts_what_was_started_and_lives() {
        let mut child = process::command("sleep").arg("60").spawn().unwrap();
        let pid = child.id();
        assert!(descendants().contains(&pid));
        let mut held = of_descendants();
        // A process that has only just begun holds next to nothing.
        for _ in 0..500 {
            if held.bytes > 100_000 {
                break;
            }
            crate::system::clock::sleep(std::time::Duration::from_millis(2));
            held = of_descendants();
        }
        assert!(held.processes >= 1 && held.bytes > 100_000, "{held:?}");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!descendants().contains(&pid));
        assert_eq!(resident(pid), None);
    }
}
