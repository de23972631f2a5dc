//! Processes and their groups: starting, signalling, waiting, and what they used.
//! The only room that speaks to the kernel directly.

#![expect(unsafe_code, reason = "the standard library has no `wait4`, `kill` or `fcntl`")]

use std::fs;
use std::fs::File;
use std::io;
use std::mem;
use std::os::fd::AsRawFd as _;
use std::os::fd::RawFd;
use std::os::unix::process::CommandExt as _;
use std::process::Child;
use std::process::Command;
use std::time::Duration;

/// A command for `program`, found on the path when it has no folder.
#[expect(clippy::disallowed_methods, reason = "this is the door for processes")]
pub fn command(program: &str) -> Command {
    Command::new(program)
}

/// A signal that the tool sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Interrupt,
    Terminate,
    Kill,
}

/// How a process ended, and what it and the children it waited for had used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ended {
    pub exit: Exit,
    pub user: Duration,
    pub system: Duration,
    /// Processor time of the process alone, without its children; `None` where the system does not
    /// tell.
    pub own: Option<Duration>,
    /// Largest resident set, in bytes.
    pub peak_memory: u64,
    pub minor_faults: u64,
    pub major_faults: u64,
    /// Bytes fetched from and sent to storage.
    pub bytes_read: u64,
    pub bytes_written: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Code(i32),
    Signal(i32),
}

/// Waits for the child `pid`, which nobody else waits for, and reaps it.
///
/// # Errors
/// When it is no child of this process.
pub fn wait(pid: u32) -> io::Result<Ended> {
    wait_without_reaping(pid)?;
    let (storage, own) = (storage(pid), own_time(pid));
    let mut status = 0;
    // SAFETY: all zeros is a valid `rusage`, a plain struct of integers.
    let mut usage: libc::rusage = unsafe { mem::zeroed() };
    loop {
        // SAFETY: both pointers are to live variables of the types that `wait4` writes.
        let reaped = unsafe { libc::wait4(pid.cast_signed(), &raw mut status, 0, &raw mut usage) };
        match reaped {
            -1 => retry_when_interrupted()?,
            _ => break,
        }
    }
    let (bytes_read, bytes_written) = storage.unwrap_or((
        unsigned(usage.ru_inblock).saturating_mul(512),
        unsigned(usage.ru_oublock).saturating_mul(512),
    ));
    Ok(Ended {
        exit: exit(status),
        user: duration(usage.ru_utime),
        system: duration(usage.ru_stime),
        own,
        peak_memory: unsigned(usage.ru_maxrss).saturating_mul(1024),
        minor_faults: unsigned(usage.ru_minflt),
        major_faults: unsigned(usage.ru_majflt),
        bytes_read,
        bytes_written,
    })
}

/// Sends `signal` to every process of the group `group`; false when the group has nobody left.
pub fn signal_group(group: u32, signal: Signal) -> bool {
    send(group, number(signal))
}

/// Sends `signal` to one process; false when it is gone.
pub fn signal_one(pid: u32, signal: Signal) -> bool {
    match pid {
        0 | 1 => false,
        // SAFETY: `kill` takes two integers and touches no memory.
        pid => unsafe { libc::kill(pid.cast_signed(), number(signal)) == 0 },
    }
}

/// Ends this process at once, as a crash would: no destructor runs, nothing is written.
#[cfg(debug_assertions)]
pub fn die() -> ! {
    signal_one(std::process::id(), Signal::Kill);
    // The first process of a container does not die of its own signals.
    std::process::abort()
}

/// Whether a process of the group `group` is left.
pub fn group_lives(group: u32) -> bool {
    send(group, 0)
}

/// Starts `command` with `files`, and the locks on them, open in the child and in all that it
/// starts.
///
/// # Errors
/// When it cannot be started.
pub fn spawn_with(command: &mut Command, files: &[&File]) -> io::Result<Child> {
    let descriptors: Vec<RawFd> = files.iter().map(|file| file.as_raw_fd()).collect();
    // SAFETY: between fork and exec only `fcntl` is called, which is safe there and allocates
    // nothing; `files` are borrowed until after the fork, so their descriptors are open.
    unsafe {
        command.pre_exec(move || descriptors.iter().try_for_each(|open| keep_open(*open)));
    }
    command.spawn()
}

/// Keeps the programs that this process starts from inheriting the open descriptor `number`.
///
/// # Errors
/// When nothing is open under that number.
pub fn keep_from_programs(number: RawFd) -> io::Result<()> {
    // SAFETY: `F_SETFD` changes only the flags of a descriptor, whatever its number.
    match unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Lets the programs that this process starts inherit `file`, and with it the lock on it.
///
/// # Errors
/// When the kernel refuses.
pub fn inherit(file: &File) -> io::Result<()> {
    keep_open(file.as_raw_fd())
}

/// Makes this process the parent of orphans among its descendants, so that none goes unnoticed.
pub fn adopt_orphans() {
    // SAFETY: `PR_SET_CHILD_SUBREAPER` takes one integer and touches no memory.
    #[cfg(target_os = "linux")]
    unsafe {
        libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1);
    }
}

