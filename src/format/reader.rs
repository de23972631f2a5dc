//! What every readable format can do: know its files by their first bytes, and read them.
//! It opens nothing: a reader sees bytes, so that it can be fed from a file, a test or a fuzzer.

use std::io::Read;

use crate::format::fault::Fault;
use crate::profile::Profile;

/// How much of a file's beginning a reader is shown to recognise it.
pub const HEAD_BYTES: usize = 64 * 1024;

/// A format that profiles are read from.
pub trait Reader: Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// One line for `--help`: what the format is and who writes it.
    fn about(&self) -> &'static str;

    /// Whether a file that begins with `head` is of this format; `head` is the whole file when it
    /// is shorter than [`HEAD_BYTES`].
    fn recognises(&self, head: &[u8]) -> bool;

    /// Reads a profile to the end of `input`. Memory is in proportion to the distinct functions and
    /// call edges, whatever sizes the content claims.
    ///
    /// # Errors
    /// What cannot be understood and where, a content that was cut in the middle, or a failure of
    /// `input` itself.
    fn read(&self, input: &mut dyn Read) -> Result<Profile, Fault>;
}
