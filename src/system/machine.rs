//! What machine this is, and how busy: as far as the system tells, nothing where it does not.

use std::fs;
use std::path::Path;
use std::thread;

/// The name of this host.
pub fn host() -> String {
    first_line("/proc/sys/kernel/hostname").unwrap_or_else(|| "unknown".into())
}

/// Changes with every start of the host; empty where the system has none.
pub fn boot_id() -> String {
    first_line("/proc/sys/kernel/random/boot_id").unwrap_or_default()
}

pub fn kernel() -> String {
    first_line("/proc/sys/kernel/osrelease").unwrap_or_default()
}

/// The processor's own name for itself.
pub fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_string())
    };
    field("model name").or_else(|| field("Hardware")).unwrap_or_else(|| "unknown".into())
}

/// Processors that this process may use.
pub fn cores() -> u32 {
    thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1))
}

/// The one-minute load average.
pub fn load() -> Option<f64> {
    first_line("/proc/loadavg")?.split_whitespace().next()?.parse().ok()
}

/// Threads that run or want to run at this moment, this one included.
pub fn running() -> Option<u32> {
    first_line("/proc/loadavg")?.split_whitespace().nth(3)?.split('/').next()?.parse().ok()
}

/// The frequency governor of the first processor.
pub fn governor() -> Option<String> {
    first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
}

/// Bytes free for this user on the file system of `path`.
pub fn free_bytes(path: &Path) -> Option<u64> {
    fs2::available_space(path).ok()
}

fn first_line(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.lines().next()?.trim().to_string()).filter(|line| !line.is_empty())
}
