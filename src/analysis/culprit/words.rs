//! Growth in words, as a person would say it.

/// `n^1.98`; whole exponents as `n`, `n²`, `n³`, and none as `1`.
///
/// Example: 1.99 is `n²` (within 0.015), 1.98 is `n^1.98`.
pub fn power(exponent: f64) -> String {
    const WHOLE: [(f64, &str); 4] = [(0.0, "1"), (1.0, "n"), (2.0, "n²"), (3.0, "n³")];
    WHOLE
        .iter()
        .find(|(whole, _)| (exponent - whole).abs() < 0.015)
        .map_or_else(|| format!("n^{exponent:.2}"), |(_, word)| (*word).to_string())
}

/// Exponent of the cost of one call, so that the exponents told of a function add up.
///
/// `total`: exponent of the cost in all; `calls`: of the number of calls.
/// Source: cost in all = calls × cost per call.
/// Example: n^2.32 in all by n calls is n^1.32 per call.
pub fn per_call(total: f64, calls: f64) -> f64 {
    total - calls
}

/// How calls and the cost of each make up a cumulative cost.
///
/// `calls`, `total`: exponents; `most_calls`: calls in the run with the most.
/// Example: 1.0 and 1.98 are "called n times, each call costs n^0.98".
pub fn decomposition(calls: f64, total: f64, most_calls: f64) -> String {
    let each = per_call(total, calls);
    let each = if each.abs() < FLAT {
        "each call costs the same".to_string()
    } else {
        format!("each call costs {}", power(each))
    };
    format!(
        "{}, {}",
        called(calls, most_calls),
        if most_calls <= 1.0 { each.replace("each call", "the call") } else { each }
    )
}

/// "called n times", "called once", "called equally often at every size".
pub fn called(calls: f64, most_calls: f64) -> String {
    if most_calls <= 1.0 {
        "called once".into()
    } else if calls.abs() < FLAT {
        "called equally often at every size".into()
    } else {
        format!("called {} times", power(calls))
    }
}

/// Exponents below this are no growth that is worth a word.
const FLAT: f64 = 0.05;

/// A list as it is read aloud: `a`, `a and b`, `a, b and c`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_powers_have_their_own_words() {
        let check = |exponent, expected| assert_eq!(power(exponent), expected);
        check(0.0, "1");
        check(1.01, "n");
        check(1.98, "n^1.98");
        check(2.0, "n²");
        check(3.0, "n³");
        check(-0.5, "n^-0.50");
    }

    #[test]
    fn says_how_often_and_at_what_cost() {
        let check =
            |calls, total, most, expected| assert_eq!(decomposition(calls, total, most), expected);
        check(1.0, 1.98, 300.0, "called n times, each call costs n^0.98");
        check(2.0, 2.01, 300.0, "called n² times, each call costs the same");
        check(0.0, 2.0, 1.0, "called once, the call costs n²");
        check(0.0, 1.0, 4.0, "called equally often at every size, each call costs n");
    }

    #[test]
    fn lists_are_read_aloud() {
        let check = |names: &[&str], expected| {
            assert_eq!(
                listed(&names.iter().map(ToString::to_string).collect::<Vec<_>>()),
                expected
            );
        };
        check(&[], "");
        check(&["a"], "a");
        check(&["a", "b", "c"], "a, b and c");
    }
}
