//! The walls of the house, as `src/ARCHITECTURE.md` draws them: imports point down, never in a
//! circle, and the measuring side and the judging side do not know each other.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const FLOORS: [&[&str]; 7] = [
    &["error", "units", "system"],
    &["plan", "profile", "stats"],
    &["executor", "measure", "store", "format"],
    &["workload", "analysis"],
    &["runner", "worker", "report"],
    &["cli", "check"],
    &["bin"],
];
const MEASURING: [&str; 5] = ["runner", "worker", "workload", "executor", "measure"];
const JUDGING: [&str; 3] = ["analysis", "report", "stats"];
const LARGEST_ROOM: usize = 400;

struct Room {
    /// Module path below `src`, such as `store/lock`.
    name: String,
    module: String,
    lines: usize,
    /// Files that this one imports, by the same names.
    imports: BTreeSet<String>,
    import_lines: Vec<String>,
}

#[test]
fn every_import_points_down() {
    let mut faults = Vec::new();
    for room in rooms() {
        for import in &room.imports {
            let module = import.split('/').next().unwrap_or_default();
            if module != room.module
                && floor(module) >= floor(&room.module)
                && floor(&room.module) > 0
            {
                faults.push(format!("{} imports {import}, which is not below it", room.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_two_files_import_each_other() {
    let graph: BTreeMap<String, BTreeSet<String>> =
        rooms().into_iter().map(|room| (room.name, room.imports)).collect();
    for start in graph.keys() {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&String> = graph[start].iter().collect();
        while let Some(next) = open.pop() {
            assert!(next != start, "{start} imports itself in a circle, over {seen:?}");
            if seen.insert(next) {
                open.extend(graph.get(next).into_iter().flatten());
            }
        }
    }
}

#[test]
fn measuring_and_judging_do_not_know_each_other() {
    for room in rooms() {
        for import in &room.imports {
            let module = import.split('/').next().unwrap_or_default();
            let crossed = MEASURING.contains(&room.module.as_str()) && JUDGING.contains(&module)
                || JUDGING.contains(&room.module.as_str()) && MEASURING.contains(&module);
            assert!(!crossed, "{} imports {import} across the house", room.name);
        }
    }
}

#[test]
fn one_use_line_is_one_arrow() {
    for room in rooms() {
        for line in &room.import_lines {
            assert!(!line.contains('{') && !line.contains('*'), "{}: `{line}`", room.name);
        }
    }
}

#[test]
fn rooms_are_small_and_say_what_they_are_for() {
    for room in rooms() {
        assert!(room.lines <= LARGEST_ROOM, "{} has {} lines", room.name, room.lines);
    }
    for path in source_files(&source_folder()) {
        let text = fs::read_to_string(&path).unwrap();
        let opens_well = text.starts_with("//!") || text.starts_with("#![doc");
        assert!(opens_well, "{} does not open with its job", path.display());
    }
}

#[test]
fn every_module_has_its_floor() {
    for room in rooms().iter().filter(|room| room.name != "lib") {
        floor(&room.module);
    }
}

fn floor(module: &str) -> usize {
    FLOORS
        .iter()
        .position(|floor| floor.contains(&module))
        .unwrap_or_else(|| panic!("module `{module}` stands on no floor of tests/house.rs"))
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rooms() -> Vec<Room> {
    let folder = source_folder();
    let files = source_files(&folder);
    let names: BTreeSet<String> = files.iter().map(|path| room_name(&folder, path)).collect();
    files.iter().map(|path| room(&folder, path, &names)).filter(|room| room.name != "lib").collect()
}

fn room(folder: &Path, path: &Path, names: &BTreeSet<String>) -> Room {
    let text = fs::read_to_string(path).unwrap();
    let name = room_name(folder, path);
    let own: Vec<&str> = text.lines().take_while(|line| *line != "#[cfg(test)]").collect();
    let import_lines: Vec<String> = own
        .iter()
        .filter_map(|line| line.trim().strip_prefix("pub ").or(Some(line.trim())))
        .filter(|line| line.starts_with("use crate::") || line.starts_with("use superlinear::"))
        .map(String::from)
        .collect();
    let mut imports: BTreeSet<String> =
        import_lines.iter().filter_map(|line| imported_file(line, names)).collect();
    imports.extend(reexported_files(&name, path, &own, names));
    imports.remove(&name);
    Room {
        module: name.split('/').next().unwrap_or_default().to_string(),
        lines: own.len(),
        name,
        imports,
        import_lines,
    }
}

/// The file that `use crate::a::b::Thing;` reaches: the longest path that is a file.
fn imported_file(line: &str, names: &BTreeSet<String>) -> Option<String> {
    let path = line.split_once("::")?.1.trim_end_matches(';');
    let path = path.split(" as ").next()?;
    let parts: Vec<&str> = path.split("::").collect();
    (1..=parts.len())
        .rev()
        .map(|length| parts[..length].join("/"))
        .find(|candidate| names.contains(candidate))
}

/// What a `mod.rs` hands on with `pub use child::Thing;`.
fn reexported_files(
    name: &str,
    path: &Path,
    lines: &[&str],
    names: &BTreeSet<String>,
) -> Vec<String> {
    if path.file_name().is_none_or(|file| file != "mod.rs") {
        return Vec::new();
    }
    lines
        .iter()
        .filter_map(|line| line.strip_prefix("pub use ").or(line.strip_prefix("use ")))
        .filter_map(|line| line.split("::").next())
        .map(|child| format!("{name}/{child}"))
        .filter(|child| names.contains(child))
        .collect()
}

fn room_name(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap().with_extension("");
    let name = below.to_string_lossy().replace('\\', "/");
    name.strip_suffix("/mod").map(String::from).unwrap_or(name)
}

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
