//! Which function an address of a trace belongs to, by the lists of symbols that uftrace keeps
//! beside it.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;

use crate::error::Result;
use crate::measure::symbol;
use crate::profile::FunctionKey;
use crate::system::file;

const LARGEST_LIST_BYTES: u64 = 1 << 28;

/// Where everything was loaded, by session: a process that becomes another program begins one.
#[derive(Debug, Default)]
pub struct Places {
    sessions: Vec<Session>,
    /// The session of each task, as a position in `sessions`.
    of_task: HashMap<u64, usize>,
    modules: HashMap<String, Module>,
}

#[derive(Debug)]
struct Session {
    process: u64,
    /// First address, end and path of the module.
    maps: Vec<(u64, u64, String)>,
}

/// A program or library: its functions in order of address.
#[derive(Debug, Default)]
struct Module {
    functions: Vec<(u64, String)>,
    /// By address of the function: file and line of its definition.
    lines: HashMap<u64, (String, u32)>,
}

impl Places {
    /// # Errors
    /// When the folder is not there or a file in it cannot be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut places = Self::default();
        let tasks = text(&folder.join("task.txt"))?;
        for line in tasks.lines() {
            places.take_task(folder, line)?;
        }
        let names: BTreeSet<String> = places
            .sessions
            .iter()
            .flat_map(|session| session.maps.iter().map(|map| file_name(&map.2).to_string()))
            .collect();
        for name in names {
            let listed = |ending: &str| text(&folder.join(format!("{name}.{ending}")));
            let module = Module::of(&listed("sym")?, &listed("dbg")?);
            places.modules.insert(name, module);
        }
        Ok(places)
    }

    /// The function that `address` belongs to; one that is unknown is named by its address.
    pub fn function(&self, task: u64, address: u64) -> FunctionKey {
        let known = || {
            let session = self.sessions.get(*self.of_task.get(&task).unwrap_or(&0))?;
            let map = session.maps.iter().find(|map| (map.0..map.1).contains(&address))?;
            self.modules.get(file_name(&map.2))?.function(address - map.0, &map.2)
        };
        known().unwrap_or_else(|| FunctionKey {
            name: format!("0x{address:x}"),
            ..FunctionKey::default()
        })
    }

    /// The programs and libraries that were loaded, each once.
    pub fn objects(&self) -> Vec<PathBuf> {
        let maps = self.sessions.iter().flat_map(|session| &session.maps);
        maps.map(|map| PathBuf::from(&map.2)).collect::<BTreeSet<PathBuf>>().into_iter().collect()
    }

    /// A line such as `SESS timestamp=1.2 pid=7 sid=ab exename="/q"`, `TASK timestamp=1.2 tid=8
    /// pid=7` or `FORK timestamp=1.2 pid=9 ppid=7`.
    fn take_task(&mut self, folder: &Path, line: &str) -> Result<()> {
        let word = |key: &str| {
            let mut words = line.split_whitespace();
            words.find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
        };
        let number = |key: &str| word(key).and_then(|value| value.parse::<u64>().ok());
        let Some(process) = number("pid") else { return Ok(()) };
        let latest = |sessions: &[Session], process| {
            sessions.iter().rposition(|session| session.process == process)
        };
        match line.split_whitespace().next() {
            Some("SESS") => {
                let is_safe = |id: &&str| id.bytes().all(|byte| byte.is_ascii_alphanumeric());
                let id = word("sid").filter(is_safe).unwrap_or_default();
                let maps = maps(&text(&folder.join(format!("sid-{id}.map")))?);
                self.of_task.insert(process, self.sessions.len());
                self.sessions.push(Session { process, maps });
            }
            Some("TASK") => {
                if let (Some(task), Some(at)) = (number("tid"), latest(&self.sessions, process)) {
                    self.of_task.insert(task, at);
                }
            }
            Some("FORK") => {
                let parent = number("ppid").and_then(|parent| self.of_task.get(&parent).copied());
                self.of_task.insert(process, parent.unwrap_or_default());
            }
            _ => {}
        }
        Ok(())
    }
}

