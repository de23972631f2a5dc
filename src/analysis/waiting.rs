//! Functions that wait rather than work: a thread that waits grows like the program and is no
//! culprit. One table per language; the caller may add names.

use crate::analysis::own_code::OwnCode;
use crate::profile::FunctionKey;

/// Names that wait, bare or with the module or type they belong to.
const PYTHON: [&str; 44] = [
    "time.sleep",
    "sleep",
    "lock.acquire",
    "Lock.acquire",
    "RLock.acquire",
    "_thread.lock.acquire",
    "_thread.RLock.acquire",
    "<method 'acquire' of '_thread.lock' objects>",
    "<method 'acquire' of '_thread.RLock' objects>",
    "<method 'acquire' of '_multiprocessing.SemLock' objects>",
    "<method 'acquire' of 'multiprocessing.SemLock' objects>",
    "<method '__enter__' of '_thread.lock' objects>",
    "<method '__enter__' of '_thread.RLock' objects>",
    "<method '__enter__' of '_multiprocessing.SemLock' objects>",
    "<method 'get' of '_queue.SimpleQueue' objects>",
    "_queue.SimpleQueue.get",
    "SimpleQueue.get",
    "SemLock.acquire",
    "SemLock.__enter__",
    "lock.__enter__",
    "RLock.__enter__",
    "_wait_for_tstate_lock",
    "Condition.wait",
    "Condition.wait_for",
    "Event.wait",
    "Barrier.wait",
    "select.select",
    "select.poll",
    "select.epoll.poll",
    "epoll.poll",
    "poll.poll",
    "<method 'poll' of 'select.epoll' objects>",
    "<method 'poll' of 'select.poll' objects>",
    "<method 'control' of 'select.kqueue' objects>",
    "kqueue.control",
    "posix.wait",
    "posix.waitpid",
    "posix.wait4",
    "posix.waitid",
    "posix.read",
    "<method 'recv' of '_socket.socket' objects>",
    "<method 'recv_into' of '_socket.socket' objects>",
    "<method 'accept' of '_socket.socket' objects>",
    "<method 'join' of '_thread._ThreadHandle' objects>",
];
/// Names of threads', events' and pools' own methods, which wait only in these files, and only
/// where they are not the user's: a shop has a `queue.py` as well.
const PYTHON_IN_FILE: [(&str, &str); 16] = [
    ("threading.py", "wait"),
    ("threading.py", "wait_for"),
    ("threading.py", "join"),
    ("threading.py", "_wait_for_tstate_lock"),
    ("threading.py", "acquire"),
    ("queue.py", "get"),
    ("selectors.py", "select"),
    ("selectors.py", "_select"),
    ("subprocess.py", "wait"),
    ("subprocess.py", "_wait"),
    ("subprocess.py", "_try_wait"),
    ("popen_fork.py", "poll"),
    ("popen_fork.py", "wait"),
    ("connection.py", "wait"),
    ("connection.py", "_poll"),
    ("connection.py", "_recv"),
];
const NATIVE: [&str; 33] = [
    "nanosleep",
    "clock_nanosleep",
    "usleep",
    "select",
    "pselect",
    "poll",
    "ppoll",
    "epoll_wait",
    "epoll_pwait",
    "futex",
    "futex_wait",
    "syscall_futex",
    "pthread_cond_wait",
    "pthread_cond_timedwait",
    "pthread_mutex_lock",
    "pthread_join",
    "sem_wait",
    "wait4",
    "waitpid",
    "waitid",
    "accept",
    "accept4",
    "recv",
    "recvfrom",
    "recvmsg",
    "std::thread::sleep",
    "std::thread::park",
    "std::thread::JoinHandle::join",
    "std::sync::Condvar::wait",
    "std::sync::mpsc::Receiver::recv",
    "crossbeam_channel::Receiver::recv",
    "tokio::time::sleep",
    "__lll_lock_wait",
];

/// Recognises what waits.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    further: Vec<String>,
    own_code: OwnCode,
}

impl Waiting {
    /// `further`: names as the profiler shows them, or `file:name`, on top of the tables.
    /// `own_code`: what is the user's.
    pub fn new(further: &[String], own_code: OwnCode) -> Self {
        Self { further: further.to_vec(), own_code }
    }

    /// Whether the function waits.
    pub fn holds(&self, key: &FunctionKey) -> bool {
        let name = call_name(&key.name);
        let file = key.file.replace('\\', "/");
        self.is_named_by_the_user(name, &file)
            || (is_built_in(key) && is_python(name))
            || (is_in_python_file(name, &file) && !self.own_code.holds(key))
            || (is_system_file(&file) && is_native(name))
    }

