//! Sizes as people write them: `1000,2000,4000`, `1k,2k,4k`, or `1k..1M x2`.

use crate::error::Error;
use crate::error::Result;

/// The most sizes of one scan.
const MOST: usize = 100;
/// Fewer give no verdict.
const LEAST: usize = 3;
const HINT: &str = "write `--sizes 1000,2000,4000,8000`, or `--sizes 1k..1M x2`";

/// Reads `text`: the sizes from the smallest to the largest.
///
/// # Errors
/// What is wrong with it, and how it is written.
/// Example: `1k..8k x2` is 1000, 2000, 4000, 8000.
pub fn sizes(text: &str) -> Result<Vec<f64>> {
    let mut sizes = match text.split_once("..") {
        Some((first, rest)) => range(first, rest)?,
        None => text.split(',').map(size).collect::<Result<_>>()?,
    };
    sizes.sort_by(f64::total_cmp);
    if let Some(twice) = sizes.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = format!("size {} is given twice", twice[0]);
        return Err(Error::usage(
            message,
            "give it once, and measure it more often with `--repeat`",
        ));
    }
    if sizes.len() < LEAST {
        let given = if sizes.len() == 1 { "one size gives" } else { "two sizes give" };
        let message =
            format!("{given} no verdict: at least three are needed, four or more are better");
        return Err(Error::usage(message, HINT));
    }
    if sizes.len() > MOST {
        return Err(too_many());
    }
    Ok(sizes)
}

/// Whether `word` says by which factor sizes grow, as in `1k..1M x2`.
pub fn is_factor(word: &str) -> bool {
    word.strip_prefix('x').is_some_and(|factor| factor.parse::<f64>().is_ok())
}

/// `1k`, and `1M x2` or `1Mx2`.
fn range(first: &str, rest: &str) -> Result<Vec<f64>> {
    let Some((last, factor)) = rest.split_once('x') else {
        let message = format!("`{first}..{rest}` does not say by which factor sizes grow");
        return Err(Error::usage(message, format!("write `{first}..{} x2`", rest.trim())));
    };
    let (first, last) = (size(first)?, size(last)?);
    let factor = factor.trim().parse().ok().filter(|factor: &f64| factor.is_finite());
    let Some(factor) = factor.filter(|factor| *factor > 1.0) else {
        return Err(Error::usage("sizes must grow by a factor above 1", HINT));
    };
    if last < first {
        let message = format!("the last size {last} is below the first, {first}");
        return Err(Error::usage(message, format!("write `{last}..{first} x{factor}`")));
    }
    let mut sizes = Vec::new();
    let mut next = first;
    // A sum of roundings must not lose the last size.
    while next <= last * (1.0 + 1e-9) {
        sizes.push(rounded(next, first));
        next *= factor;
        if sizes.len() > MOST {
            return Err(too_many());
        }
    }
    sizes.dedup();
    Ok(sizes)
}

/// Whole where the first size is whole.
fn rounded(size: f64, first: f64) -> f64 {
    if first.fract() == 0.0 { size.round() } else { size }
}

/// `1000`, `1k`, `2.5M`, `1G`; the suffixes are powers of a thousand.
fn size(text: &str) -> Result<f64> {
    let text = text.trim();
    let refused = |why: &str| Err(Error::usage(format!("`{text}` is no size: {why}"), HINT));
    let (digits, factor) = match text.chars().last() {
        Some('k' | 'K') => (&text[..text.len() - 1], 1e3),
        Some('M') => (&text[..text.len() - 1], 1e6),
        Some('G') => (&text[..text.len() - 1], 1e9),
        Some('m' | 'g') => return refused("the suffixes are `k`, `M` and `G`"),
        None => return refused("there is nothing between the commas"),
        Some(_) => (text, 1.0),
    };
    match digits.parse::<f64>().map(|number| number * factor) {
        Ok(size) if size.is_finite() && size > 0.0 => Ok(size),
        Ok(_) => refused("it is not above 0"),
        Err(_) => refused("it is not a number such as `1000`, `1k` or `2.5M`"),
    }
}

fn too_many() -> Error {
    Error::usage(format!("there are more than {MOST} sizes"), "let them grow by a larger factor")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[f64]) {
        assert_eq!(sizes(text).unwrap(), expected, "{text}");
    }

    #[track_caller]
    fn check_refused(text: &str, message: &str) {
        let error = sizes(text).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(error.hint().is_some() && error.exit_code() == 2);
    }

    #[test]
    fn reads_lists_and_ranges() {
        check("1000,2000,4000", &[1e3, 2e3, 4e3]);
        check("4k, 1k ,2k", &[1e3, 2e3, 4e3]);
        check("1k..8k x2", &[1e3, 2e3, 4e3, 8e3]);
        check("1k..9kx2", &[1e3, 2e3, 4e3, 8e3]);
        check("1k..1M x10", &[1e3, 1e4, 1e5, 1e6]);
        check("10..100 x1.5", &[10.0, 15.0, 23.0, 34.0, 51.0, 76.0]);
        check("0.5,1.5M,2G", &[0.5, 1.5e6, 2e9]);
    }

    #[test]
    fn says_what_is_wrong() {
        check_refused(
            "1000",
            "one size gives no verdict: at least three are needed, four or more are better",
        );
        check_refused(
            "1,2",
            "two sizes give no verdict: at least three are needed, four or more are better",
        );
        check_refused("1,2,2", "size 2 is given twice");
        check_refused("1,,2", "`` is no size: there is nothing between the commas");
        check_refused("1,2m,3", "`2m` is no size: the suffixes are `k`, `M` and `G`");
        check_refused("1,0,3", "`0` is no size: it is not above 0");
        check_refused("1,nan,3", "`nan` is no size: it is not above 0");
        check_refused("1,x,3", "`x` is no size: it is not a number such as `1000`, `1k` or `2.5M`");
        check_refused("1k..1M", "`1k..1M` does not say by which factor sizes grow");
        check_refused("1k..1M x1", "sizes must grow by a factor above 1");
        check_refused("1M..1k x2", "the last size 1000 is below the first, 1000000");
        check_refused("1..1M x1.0001", "there are more than 100 sizes");
    }
}
