//! Which functions are the user's own, judged by their path alone. It looks at no file system.

use crate::analysis::identity::name;
use crate::profile::FunctionKey;

/// Parts of a path that only installed code has; compared in lower case.
const LIBRARY_PARTS: [&str; 10] = [
    "site-packages/",
    "dist-packages/",
    "/.cargo/registry/",
    "/rustc/",
    "/.rustup/",
    "node_modules/",
    "/gems/",
    "/usr/include/",
    "/sysdeps/",
    "/glibc",
];
/// Those of them that the standard libraries of C and Rust have.
const STANDARD_PARTS: [&str; 6] =
    ["/rustc/", "/.rustup/", "/sysdeps/", "/glibc", "/libc.so", "/libc-2."];
const LIBRARY_STARTS: [&str; 6] =
    ["/usr/lib", "/lib/", "/lib64/", "/usr/local/lib/python", "node:", "../sysdeps"];
/// Names of files that are no files: built into an interpreter.
const BUILT_IN: [&str; 5] = ["~", "builtins", "built-in", "<string>", "???"];

/// What decides; the user's parts win over the library's, and both over what is known here.
#[derive(Debug, Clone, Default)]
pub struct OwnCode {
    user_paths: Vec<String>,
    library_paths: Vec<String>,
}

impl OwnCode {
    /// `user_paths`, `library_paths`: parts of paths, as the user writes them.
    pub fn new(user_paths: &[String], library_paths: &[String]) -> Self {
        Self { user_paths: user_paths.to_vec(), library_paths: library_paths.to_vec() }
    }

    /// Whether the function stands in the user's own code.
    ///
    /// A function without a file is the user's when nothing suggests otherwise: spans of Rust
    /// programs often have none; but one that an interpreter shows without a line is built in.
    pub fn holds(&self, key: &FunctionKey) -> bool {
        let path = name::relative_path(&key.file);
        if contains_any(&path, &self.user_paths) {
            return true;
        }
        !contains_any(&path, &self.library_paths) && !is_library(key, &path.to_lowercase())
    }
}

/// Whether a function has no source, since it is part of an interpreter.
pub fn is_built_in(key: &FunctionKey) -> bool {
    let path = name::relative_path(&key.file).to_lowercase();
    path.is_empty() || BUILT_IN.contains(&path.as_str()) || is_named_built_in(key)
}

/// Whether a function comes with the language, so that calling it is an operation of its caller:
/// built in, or of the standard library of Python, C or Rust.
pub fn is_of_the_language(key: &FunctionKey) -> bool {
    let path = name::relative_path(&key.file).to_lowercase();
    let installed = LIBRARY_PARTS.iter().any(|part| path.contains(part));
    is_built_in(key)
        || path.starts_with("<frozen")
        || !installed && is_standard_library(&path)
        || STANDARD_PARTS.iter().any(|part| path.contains(part))
        || name::is_of_a_distribution(&path)
}

fn contains_any(path: &str, parts: &[String]) -> bool {
    parts.iter().any(|part| !part.is_empty() && path.contains(part.as_str()))
}

fn is_library(key: &FunctionKey, path: &str) -> bool {
    let built_in = BUILT_IN.contains(&path)
        || path.starts_with("<frozen")
        || path.starts_with("<__array_function__")
        || is_named_built_in(key);
    built_in
        || LIBRARY_PARTS.iter().any(|part| path.contains(part))
        || LIBRARY_STARTS.iter().any(|start| path.starts_with(start))
        || is_standard_library(path)
        || is_shared_object(path)
        || name::is_of_a_distribution(path)
        || (path.is_empty() && is_system_symbol(&key.name))
}

fn is_named_built_in(key: &FunctionKey) -> bool {
    key.name.starts_with("<built-in") || key.name.starts_with("<method '")
}

/// `…/lib/python3.11/json/decoder.py` and `C:/Python311/Lib/json/decoder.py`, wherever installed.
fn is_standard_library(path: &str) -> bool {
    let below = |mark: &str| {
        path.match_indices(mark).any(|(start, _)| {
            let rest = &path[start + mark.len()..];
            let version = rest.split('/').next().unwrap_or_default();
            let digits = version.trim_end_matches('t');
            rest.len() > version.len()
                && !digits.is_empty()
                && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
        })
    };
    below("/lib/python") || below("/lib/pypy") || is_windows_library(path)
}

