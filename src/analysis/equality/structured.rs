//! JSON and CSV compared by what they mean: the first places that differ, named.

use serde_json::Value;

use crate::analysis::equality::number;
use crate::plan::suite::OutputRule;

/// Places that are named; the rest is not looked for.
pub const MOST_PLACES: usize = 5;
/// Letters of a value that are shown.
const LONGEST: usize = 60;

/// The first places at which two JSON texts differ; none when they are equal.
///
/// # Errors
/// Which of the two is not JSON, and why.
pub fn json(before: &[u8], after: &[u8], rule: OutputRule) -> Result<Vec<String>, String> {
    let read = |version: &str, text: &[u8]| {
        let value = serde_json::from_slice::<Value>(text);
        value.map_err(|error| format!("that of the {version} is not JSON: {error}"))
    };
    let (mut before, mut after) = (read("baseline", before)?, read("optimised version", after)?);
    if rule.any_order {
        sort(&mut before);
        sort(&mut after);
    }
    let mut places = Vec::new();
    walk("$", &before, &after, rule.tolerance, &mut places);
    Ok(places)
}

/// The same of two CSV texts; their first rows are taken for headings.
///
/// # Errors
/// Which of the two is not CSV, and why.
pub fn csv(before: &[u8], after: &[u8], rule: OutputRule) -> Result<Vec<String>, String> {
    let mut before = rows("baseline", before)?;
    let mut after = rows("optimised version", after)?;
    if rule.any_order {
        before.get_mut(1..).unwrap_or_default().sort();
        after.get_mut(1..).unwrap_or_default().sort();
    }
    let mut places = Vec::new();
    for (number, (first, second)) in before.iter().zip(&after).enumerate() {
        if first.len() != second.len() {
            places.push(format!(
                "row {}: {} cells became {}",
                number + 1,
                first.len(),
                second.len()
            ));
        }
        for (column, (a, b)) in first.iter().zip(second).enumerate() {
            if !number::same_text(a, b, rule.tolerance) {
                let heading = before.first().and_then(|row| row.get(column));
                let heading = heading.map_or_else(String::new, |name| shown(name));
                let (a, b) = (shown(a), shown(b));
                places.push(format!("row {}, column `{heading}`: {a} became {b}", number + 1));
            }
        }
        if places.len() >= MOST_PLACES {
            places.truncate(MOST_PLACES);
            return Ok(places);
        }
    }
    if before.len() != after.len() {
        places.push(format!("{} rows became {}", before.len(), after.len()));
    }
    Ok(places)
}

fn rows(version: &str, text: &[u8]) -> Result<Vec<Vec<String>>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let records = reader.records().map(|record| {
        record
            .map(|record| record.iter().map(String::from).collect())
            .map_err(|error| format!("that of the {version} is not CSV: {error}"))
    });
    records.collect()
}

fn walk(place: &str, before: &Value, after: &Value, tolerance: f64, places: &mut Vec<String>) {
    if places.len() >= MOST_PLACES {
        return;
    }
    match (before, after) {
        (Value::Array(first), Value::Array(second)) => {
            for (index, (a, b)) in first.iter().zip(second).enumerate() {
                walk(&format!("{place}[{index}]"), a, b, tolerance, places);
            }
            if first.len() != second.len() {
                places.push(format!("{place}: {} entries became {}", first.len(), second.len()));
            }
        }
        (Value::Object(first), Value::Object(second)) => {
            for (key, a) in first {
                match second.get(key) {
                    Some(b) => walk(&format!("{place}.{key}"), a, b, tolerance, places),
                    None => places.push(format!("{place}.{key} is gone")),
                }
            }
            let added = second.keys().filter(|key| !first.contains_key(*key));
            places.extend(added.map(|key| format!("{place}.{key} is new")));
        }
        (Value::Number(a), Value::Number(b)) => {
            let (x, y) = (a.as_f64(), b.as_f64());
            let same = x.zip(y).is_some_and(|(x, y)| number::close(x, y, tolerance));
            if !same {
                places.push(format!("{place}: {a} became {b}"));
            }
        }
        (a, b) if a == b => {}
        (a, b) => {
            let (a, b) = (shown(&a.to_string()), shown(&b.to_string()));
            places.push(format!("{place}: {a} became {b}"));
        }
    }
    places.truncate(MOST_PLACES);
}

/// Puts the entries of every list into an order of their own.
fn sort(value: &mut Value) {
    match value {
        Value::Array(entries) => {
            entries.iter_mut().for_each(sort);
            entries.sort_by_cached_key(Value::to_string);
        }
        Value::Object(entries) => entries.values_mut().for_each(sort),
        _ => {}
    }
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(any_order: bool) -> OutputRule {
        OutputRule { any_order, ..OutputRule::default() }
    }

    fn check_json(before: &str, after: &str, any_order: bool, places: &[&str]) {
        assert_eq!(json(before.as_bytes(), after.as_bytes(), rule(any_order)).unwrap(), places);
    }

    fn check_csv(before: &str, after: &str, any_order: bool, places: &[&str]) {
        assert_eq!(csv(before.as_bytes(), after.as_bytes(), rule(any_order)).unwrap(), places);
    }

    #[test]
    fn json_is_compared_by_value() {
        check_json(r#"{"a": 1, "b": [1.0]}"#, r#"{"b":[1.00000000001],"a":1.0}"#, false, &[]);
        check_json(r#"{"a": [1, 2]}"#, r#"{"a": [1, 3]}"#, false, &["$.a[1]: 2 became 3"]);
        check_json("[1, 2]", "[2, 1]", true, &[]);
        check_json("[1, 2]", "[1]", false, &["$: 2 entries became 1"]);
        check_json(r#"{"a": 1}"#, r#"{"b": 1}"#, false, &["$.a is gone", "$.b is new"]);
        check_json(r#"{"a": null}"#, r#"{"a": "x"}"#, false, &["$.a: null became \"x\""]);
        let error = json(b"{}", b"{", rule(false)).unwrap_err();
        assert!(error.starts_with("that of the optimised version is not JSON: "), "{error}");
    }

    #[test]
    fn csv_is_compared_by_cell() {
        check_csv("day,pnl\n1,2.0\n", "day,pnl\n1,2.00000000001\n", false, &[]);
        let place = "row 2, column `pnl`: 2.0 became 2.1";
        check_csv("day,pnl\n1,2.0\n", "day,pnl\n1,2.1\n", false, &[place]);
        check_csv("d\n1\n2\n", "d\n2\n1\n", true, &[]);
        check_csv("d\n1\n2\n", "d\n1\n", false, &["3 rows became 2"]);
        check_csv("a,b\n", "a\n", false, &["row 1: 2 cells became 1"]);
        check_csv("", "", true, &[]);
        assert!(csv(b"\xff,1\n", b"a\n", rule(false)).is_err());
    }
}
