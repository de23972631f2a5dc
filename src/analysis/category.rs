//! What kind of work a function does, by patterns on its name and path; the caller may add
//! patterns.

use crate::profile::FunctionKey;

/// A pattern and the category of what it matches: the first that matches decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pub category: String,
    /// A part of the name; empty for any name.
    pub name: String,
    /// A part of the path; empty for any path.
    pub path: String,
}

pub const WAITING: &str = "waiting";
pub const OWN: &str = "own code";
pub const OTHER: &str = "other libraries";

/// Category, part of the name, part of the path; an empty part matches anything.
const KNOWN: [(&str, &str, &str); 46] = [
    ("type checks", "isinstance", ""),
    ("type checks", "issubclass", ""),
    ("type checks", "hasattr", ""),
    ("type checks", "__instancecheck__", ""),
    ("type checks", "__subclasscheck__", ""),
    ("type checks", "is_dtype", ""),
    ("type checks", "", "/dtypes/"),
    ("type checks", "", "typing.py"),
    ("dates", "strptime", ""),
    ("dates", "strftime", ""),
    ("dates", "datetime", ""),
    ("dates", "Timestamp", ""),
    ("dates", "", "datetime.py"),
    ("dates", "", "calendar"),
    ("dates", "", "/pytz/"),
    ("dates", "", "/dateutil/"),
    ("dates", "", "zoneinfo"),
    ("dates", "", "/tslibs/"),
    ("dates", "", "/arrays/datetimes.py"),
    ("input and output", "posix.", ""),
    ("input and output", "io.open", ""),
    ("input and output", "'write' of", ""),
    ("input and output", "'read' of", ""),
    ("input and output", "'send", ""),
    ("input and output", "", "/logging/"),
    ("input and output", "", "socket.py"),
    ("input and output", "", "ssl.py"),
    ("input and output", "", "/urllib"),
    ("input and output", "", "/http/"),
    ("input and output", "", "site-packages/requests/"),
    ("input and output", "", "/json/"),
    ("input and output", "", "sqlite3"),
    ("input and output", "", "/io/"),
    ("data", "", "site-packages/pandas/"),
    ("data", "", "site-packages/numpy/"),
    ("data", "", "site-packages/polars/"),
    ("data", "", "site-packages/pyarrow/"),
    ("data", "", "site-packages/scipy/"),
    ("data", "numpy.", ""),
    ("data", "pandas.", ""),
    ("data", "of 'dict' objects", ""),
    ("data", "of 'list' objects", ""),
    ("interpreter", "<built-in", ""),
    ("interpreter", "<method '", ""),
    ("interpreter", "", "<frozen"),
    ("interpreter", "", "importlib"),
];

/// The category of a function.
///
/// `further`: patterns that are tried before the known ones; `waits` and `own_code` as judged
/// elsewhere.
pub fn category(key: &FunctionKey, waits: bool, own_code: bool, further: &[Pattern]) -> String {
    let matches = |name: &str, path: &str| key.name.contains(name) && key.file.contains(path);
    if let Some(pattern) = further.iter().find(|pattern| matches(&pattern.name, &pattern.path)) {
        return pattern.category.clone();
    }
    if waits {
        return WAITING.into();
    }
    if own_code {
        return OWN.into();
    }
    let known = KNOWN.iter().find(|(_, name, path)| matches(name, path));
    match known {
        Some((category, _, _)) => (*category).into(),
        None if key.file == "~" || key.file == "builtins" => "interpreter".into(),
        None => OTHER.into(),
    }
}

/// The module that a function belongs to: the package below the package folder, or the file.
///
/// Example: `site-packages/pandas/core/frame.py` is `pandas`, `/home/me/strategy.py` is
/// `strategy.py`.
pub fn module(key: &FunctionKey) -> &str {
    let file = key.file.as_str();
    if let Some(below) = file.strip_prefix("site-packages/") {
        let package = below.split('/').next().unwrap_or(below);
        return package.strip_suffix(".py").unwrap_or(package);
    }
    match file {
        "" => key.name.split("::").next().unwrap_or_default(),
        "~" | "builtins" => "built-in",
        file => file.rsplit(['/', '\\']).next().unwrap_or(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, file: &str) -> FunctionKey {
        FunctionKey { name: name.into(), file: file.into(), line: 1 }
    }

    #[test]
    fn every_function_has_one_category() {
        let check = |name: &str, file: &str, waits: bool, own: bool, expected: &str| {
            assert_eq!(category(&key(name, file), waits, own, &[]), expected, "{name}");
        };
        check("<built-in method builtins.isinstance>", "~", false, false, "type checks");
        check("<built-in method posix.open>", "~", false, false, "input and output");
        check("<built-in method builtins.len>", "~", false, false, "interpreter");
        check("concat", "site-packages/pandas/core/reshape/concat.py", false, false, "data");
        check("localize", "site-packages/pytz/tzinfo.py", false, false, "dates");
        check("acquire", "~", true, false, "waiting");
        check("on_iteration", "strategy.py", false, true, "own code");
        check("render", "site-packages/jinja2/a.py", false, false, "other libraries");
    }

    #[test]
    fn added_patterns_come_first() {
        let mine =
            [Pattern { category: "orders".into(), name: "submit".into(), path: String::new() }];
        assert_eq!(category(&key("submit_order", "a.py"), false, true, &mine), "orders");
    }

    #[test]
    fn a_module_is_a_package_or_a_file() {
        let check =
            |name: &str, file: &str, expected| assert_eq!(module(&key(name, file)), expected);
        check("f", "site-packages/pandas/core/frame.py", "pandas");
        check("f", "site-packages/six.py", "six");
        check("f", "/home/me/strategy.py", "strategy.py");
        check("f", "~", "built-in");
        check("portal::read", "", "portal");
    }
}
