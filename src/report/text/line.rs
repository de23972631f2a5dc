//! Sentences broken into lines of a given width.

use crate::report::name;

/// `text` behind `bullet`, broken at blanks into lines of at most `width` columns, later lines
/// indented under the first. A word that is longer than a line is left whole.
pub fn wrapped(text: &str, bullet: &str, width: usize) -> Vec<String> {
    let indent = " ".repeat(bullet.len());
    let mut lines = Vec::new();
    let mut line = String::from(bullet);
    let mut used = bullet.len();
    let mut empty = true;
    for word in unbroken(text) {
        let length = name::width(&word);
        if !empty && used + 1 + length > width {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            used = indent.len();
            empty = true;
        }
        if !empty {
            line.push(' ');
            used += 1;
        }
        line += &word;
        used += length;
        empty = false;
    }
    lines.push(line);
    lines
}

/// The words of a sentence, where a figure and its unit, or the two ends of an interval, are one.
fn unbroken(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last) if belong(last, word) => *last += &format!(" {word}"),
            _ => words.push(word.into()),
        }
    }
    words
}

fn belong(last: &str, word: &str) -> bool {
    const UNITS: [&str; 13] =
        ["%", "s", "ms", "µs", "us", "ns", "min", "h", "d", "days", "runs", "MiB", "GiB"];
    let unit = word.trim_end_matches([',', ';', ':', '.', ')']);
    let of_figure = last.ends_with(|letter: char| letter.is_ascii_digit()) && UNITS.contains(&unit);
    of_figure || last.starts_with('[') && last.ends_with(',') && word.ends_with(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, bullet: &str, width: usize, expected: &[&str]) {
        assert_eq!(wrapped(text, bullet, width), expected);
    }

    #[test]
    fn breaks_at_blanks() {
        check("one two three", "", 7, &["one two", "three"]);
        check("one two three", "* ", 7, &["* one", "  two", "  three"]);
        check("a verylongword b", "", 4, &["a", "verylongword", "b"]);
        check("大小 大小", "", 6, &["大小", "大小"]);
        check("", "* ", 10, &["* "]);
        check("it took 12.3 s, so", "", 10, &["it took", "12.3 s, so"]);
        check("n^2 [1.9, 2.1] of", "", 8, &["n^2", "[1.9, 2.1]", "of"]);
    }
}