    /// Whether the function may only ask whether a child process has ended. Called ever more often
    /// for the same work it sweeps over children, which is work, however little it waits.
    pub fn may_sweep(key: &FunctionKey) -> bool {
        const SWEEPS: [&str; 6] =
            ["posix.waitpid", "posix.wait4", "posix.waitid", "waitpid", "wait4", "waitid"];
        SWEEPS.contains(&call_name(&key.name))
    }

    fn is_named_by_the_user(&self, name: &str, file: &str) -> bool {
        self.further.iter().any(|further| {
            further == name
                || further
                    .rsplit_once(':')
                    .is_some_and(|(place, bare)| bare == name && file.ends_with(place))
        })
    }
}

/// `<built-in method time.sleep>` is `time.sleep`; other names are as they are.
fn call_name(name: &str) -> &str {
    name.strip_prefix("<built-in method ").and_then(|rest| rest.strip_suffix('>')).unwrap_or(name)
}

fn is_built_in(key: &FunctionKey) -> bool {
    key.line == 0 || key.file == "~" || key.file == "builtins" || key.name.starts_with('<')
}

fn is_python(name: &str) -> bool {
    PYTHON.contains(&name)
}

fn is_in_python_file(name: &str, file: &str) -> bool {
    let last = |text: &str, mark| text.rsplit(mark).next().unwrap_or_default().to_string();
    let (file, name) = (last(file, '/'), last(name, '.'));
    PYTHON_IN_FILE.contains(&(file.as_str(), name.as_str()))
}

/// With or without the version of a symbol and generic arguments.
fn is_native(name: &str) -> bool {
    let symbol = name.split('@').next().unwrap_or(name);
    let symbol = without_generics(symbol);
    let plain = symbol.trim_start_matches("__GI_").trim_start_matches("__libc_");
    NATIVE.contains(&plain) || NATIVE.contains(&plain.trim_start_matches('_'))
}

/// Whether a bare name such as `poll` can be the system's: a program's own source has such names
/// too.
fn is_system_file(file: &str) -> bool {
    const SYSTEM: [&str; 5] = [".so", "glibc", "sysdeps", "/rustc/", "/usr/"];
    file.is_empty() || SYSTEM.iter().any(|part| file.contains(part))
}

/// `Receiver<Vec<T>>::recv` is `Receiver::recv`.
fn without_generics(name: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, line: u32, name: &str, expected: bool) {
        let key = FunctionKey { name: name.into(), file: file.into(), line };
        assert_eq!(Waiting::default().holds(&key), expected, "{file}:{name}");
    }

    #[test]
    fn knows_what_waits_in_python() {
        check("~", 0, "<built-in method time.sleep>", true);
        check("~", 0, "<method 'acquire' of '_thread.lock' objects>", true);
        check("builtins", 0, "lock.acquire", true);
        check("~", 0, "<built-in method posix.waitpid>", true);
        check("~", 0, "<built-in method posix.read>", true);
        check("~", 0, "<method 'poll' of 'select.epoll' objects>", true);
        check("/usr/lib/python3.11/threading.py", 295, "Condition.wait", true);
        check("/usr/lib/python3.11/threading.py", 295, "wait", true);
        check("/usr/lib/python3.11/selectors.py", 452, "select", true);
        check("/opt/conda/lib/python3.12/multiprocessing/connection.py", 390, "_recv", true);
        check("/v/lib/python3.11/site-packages/billiard/connection.py", 390, "_recv", true);
    }

    #[test]
    fn knows_what_waits_in_native_programs() {
        check("", 0, "pthread_cond_wait@@GLIBC_2.3.2", true);
        check("/lib/libc.so.6", 0, "__GI___poll", true);
        check("", 0, "std::thread::sleep", true);
        check("", 0, "std::sync::mpsc::Receiver<T>::recv", true);
    }

    #[test]
    fn work_is_not_waiting() {
        check("/home/me/strategy.py", 7, "wait", false);
        check("/home/me/strategy.py", 7, "select", false);
        check("/home/me/strategy.py", 7, "get", false);
        check("/home/me/shop/queue.py", 12, "PriorityQueue.get", false);
        check("connection.py", 12, "wait", false);
        check("net/connection.py", 12, "Connection._recv", false);
        check("~", 0, "<method 'get' of 'dict' objects>", false);
        check("~", 0, "<method 'join' of 'str' objects>", false);
        check("/usr/lib/python3.11/threading.py", 900, "_bootstrap", false);
        check("", 0, "poll_events", false);
        check("src/stream.rs", 12, "poll", false);
    }

    #[test]
    fn the_user_may_add_names() {
        let waiting = Waiting::new(&["pause".into(), "net.py:fetch".into()], OwnCode::default());
        let key =
            |file: &str, name: &str| FunctionKey { name: name.into(), file: file.into(), line: 3 };
        assert!(waiting.holds(&key("a.py", "pause")));
        assert!(waiting.holds(&key("/x/net.py", "fetch")));
        assert!(!waiting.holds(&key("/x/disk.py", "fetch")));
    }
}
