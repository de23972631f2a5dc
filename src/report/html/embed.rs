//! What is carried inside the page: data as JSON that ends no element, and the digests that let the
//! page's own script and style run and no others.

use serde::Serialize;
use sha2::Digest as _;
use sha2::Sha256;

use crate::error::Error;
use crate::error::Result;

/// `data` as an element of JSON that a script finds by `id`. Nothing in it is markup: `<`, `>` and
/// `&` are escaped, and so are the line ends that JSON allows and older scripts do not.
///
/// # Errors
/// A bug: the data of the page can be written.
pub fn json(id: &str, data: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(data).map_err(|error| Error::bug(error.to_string()))?;
    let mut safe = String::with_capacity(text.len() + 256);
    for letter in text.chars() {
        match letter {
            '<' => safe += "\\u003c",
            '>' => safe += "\\u003e",
            '&' => safe += "\\u0026",
            '\u{2028}' => safe += "\\u2028",
            '\u{2029}' => safe += "\\u2029",
            letter => safe.push(letter),
        }
    }
    Ok(format!("<script type=\"application/json\" id=\"{id}\">{safe}</script>\n"))
}

/// The source expression of a policy for an element with this text: `'sha256-…'`.
pub fn digest(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text)))
}

/// Base 64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for position in 0..4 {
            let index = (bits >> (18 - 6 * position) & 63) as usize;
            text.push(if position > group.len() { '=' } else { char::from(LETTERS[index]) });
        }
    }
    text
}

/// Four significant digits, which is what a page shows and more; whole numbers, such as counts, as
/// they are. `None` when not finite.
///
/// Example: 9.253812 is 9.254, and 87,552 stays 87,552.
pub fn rounded(value: f64) -> Option<f64> {
    /// Below it every whole number is exact.
    const WHOLE: f64 = 9e15;
    if value.fract() == 0.0 && value.abs() < WHOLE {
        return Some(value);
    }
    format!("{value:.3e}").parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_ends_no_element() {
        let attack = "</script><script>alert(1)</script>\u{2028}<!--&";
        let text = json("data", &[attack]).unwrap();
        let inside = text.split_once('>').unwrap().1.strip_suffix("</script>\n").unwrap();
        assert!(!inside.contains(['<', '>', '&', '\u{2028}']));
        let back: Vec<String> = serde_json::from_str(inside).unwrap();
        assert_eq!(back, [attack]);
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        let check = |text: &str, expected: &str| assert_eq!(base64(text.as_bytes()), expected);
        check("", "");
        check("f", "Zg==");
        check("fo", "Zm8=");
        check("foo", "Zm9v");
        check("foobar", "Zm9vYmFy");
        // Of the empty text, as every list of known digests has it.
        assert_eq!(digest(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }

    #[test]
    fn numbers_have_four_digits() {
        assert_eq!(rounded(9.253_812), Some(9.254));
        assert_eq!(rounded(87_552.0), Some(87_552.0));
        assert_eq!(rounded(f64::NAN), None);
    }
}