/// Reaps ended children that nobody else waits for.
pub fn reap_orphans() {
    // SAFETY: a null status is allowed, and `WNOHANG` never blocks.
    while unsafe { libc::waitpid(-1, std::ptr::null_mut(), libc::WNOHANG) } > 0 {}
}

fn number(signal: Signal) -> libc::c_int {
    match signal {
        Signal::Interrupt => libc::SIGINT,
        Signal::Terminate => libc::SIGTERM,
        Signal::Kill => libc::SIGKILL,
    }
}

fn keep_open(descriptor: RawFd) -> io::Result<()> {
    // SAFETY: `F_SETFD` changes only the flags of a descriptor, whatever its number.
    match unsafe { libc::fcntl(descriptor, libc::F_SETFD, 0) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

fn wait_without_reaping(pid: u32) -> io::Result<()> {
    loop {
        // SAFETY: all zeros is a valid `siginfo_t`, which `waitid` then overwrites.
        let mut info: libc::siginfo_t = unsafe { mem::zeroed() };
        let flags = libc::WEXITED | libc::WNOWAIT;
        // SAFETY: `info` is live and of the type that `waitid` writes.
        match unsafe { libc::waitid(libc::P_PID, pid, &raw mut info, flags) } {
            0 => return Ok(()),
            _ => retry_when_interrupted()?,
        }
    }
}

fn retry_when_interrupted() -> io::Result<()> {
    match io::Error::last_os_error() {
        error if error.kind() == io::ErrorKind::Interrupted => Ok(()),
        error => Err(error),
    }
}

fn send(group: u32, number: libc::c_int) -> bool {
    match group {
        // 0 and 1 would mean this process's own group and every process there is.
        0 | 1 => false,
        // SAFETY: `kill` takes two integers and touches no memory.
        group => unsafe { libc::kill(-group.cast_signed(), number) == 0 },
    }
}

/// What the kernel accounts to an ended process that is not yet reaped.
fn storage(pid: u32) -> Option<(u64, u64)> {
    let text = fs::read_to_string(format!("/proc/{pid}/io")).ok()?;
    let field = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok())
    };
    Some((field("read_bytes:")?, field("write_bytes:")?))
}

/// What the kernel accounts to an ended process that is not yet reaped, without its children.
fn own_time(pid: u32) -> Option<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // SAFETY: `sysconf` takes one integer and touches no memory.
    let per_second = u64::try_from(unsafe { libc::sysconf(libc::_SC_CLK_TCK) }).ok()?;
    let ticks = own_ticks(&text)?;
    Some(Duration::from_millis(ticks.saturating_mul(1_000).checked_div(per_second)?))
}

/// The sum of the fields 14 and 15; the second is the name in brackets, in which anything may
/// stand.
fn own_ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    next()?.checked_add(next()?)
}

fn exit(status: libc::c_int) -> Exit {
    if libc::WIFSIGNALED(status) {
        Exit::Signal(libc::WTERMSIG(status))
    } else {
        Exit::Code(libc::WEXITSTATUS(status))
    }
}

fn duration(time: libc::timeval) -> Duration {
    let micros = u32::try_from(time.tv_usec).unwrap_or_default();
    Duration::new(unsigned(time.tv_sec), micros * 1_000)
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::zombie_processes, reason = "`wait` reaps it by its number")]
    fn ended(program: &str, argument: &[&str]) -> Ended {
        let child = command(program).args(argument).process_group(0).spawn().unwrap();
        wait(child.id()).unwrap()
    }

    #[test]
    fn tells_a_code_from_a_signal() {
        assert_eq!(ended("sh", &["-c", "exit 3"]).exit, Exit::Code(3));
        assert_eq!(ended("sh", &["-c", "kill -9 $$"]).exit, Exit::Signal(9));
    }

    #[test]
    fn accounts_memory_and_faults() {
        let ended = ended("sh", &["-c", ":"]);
        assert!(ended.peak_memory > 100_000, "{}", ended.peak_memory);
        assert!(ended.minor_faults > 0);
    }

    #[test]
    fn time_of_children_is_not_a_process_own() {
        let work = "i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done";
        let own = ended("sh", &["-c", work]);
        assert!(own.own.unwrap() >= Duration::from_millis(20), "{own:?}");
        let parent = ended("sh", &["-c", &format!("sh -c '{work}'; :")]);
        assert!(parent.own.unwrap() < (parent.user + parent.system) / 2, "{parent:?}");
    }

    #[test]
    fn the_name_of_a_process_may_look_like_its_fields() {
        let stat = "7 (a) 9 (b) S 1 7 7 0 -1 4194560 115 0 0 0 12 30 4 5 20 0 1 0";
        assert_eq!(own_ticks(stat), Some(42));
        assert_eq!(own_ticks("7 (a) S 1 2"), None);
    }

    #[test]
    fn a_group_is_signalled_whole() {
        let child = command("sh").args(["-c", "sleep 60 & sleep 60"]).process_group(0).spawn();
        let group = child.unwrap().id();
        assert!(group_lives(group));
        assert!(signal_group(group, Signal::Kill));
        assert_eq!(wait(group).unwrap().exit, Exit::Signal(9));
    }

    #[test]
    fn never_signals_its_own_group_or_everybody() {
        assert!(!signal_group(0, Signal::Kill));
        assert!(!signal_group(1, Signal::Kill));
    }
}
