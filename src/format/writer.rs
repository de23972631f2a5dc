//! What every writable format can do: turn a profile into the bytes of a file. It writes no file.

use crate::profile::Profile;

/// A format that profiles are written in.
pub trait Writer: Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// One line for `--help`: what opens the file.
    fn about(&self) -> &'static str;

    /// Whether the file is no text, so that a terminal cannot show it.
    fn is_binary(&self) -> bool {
        false
    }

    /// The content of the file. The same profile gives the same bytes, whatever the order of its
    /// functions.
    fn write(&self, profile: &Profile) -> Vec<u8>;
}
