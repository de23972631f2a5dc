//! Documents as JSON: the one way in which all of them are written.

use serde::Serialize;

use crate::error::Error;
use crate::error::Result;

/// `document` as indented UTF-8 JSON with a final line break.
///
/// # Errors
/// A bug: plain data has no value that JSON cannot hold.
pub fn pretty(document: &impl Serialize) -> Result<String> {
    serde_json::to_string_pretty(document)
        .map(|text| text + "\n")
        .map_err(|error| Error::bug(error.to_string()))
}
