//! Where the functions of native programs begin: file and line of their declaration, by the debug
//! information (DWARF) of the programs and libraries that hold them. A profiler tells the place of
//! a function's first instruction, which is elsewhere where that one comes of an inlined function.

use std::collections::HashMap;
use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;

use gimli::AttributeValue;
use gimli::DebuggingInformationEntry;
use gimli::EndianSlice;
use gimli::RunTimeEndian;
use gimli::UnitRef;

use crate::measure::sections::Sections;
use crate::measure::symbol;
use crate::profile::FunctionKey;
use crate::profile::Profile;
use crate::profile::renamed;

/// References from one description of a function to another: definition, declaration, template.
const MOST_REFERENCES: usize = 4;

type Slice<'a> = EndianSlice<'a, RunTimeEndian>;
type Entry<'a> = DebuggingInformationEntry<Slice<'a>>;

/// The profile with every function where it is declared, as far as `objects`, the programs and
/// libraries that ran, tell. A function whose file is one of `objects` is looked for there alone.
pub fn located(profile: Profile, objects: &[PathBuf]) -> Profile {
    let names = profile.functions.iter().map(|function| comparable(&function.key.name));
    let mut beginnings = Beginnings { wanted: names.collect(), found: HashMap::new() };
    for object in objects {
        if let Some(sections) = Sections::read(object) {
            // Half a description is better than none: what was found before a fault stays.
            let _ = beginnings.read(object, &sections);
        }
    }
    renamed(profile, &|key| beginnings.of(key, objects))
}

/// Declarations of the functions that are wanted, by their names as [`comparable`] makes them.
struct Beginnings {
    wanted: HashSet<String>,
    found: HashMap<String, Vec<Declaration>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Declaration {
    object: PathBuf,
    file: String,
    line: u32,
}

impl Beginnings {
    fn of(&self, key: &FunctionKey, objects: &[PathBuf]) -> Option<(String, u32)> {
        let declarations = self.found.get(&comparable(&key.name))?;
        let is_object = objects.iter().any(|object| object == Path::new(&key.file));
        let candidates: Vec<&Declaration> = declarations
            .iter()
            .filter(|one| !is_object || one.object == Path::new(&key.file))
            .collect();
        let same_file = candidates.iter().copied().filter(|one| one.file == key.file);
        let declaration = the_only(candidates.iter().copied()).or_else(|| the_only(same_file))?;
        Some((declaration.file.clone(), declaration.line))
    }

    fn read(&mut self, object: &Path, sections: &Sections) -> gimli::Result<()> {
        let endian = match sections.is_little_endian {
            true => RunTimeEndian::Little,
            false => RunTimeEndian::Big,
        };
        let dwarf = gimli::Dwarf::load(|section| {
            Ok::<_, gimli::Error>(EndianSlice::new(sections.get(section.name()), endian))
        })?;
        let mut units = dwarf.units();
        while let Some(header) = units.next()? {
            let unit = dwarf.unit(header)?;
            let unit = unit.unit_ref(&dwarf);
            let mut entries = unit.entries();
            while let Some(entry) = entries.next_dfs()? {
                let is_function = entry.tag() == gimli::DW_TAG_subprogram;
                if is_function && !entry.has_attr(gimli::DW_AT_declaration) {
                    self.take(object, &unit, entry);
                }
            }
        }
        Ok(())
    }

    fn take<'a>(&mut self, object: &Path, unit: &UnitRef<'_, Slice<'a>>, entry: &Entry<'a>) {
        let described = || {
            let linked = text(unit, entry, gimli::DW_AT_linkage_name);
            let name = linked.or_else(|| text(unit, entry, gimli::DW_AT_name))?;
            let name = comparable(&symbol::demangled(&name));
            if !self.wanted.contains(&name) {
                return None;
            }
            let line = attribute(unit, entry, gimli::DW_AT_decl_line)?.udata_value()?;
            let file = file_number(&attribute(unit, entry, gimli::DW_AT_decl_file)?)?;
            let declaration = Declaration {
                object: object.into(),
                file: source_path(unit, file)?,
                line: u32::try_from(line).ok().filter(|line| *line > 0)?,
            };
            Some((name, declaration))
        };
        if let Some((name, declaration)) = described() {
            let known = self.found.entry(name).or_default();
            if !known.contains(&declaration) {
                known.push(declaration);
            }
        }
    }
}

fn file_number(value: &AttributeValue<Slice<'_>>) -> Option<u64> {
    match value {
        AttributeValue::FileIndex(number) => Some(*number),
        other => other.udata_value(),
    }
}