impl Module {
    /// `symbols` has lines `000000000000121f T look`, `lines` pairs of `F: 121f look`, `L: 8 q.c`.
    fn of(symbols: &str, lines: &str) -> Self {
        let mut module = Self::default();
        for line in symbols.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.splitn(3, ' ');
            let (address, kind, name) = (words.next(), words.next(), words.next());
            let is_code = matches!(kind, Some("t" | "T" | "w" | "W" | "i" | "P"));
            if let (Some(address), Some(name), true) = (address.and_then(hex), name, is_code) {
                module.functions.push((address, symbol::demangled(name).into_owned()));
            }
        }
        module.functions.sort();
        let mut function = None;
        for line in lines.lines() {
            if let Some(rest) = line.strip_prefix("F: ") {
                function = rest.split(' ').next().and_then(hex);
            } else if let (Some(address), Some(rest)) = (function, line.strip_prefix("L: "))
                && let Some((line, file)) = rest.split_once(' ')
            {
                module.lines.insert(address, (file.into(), line.parse().unwrap_or(0)));
            }
        }
        module
    }

    /// The function at `address` within the module at `path`, which stands for the file where that
    /// is not known.
    fn function(&self, address: u64, path: &str) -> Option<FunctionKey> {
        let after = self.functions.partition_point(|function| function.0 <= address);
        let (begin, function) = self.functions.get(after.checked_sub(1)?)?;
        let (file, line) = self.lines.get(begin).cloned().unwrap_or_else(|| (path.into(), 0));
        Some(FunctionKey { name: function.clone(), file, line })
    }
}

/// First address, end and path of each map that holds code.
fn maps(text: &str) -> Vec<(u64, u64, String)> {
    let map = |line: &str| {
        let mut words = line.split_whitespace();
        let (begin, end) = words.next()?.split_once('-')?;
        let path = words.find(|word| word.starts_with('/'))?;
        Some((hex(begin)?, hex(end)?, path.to_string()))
    };
    text.lines().filter_map(map).collect()
}

/// By which uftrace names its lists.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn hex(digits: &str) -> Option<u64> {
    u64::from_str_radix(digits, 16).ok()
}

/// Empty where there is no such file: a library may have no symbols, a program no lines.
fn text(path: &Path) -> Result<String> {
    if !path.exists() {
        return Ok(String::new());
    }
    Ok(String::from_utf8_lossy(&file::read(path, LARGEST_LIST_BYTES)?).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_the_function_that_begins_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            file::replace(&folder.path().join(name), text.as_bytes()).unwrap();
        };
        write(
            "task.txt",
            "SESS timestamp=1.0 pid=7 sid=ab exename=\"/b/q\"\nTASK timestamp=1.0 tid=7 pid=7\n\
             FORK timestamp=1.1 pid=9 ppid=7\n",
        );
        write("sid-ab.map", "1000-5000 r-xp 00000000 00:00 0  /b/q build-id:00\n");
        write("q.sym", "# symbols: 2\n0100 T look\n0200 T main\n0300 D data\n");
        write("q.dbg", "F: 100 look\nL: 8 q.c\n");
        let places = Places::read(folder.path()).unwrap();
        let check = |task, address, name: &str, file: &str, line| {
            let key = FunctionKey { name: name.into(), file: file.into(), line };
            assert_eq!(places.function(task, address), key);
        };
        check(7, 0x1108, "look", "q.c", 8);
        check(9, 0x1100, "look", "q.c", 8);
        check(7, 0x1fff, "main", "/b/q", 0);
        check(7, 0x1001, "0x1001", "", 0);
        check(7, 0x9000, "0x9000", "", 0);
        assert_eq!(places.objects(), [PathBuf::from("/b/q")]);
    }
}
