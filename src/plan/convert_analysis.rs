//! The settings of the analysis, checked. What they lead to is the judging side's affair.

use rust_decimal::Decimal;

use crate::plan::found::Found;
use crate::plan::model::AnalysisSettings;
use crate::plan::model::Category;
use crate::plan::problem::Step;
use crate::plan::wire_analysis::AnalysisWire;
use crate::plan::wire_analysis::CategoryWire;

/// Checks what a plan says of judging.
///
/// `bands`: the words for exponents and where each ends, rising; the last has no end.
pub fn analysis(
    found: &mut Found,
    wire: &AnalysisWire,
    bands: &[(&str, Option<f64>)],
) -> AnalysisSettings {
    let at = |key: &str| vec![Step::from("settings"), Step::from("analysis"), Step::from(key)];
    if let Some(text) = wire.size_by.as_deref().filter(|text| !is_measure(text)) {
        found.push(
            &at("size_by"),
            format!("`{text}` is no measure of size"),
            "name a function whose calls are the size, for example `calls:on_iteration`",
        );
    }
    if let Some(size) = wire.at.filter(|size| !(size.is_finite() && *size > 0.0)) {
        found.push(&at("at"), format!("`at` {size} is not above 0"), "give a size above 0");
    }
    for (key, list) in [
        ("user_paths", &wire.user_paths),
        ("library_paths", &wire.library_paths),
        ("waiting", &wire.waiting),
    ] {
        if list.iter().any(String::is_empty) {
            let problem = format!("`{key}` holds an empty word, which every function would match");
            found.push(&at(key), problem, "remove it");
        }
    }
    let whole = Decimal::ZERO..=Decimal::ONE_HUNDRED;
    if let Some(share) = wire.least_share_percent.filter(|share| !whole.contains(share)) {
        let problem = format!("`least_share_percent` {share} is no percentage");
        found.push(&at("least_share_percent"), problem, "give a number from 0 to 100");
    }
    if wire.most_functions == Some(0) {
        found.push(&at("most_functions"), "`most_functions` is 0", "give at least 1");
    }
    check_bands(found, &at("bands"), wire, bands);
    let category = |(index, one)| category(found, &at("categories"), index, one);
    AnalysisSettings {
        categories: wire.categories.iter().enumerate().map(category).collect(),
        size_by: wire.size_by.clone(),
        at: wire.at,
        user_paths: wire.user_paths.clone(),
        library_paths: wire.library_paths.clone(),
        waiting: wire.waiting.clone(),
        bands: wire.bands.iter().map(|(name, end)| (name.clone(), *end)).collect(),
        least_share_percent: wire.least_share_percent,
        most_functions: wire.most_functions,
    }
}

fn is_measure(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(kind, name)| matches!(kind, "calls" | "counter") && !name.is_empty())
}

fn category(found: &mut Found, at: &[Step], index: usize, wire: &CategoryWire) -> Category {
    let at: Vec<Step> = at.iter().cloned().chain([Step::from(index)]).collect();
    if wire.category.trim().is_empty() {
        found.push(&at, "this category has no name", "give it one in `category`");
    }
    if wire.name.is_empty() && wire.path.is_empty() {
        let problem = "this category would hold every function";
        found.push(&at, problem, "give a part of a `name` or of a `path`");
    }
    let CategoryWire { category, name, path } = wire.clone();
    Category { category, name, path }
}

/// The words must be known, and the ends rise when those that are moved are put among the others.
fn check_bands(found: &mut Found, at: &[Step], wire: &AnalysisWire, bands: &[(&str, Option<f64>)]) {
    let before = found.problems.len();
    let movable: Vec<&str> =
        bands.iter().filter(|(_, end)| end.is_some()).map(|(name, _)| *name).collect();
    for name in wire.bands.keys() {
        let at: Vec<Step> = at.iter().cloned().chain([Step::from(name.as_str())]).collect();
        found.known(&at, "band", name, &movable);
    }
    if found.problems.len() > before {
        return;
    }
    let ends: Vec<(&str, f64)> = bands
        .iter()
        .filter_map(|(name, usual)| Some((*name, wire.bands.get(*name).copied().or(*usual)?)))
        .collect();
    for pair in ends.windows(2) {
        let [(lower, low), (upper, high)] = [pair[0], pair[1]];
        if low.partial_cmp(&high) != Some(std::cmp::Ordering::Less) {
            let problem = format!("`{lower}` would end at {low}, `{upper}` above it at {high}");
            found.push(at, problem, "let the ends rise from band to band");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    const BANDS: [(&str, Option<f64>); 3] =
        [("linear", Some(1.1)), ("n log n", Some(1.3)), ("steep", None)];

    fn converted(json: Value) -> (AnalysisSettings, Found) {
        let mut found = Found::default();
        let wire = serde_json::from_value(json).unwrap();
        (analysis(&mut found, &wire, &BANDS), found)
    }

    #[track_caller]
    fn check(json: Value, problem: &str) {
        let (_, found) = converted(json);
        let problems: Vec<&str> = found.problems.iter().map(|p| p.problem.as_str()).collect();
        assert_eq!(problems, [problem]);
    }

    #[test]
    fn says_what_is_wrong() {
        check(json!({ "size_by": "days" }), "`days` is no measure of size");
        check(json!({ "size_by": "calls:" }), "`calls:` is no measure of size");
        check(json!({ "at": 0 }), "`at` 0 is not above 0");
        check(
            json!({ "waiting": [""] }),
            "`waiting` holds an empty word, which every function would match",
        );
        check(json!({ "least_share_percent": 101 }), "`least_share_percent` 101 is no percentage");
        check(json!({ "most_functions": 0 }), "`most_functions` is 0");
        check(
            json!({ "categories": [{ "category": "x" }] }),
            "this category would hold every function",
        );
        check(
            json!({ "categories": [{ "category": " ", "name": "f" }] }),
            "this category has no name",
        );
        check(
            json!({ "bands": { "liner": 1.2 } }),
            "unknown band `liner` (known: `linear`, `n log n`)",
        );
        check(
            json!({ "bands": { "steep": 3 } }),
            "unknown band `steep` (known: `linear`, `n log n`)",
        );
        check(
            json!({ "bands": { "linear": 1.4 } }),
            "`linear` would end at 1.4, `n log n` above it at 1.3",
        );
    }

    #[test]
    fn what_is_right_is_kept() {
        let (settings, found) = converted(json!({
            "size_by": "calls:a.py:f", "at": 365, "user_paths": ["mine/"], "waiting": ["pause"],
            "categories": [{ "category": "orders", "name": "submit" }],
            "bands": { "linear": 1.2 }, "least_share_percent": 0.5,
        }));
        assert!(found.problems.is_empty());
        assert_eq!(settings.bands, [("linear".to_string(), 1.2)]);
        assert_eq!(settings.least_share_percent, Some(Decimal::new(5, 1)));
        assert_eq!(settings.categories[0].name, "submit");
        assert_eq!(converted(json!({})).0, AnalysisSettings::default());
    }
}
