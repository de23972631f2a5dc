//! Where a function stands, for people.

/// `file:line`, the file alone, or what stands for neither; empty where nothing is known.
pub fn place(file: &str, line: u32) -> String {
    match (file, line) {
        ("~", _) => "built in".into(),
        ("", _) => String::new(),
        (file, 0) => file.into(),
        (file, line) => format!("{file}:{line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_as_much_as_is_known() {
        assert_eq!(place("src/a.rs", 12), "src/a.rs:12");
        assert_eq!(place("src/a.rs", 0), "src/a.rs");
        assert_eq!(place("~", 0), "built in");
        assert_eq!(place("", 3), "");
    }
}
