//! The name of a function as its author wrote it, from the one that the linker knows.

use std::borrow::Cow;

/// `symbol` without its mangling, where it has one: Rust's (both kinds, without the hash) or C++'s.
///
/// Example: `_ZN5parse4scan17h0123456789abcdefE` is `parse::scan`, `_ZN1a1bEi` is `a::b(int)`.
pub fn demangled(symbol: &str) -> Cow<'_, str> {
    if let Ok(rust) = rustc_demangle::try_demangle(symbol) {
        return Cow::Owned(format!("{rust:#}"));
    }
    if !symbol.starts_with("_Z") {
        return Cow::Borrowed(symbol);
    }
    let name = cpp_demangle::Symbol::new(symbol).ok().and_then(|name| name.demangle().ok());
    name.map_or(Cow::Borrowed(symbol), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_their_author_wrote_them() {
        let check = |symbol, name| assert_eq!(demangled(symbol), name, "{symbol}");
        check("_ZN5parse4scan17h0123456789abcdefE", "parse::scan");
        check("_RNvCskwGfYPst2Cb_3foo16example_function", "foo::example_function");
        check("_ZN1a1bEi", "a::b(int)");
        check(
            "_Z9quadraticRKSt6vectorIiSaIiEE",
            "quadratic(std::vector<int, std::allocator<int> > const&)",
        );
        check("main", "main");
        check("_Znonsense", "_Znonsense");
        check("", "");
    }
}
