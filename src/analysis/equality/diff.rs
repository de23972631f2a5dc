//! Two texts side by side as a person reads them: the first stretch that differs, with its
//! surroundings.

use similar::ChangeTag;
use similar::TextDiff;

/// Lines shown around the first difference.
const AROUND: usize = 3;
/// Lines of either text that are looked at from there on.
const MOST_LINES: usize = 40;
/// Letters of a line that are shown.
const LONGEST: usize = 160;

/// The first stretch in which `before` and `after` differ, each line marked ` `, `-` or `+`.
/// Empty when they do not.
pub fn diff(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    if same == old.len() && same == new.len() {
        return String::new();
    }
    let from = same.saturating_sub(AROUND);
    let window = |lines: &[&str]| -> Vec<String> {
        let rest = lines.iter().skip(from).take(MOST_LINES);
        rest.map(|line| line.chars().take(LONGEST).collect()).collect()
    };
    let (old, new) = (window(&old), window(&new));
    let old: Vec<&str> = old.iter().map(String::as_str).collect();
    let new: Vec<&str> = new.iter().map(String::as_str).collect();
    let mut text = format!("@@ from line {} @@\n", from + 1);
    for change in TextDiff::from_slices(&old, &new).iter_all_changes() {
        let mark = match change.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        text.push(mark);
        text.extend(change.value().chars().map(printable));
        text.push('\n');
    }
    text
}

fn printable(letter: char) -> char {
    if letter.is_control() && letter != '\t' { '·' } else { letter }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_first_difference_with_what_is_around_it() {
        let before = "a\nb\nc\nd\ne\nf\n";
        let after = "a\nb\nc\nd\nE\nf\n";
        assert_eq!(diff(before, after), "@@ from line 2 @@\n b\n c\n d\n-e\n+E\n f\n");
        assert_eq!(diff("a\n", "a\nb\n"), "@@ from line 1 @@\n a\n+b\n");
        assert_eq!(diff("a", "a"), "");
    }

    #[test]
    fn a_large_difference_is_bounded() {
        let before: String = (0..100_000).map(|n| format!("{n}\n")).collect();
        let after: String = (0..100_000).map(|n| format!("{n} \u{1b}[31m\n")).collect();
        let shown = diff(&before, &after);
        assert!(shown.lines().count() <= 2 * MOST_LINES + 1 && !shown.contains('\u{1b}'));
    }
}