/// The one place that all of them are; `None` where they are several or none.
fn the_only<'a>(
    mut declarations: impl Iterator<Item = &'a Declaration>,
) -> Option<&'a Declaration> {
    let first = declarations.next()?;
    let is_same = |other: &Declaration| other.file == first.file && other.line == first.line;
    declarations.all(is_same).then_some(first)
}

/// An attribute of a function's description, or of the one that it refers to: the definition of a
/// method refers to its declaration in the class, a copy that was not inlined to the original.
fn attribute<'a>(
    unit: &UnitRef<'_, Slice<'a>>,
    entry: &Entry<'a>,
    name: gimli::DwAt,
) -> Option<AttributeValue<Slice<'a>>> {
    let mut entry = entry.clone();
    for _ in 0..MOST_REFERENCES {
        if let Some(value) = entry.attr_value(name) {
            return Some(value);
        }
        let reference = entry
            .attr_value(gimli::DW_AT_abstract_origin)
            .or_else(|| entry.attr_value(gimli::DW_AT_specification))?;
        let offset = match reference {
            AttributeValue::UnitRef(offset) => offset,
            AttributeValue::DebugInfoRef(offset) => offset.to_unit_offset(&unit.header)?,
            _ => return None,
        };
        entry = unit.entry(offset).ok()?;
    }
    None
}

fn text<'a>(unit: &UnitRef<'_, Slice<'a>>, entry: &Entry<'a>, name: gimli::DwAt) -> Option<String> {
    let value = attribute(unit, entry, name)?;
    Some(unit.attr_string(value).ok()?.to_string_lossy().into_owned())
}

/// The path of a source file, absolute where the compiler says in which folder it worked.
fn source_path(unit: &UnitRef<'_, Slice<'_>>, number: u64) -> Option<String> {
    let header = unit.line_program.as_ref()?.header();
    let file = header.file(number)?;
    let shown = |value| Some(unit.attr_string(value).ok()?.to_string_lossy().into_owned());
    let mut path = PathBuf::new();
    path.extend(unit.comp_dir.map(|folder| folder.to_string_lossy().into_owned()));
    path.extend(file.directory(header).and_then(shown));
    path.push(shown(file.path_name())?);
    Some(path.components().as_path().to_str()?.to_string())
}

/// A name in which the hash of Rust's symbols and the spaces, which demanglers set differently, are
/// left out.
///
/// Example: `list::scan(std::vector<int> >)` and `list::scan(std::vector<int>>)` are the same.
fn comparable(name: &str) -> String {
    let is_hash = |part: &str| {
        part.len() == 17
            && part.starts_with('h')
            && part[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let name = match name.rsplit_once("::") {
        Some((bare, hash)) if is_hash(hash) => bare,
        _ => name,
    };
    name.chars().filter(|letter| !letter.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::slice;

    fn declared(object: &str, file: &str, line: u32) -> Declaration {
        Declaration { object: object.into(), file: file.into(), line }
    }

    #[test]
    fn names_of_two_demanglers_are_the_same() {
        let check = |a: &str, b: &str| assert_eq!(comparable(a), comparable(b));
        check(
            "f(std::vector<int, std::allocator<int> > const&)",
            "f(std::vector<int,std::allocator<int>>const&)",
        );
        check("a::look::h0123456789abcdef", "a::look");
        assert_ne!(comparable("a::h0123"), comparable("a"));
    }

    #[test]
    fn one_declaration_is_it_and_of_several_that_in_the_same_file() {
        let check = |declarations: &[Declaration], file: &str, line| {
            let found = HashMap::from([("f".to_string(), declarations.to_vec())]);
            let beginnings = Beginnings { wanted: HashSet::new(), found };
            let key = FunctionKey { name: "f".into(), file: file.into(), line: 9 };
            let objects = ["/bin/a", "/bin/b"].map(PathBuf::from);
            assert_eq!(beginnings.of(&key, &objects).map(|found| found.1), line, "{file}");
        };
        let (one, other) = (declared("/bin/a", "a.c", 5), declared("/bin/a", "b.c", 6));
        check(slice::from_ref(&one), "inlined.h", Some(5));
        check(&[one.clone(), other.clone()], "inlined.h", None);
        check(&[one.clone(), other.clone()], "b.c", Some(6));
        check(slice::from_ref(&one), "/bin/a", Some(5));
        check(&[one], "/bin/b", None);
        check(&[], "a.c", None);
    }

    #[test]
    fn a_file_that_is_no_program_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("script");
        std::fs::write(&path, "#!/bin/sh\n").unwrap();
        let profile = Profile::default();
        assert_eq!(located(profile.clone(), &[path, "/no/such".into()]), profile);
    }
}
