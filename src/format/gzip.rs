//! Files that were packed with gzip are unpacked on the way; one that unpacks to more than any
//! profile is a trap, and is refused before it has cost much time or any memory.

use std::io;
use std::io::Read;

use flate2::read::MultiGzDecoder;

/// The most that a packed file may unpack to, in bytes.
pub const MOST: u64 = 2 << 30;

/// Whether a file that begins with `head` is packed.
pub fn is_packed(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b, 8])
}

/// What `packed` holds, at most [`MOST`] bytes of it.
pub fn unpacked(packed: impl Read) -> impl Read {
    Bounded { content: MultiGzDecoder::new(packed), left: MOST }
}

struct Bounded<R> {
    content: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.content.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), "the packed file was cut in the middle")
            }
            _ => error,
        })?;
        self.left = self
            .left
            .checked_sub(length as u64)
            .ok_or_else(|| io::Error::other("the packed file holds more than 2 GiB"))?;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::read::GzEncoder;

    use super::*;

    fn packed(content: impl Read) -> Vec<u8> {
        let mut packed = Vec::new();
        GzEncoder::new(content, Compression::fast()).read_to_end(&mut packed).unwrap();
        packed
    }

    #[test]
    fn what_is_packed_comes_out_again_in_any_number_of_members() {
        let twice = [packed(&b"name,"[..]), packed(&b"ncall"[..])].concat();
        assert!(is_packed(&twice));
        let mut content = String::new();
        unpacked(&twice[..]).read_to_string(&mut content).unwrap();
        assert_eq!(content, "name,ncall");
    }

    #[test]
    fn a_cut_is_told() {
        let whole = packed(&b"some text"[..]);
        for length in 0..whole.len() {
            let error = unpacked(&whole[..length]).read_to_end(&mut Vec::new());
            assert!(length == 0 || error.is_err(), "cut at {length}");
        }
    }

    #[test]
    fn a_bomb_is_refused_without_being_held() {
        let mut bounded = Bounded { content: io::repeat(0), left: 1 << 20 };
        let error = io::copy(&mut bounded, &mut io::sink()).unwrap_err();
        assert_eq!(error.to_string(), "the packed file holds more than 2 GiB");
    }
}