fn is_windows_library(path: &str) -> bool {
    path.find("/python").is_some_and(|start| {
        let rest = &path[start + "/python".len()..];
        rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.')
            .starts_with("/lib/")
    })
}

fn is_shared_object(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.ends_with(".so")
        || file.contains(".so.")
        || file.ends_with(".dll")
        || file.ends_with(".dylib")
}

fn is_system_symbol(name: &str) -> bool {
    name.starts_with("__libc_")
        || name.starts_with("__GI_")
        || name.starts_with("std::")
        || name.starts_with("core::")
        || name.starts_with("alloc::")
        || matches!(name, "_start" | "malloc" | "free" | "memcpy" | "memmove" | "(below main)")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(file: &str, name: &str) -> FunctionKey {
        FunctionKey { name: name.into(), file: file.into(), line: 1 }
    }

    fn check(file: &str, expected: bool) {
        assert_eq!(OwnCode::default().holds(&key(file, "f")), expected, "{file}");
    }

    #[test]
    fn installed_code_is_not_the_users() {
        check("/v/lib/python3.11/site-packages/pandas/a.py", false);
        check("site-packages/pandas/a.py", false);
        check("C:\\Python311\\Lib\\json\\decoder.py", false);
        check("/usr/lib/python3.11/json/decoder.py", false);
        check("/opt/py/lib/python3.13t/threading.py", false);
        check("<frozen importlib._bootstrap>", false);
        check("~", false);
        check("builtins", false);
        check("<string>", false);
        check("/x/lib/libm.so.6", false);
        check("/home/me/.cargo/registry/src/serde/lib.rs", false);
        check("/rustc/abc/library/core/src/iter.rs", false);
        check("node:internal/modules", false);
        check("node:internal/orders", false);
        check("./stdio-common/./stdio-common/vfscanf-internal.c", false);
        check("./elf/dl-lookup.c", false);
        check("./string/../sysdeps/x86_64/multiarch/memchr-avx2.S", false);
    }

    #[test]
    fn what_comes_with_the_language_is_an_operation_of_its_caller() {
        let check = |file: &str, expected: bool| {
            assert_eq!(is_of_the_language(&key(file, "f")), expected, "{file}");
        };
        check("~", true);
        check("/usr/lib/python3.11/json/decoder.py", true);
        check("./string/../sysdeps/x86_64/multiarch/strlen-avx2.S", true);
        check("./stdlib/./stdlib/msort.c", true);
        check("/usr/lib/x86_64-linux-gnu/libc.so.6", true);
        check("/rustc/abc/library/core/src/slice/mod.rs", true);
        check("/v/lib/python3.11/site-packages/pandas/a.py", false);
        check("/home/me/.cargo/registry/src/serde/lib.rs", false);
        check("/x/lib/libz.so.1", false);
        check("/home/me/words.c", false);
    }

    #[test]
    fn everything_else_is() {
        check("/home/me/strategy.py", true);
        check("/home/me/lib/python/strategy.py", true);
        check("/home/me/pythonlib/a.py", true);
        check("strategy.py", true);
        check("src/main.rs", true);
        check("internal/orders.py", true);
        check("./src/main.c", true);
        check("../mine/./main.c", true);
        check("", true);
    }

    #[test]
    fn built_in_functions_are_not_whatever_their_file() {
        let own = OwnCode::default();
        assert!(!own.holds(&key("", "<built-in method len>")));
        assert!(!own.holds(&key("", "memcpy")));
        assert!(!own.holds(&key("", "core::slice::sort")));
    }

    #[test]
    fn the_users_word_wins() {
        let own = OwnCode::new(&["site-packages/mine/".into()], &["vendor/".into()]);
        assert!(own.holds(&key("/v/lib/python3.11/site-packages/mine/a.py", "f")));
        assert!(!own.holds(&key("vendor/a.py", "f")));
        assert!(own.holds(&key("a.py", "f")));
        assert!(OwnCode::new(&[String::new()], &[String::new()]).holds(&key("a.py", "f")));
    }
}
