//! Names and paths as they are the same in every run: without addresses, without the place where
//! packages happen to be installed, and without the class that a method was called through.

use std::borrow::Cow;

const PACKAGE_FOLDERS: [&str; 2] = ["site-packages/", "dist-packages/"];

/// `name` without memory addresses: `<bound method f of <A object at 0x7f12>>` has none left.
pub fn without_addresses(name: &str) -> Cow<'_, str> {
    const MARK: &str = " at 0x";
    let mut rest = name;
    let mut kept = String::new();
    while let Some(position) = rest.find(MARK) {
        let digits = &rest[position + MARK.len()..];
        let end = digits.find(|letter: char| !letter.is_ascii_hexdigit()).unwrap_or(digits.len());
        let until = if end == 0 { position + MARK.len() } else { position };
        kept.push_str(&rest[..until]);
        rest = &digits[end..];
    }
    if kept.is_empty() && rest.len() == name.len() {
        return Cow::Borrowed(name);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// The name that stands in the source: `Frame.append` and `outer.<locals>.append` are `append`.
///
/// Only for functions with a known line; the names of built-in functions are kept whole.
pub fn bare(name: &str, line: u32) -> &str {
    let plain = !name.starts_with('<')
        && name.chars().all(|letter| letter.is_alphanumeric() || "_.<>".contains(letter));
    match name.rsplit_once('.') {
        Some((_, last)) if line > 0 && plain && !last.is_empty() => last,
        _ => name,
    }
}

/// `file` with forward slashes, and from the package folder on where it lies in one:
/// `/opt/venv/lib/python3.11/site-packages/pandas/a.py` is `site-packages/pandas/a.py`.
pub fn relative_path(file: &str) -> Cow<'_, str> {
    let file =
        if file.contains('\\') { Cow::Owned(file.replace('\\', "/")) } else { Cow::Borrowed(file) };
    let start = PACKAGE_FOLDERS
        .iter()
        .filter_map(|folder| file.rfind(folder).map(|start| start + folder.len()))
        .max();
    match start {
        Some(start) => Cow::Owned(format!("site-packages/{}", &file[start..])),
        None => file,
    }
}

/// `file` as it is the same in every run: [`relative_path`], without doubled slashes and without
/// `.` for a folder. Addresses of the web, of network drives, and paths that a distribution wrote
/// stay as they are.
pub fn same_path(file: &str) -> Cow<'_, str> {
    let path = relative_path(file);
    let is_plain = !(path.contains("//") || path.contains("/./") || path.starts_with("./"));
    if is_plain || path.contains("://") || is_of_a_distribution(&path) {
        return path;
    }
    let root =
        if path.starts_with("//") { "//" } else { &path[..usize::from(path.starts_with('/'))] };
    let parts: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    Cow::Owned(format!("{root}{}", parts.join("/")))
}

/// `./stdio-common/./stdio-common/vfscanf-internal.c`: distributions write `.` for the folder in
/// which they built a library, and compilers the path within it behind that.
pub fn is_of_a_distribution(path: &str) -> bool {
    let is_built = path.starts_with("./") && (path.contains("/./") || path.contains("/../"));
    is_built || path.starts_with("./elf/")
}

/// Whether the name stands for many functions, which only their lines tell apart.
pub fn is_anonymous(name: &str) -> bool {
    name.starts_with('<') || name.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_stripped() {
        let check = |name, expected| assert_eq!(without_addresses(name), expected);
        check("work", "work");
        check("<A object at 0x7f12ab>", "<A object>");
        check("<f at 0xA> of <g at 0x1b>", "<f> of <g>");
        check("look at 0xyz", "look at 0xyz");
        check("", "");
        check("é at 0x7f", "é");
    }

    #[test]
    fn a_method_is_named_as_in_the_source() {
        let check = |name, line, expected| assert_eq!(bare(name, line), expected);
        check("Frame.append", 7, "append");
        check("outer.<locals>.inner", 7, "inner");
        check("outer.<locals>.<lambda>", 7, "<lambda>");
        check("posix.read", 0, "posix.read");
        check("<listcomp>", 7, "<listcomp>");
        check("crate::stage 1.5", 7, "crate::stage 1.5");
        check("odd.", 7, "odd.");
    }

    #[test]
    fn one_file_has_one_path() {
        let check = |file, expected| assert_eq!(same_path(file), expected);
        check("./rel.py", "rel.py");
        check("rel.py", "rel.py");
        check("a//b.py", "a/b.py");
        check("/a/./b//c.py", "/a/b/c.py");
        check("././a/b.py", "././a/b.py");
        check("a/../b.py", "a/../b.py");
        check("https://host//a.js", "https://host//a.js");
        check("\\\\server\\share\\.\\a.py", "//server/share/a.py");
        check("./string/../sysdeps/memchr.S", "./string/../sysdeps/memchr.S");
        check("./elf/dl-lookup.c", "./elf/dl-lookup.c");
        check("~", "~");
        check("", "");
    }

    #[test]
    fn package_paths_do_not_depend_on_the_installation() {
        let check = |file, expected| assert_eq!(relative_path(file), expected);
        check("/v/lib/python3.11/site-packages/pd/a.py", "site-packages/pd/a.py");
        check("/usr/lib/python3/dist-packages/pd/a.py", "site-packages/pd/a.py");
        check("C:\\v\\Lib\\site-packages\\pd\\a.py", "site-packages/pd/a.py");
        check("/home/me/strategy.py", "/home/me/strategy.py");
        check("~", "~");
    }
}
