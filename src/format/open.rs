//! From a path to a profile: the format is recognised by the content, never by the name.

use std::io::Read;
use std::path::Path;

use crate::error::Result;
use crate::format::catalog::ALL;
use crate::format::fault::Fault;
use crate::format::gzip;
use crate::format::reader::HEAD_BYTES;
use crate::format::reader::Reader;
use crate::profile::Profile;
use crate::system::file;

/// Reads the profile in the file at `path`, whatever known format it is in.
///
/// # Errors
/// When the file cannot be read, is of no known format, or cannot be understood: where and why.
pub fn read_profile(path: &Path) -> Result<Profile> {
    let mut input = file::open(path)?;
    read(&mut input).map_err(|fault| fault.at(path))
}

/// Reads a profile from memory, whatever known format it is in.
///
/// # Errors
/// As [`read_profile`], without the file.
pub fn read_bytes(mut content: &[u8]) -> std::result::Result<Profile, Fault> {
    read(&mut content)
}

fn read(input: &mut dyn Read) -> std::result::Result<Profile, Fault> {
    let head = head(input)?;
    if !gzip::is_packed(&head) {
        return plain(&head, input);
    }
    let mut unpacked = gzip::unpacked(head.chain(input));
    let head = self::head(&mut unpacked)?;
    plain(&head, &mut unpacked)
}

fn head(input: &mut dyn Read) -> std::result::Result<Vec<u8>, Fault> {
    let mut head = Vec::new();
    input.take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(Fault::Input)?;
    Ok(head)
}

fn plain(head: &[u8], input: &mut dyn Read) -> std::result::Result<Profile, Fault> {
    let reader = recognise(head)?;
    reader.read(&mut head.chain(input))
}

fn recognise(head: &[u8]) -> std::result::Result<&'static dyn Reader, Fault> {
    if head.is_empty() {
        return Err(Fault::new(
            "the file is empty",
            "measure again: the program may have ended before its profile was saved",
        ));
    }
    let known = || {
        let names: Vec<String> = ALL.iter().map(|one| format!("`{}`", one.name())).collect();
        names.join(", ")
    };
    ALL.into_iter().find(|reader| reader.recognises(head)).ok_or_else(|| {
        Fault::new(
            "the content is of no known format",
            format!("give a profile in one of the known formats: {}", known()),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: &[u8], message: &str) {
        let error = read_bytes(content).unwrap_err().at(Path::new("p"));
        assert_eq!(error.to_string(), message);
        assert!(error.hint().is_some());
    }

    #[test]
    fn refuses_what_is_no_profile() {
        check(b"", "`p`: the file is empty");
        for content in [&b"\0"[..], b"hello", b"{\"a\": 1}", b"\xef\xbb\xbf", b"a,b\n1,2\n"] {
            check(content, "`p`: the content is of no known format");
        }
        check(b"\x80\x04\x95\x10\0\0\0", "`p`: the content is of no known format");
    }

    #[test]
    fn reads_a_file_by_its_content_whatever_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.png");
        file::replace(&path, b"name,ncall,tsub,ttot,tavg\na:1 f,2,3,4,2\n").unwrap();
        assert_eq!(read_profile(&path).unwrap().functions.len(), 1);
        file::replace(&path, b"{0").unwrap();
        assert_eq!(read_profile(&path).unwrap().functions.len(), 0);
    }

    #[test]
    fn refuses_a_missing_file_and_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read_profile(folder.path()).is_err());
        assert!(read_profile(&folder.path().join("none.csv")).is_err());
    }
}
