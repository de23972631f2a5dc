//! From marshalled statistics to a profile:
//! `{(file, line, name): (primitive, total, self, cumulative, {caller: (…)})}`.
//!
//! The profilers do not agree which of the two call counts comes first (`cProfile` itself has them
//! one way for a function and the other way for its callers, yappi always the other way), but all
//! calls are never fewer than the outermost ones: so the larger is the total.

use crate::format::fault::Fault;
use crate::format::gather::Gather;
use crate::format::intern::Interner;
use crate::format::label::BUILT_IN;
use crate::format::label::BUILT_IN_MODULE;
use crate::format::pstat::marshal::Item;
use crate::format::pstat::marshal::Marshal;
use crate::profile::Cost;
use crate::profile::Edge;
use crate::profile::Function;
use crate::profile::FunctionKey;
use crate::profile::Profile;

/// Reads marshalled statistics, of whatever version.
///
/// # Errors
/// At which byte the content is not what a profiler saves, or that it was cut.
pub fn profile(content: &[u8]) -> Result<Profile, Fault> {
    let mut statistics = Statistics {
        marshal: Marshal::new(content),
        gather: Gather::default(),
        keys: Interner::default(),
        functions: Vec::new(),
        edges: Vec::new(),
        bare_counts: false,
    };
    statistics.dict()?;
    statistics.marshal.finish()?;
    statistics.profile()
}

/// A tuple that references may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Tuple {
    /// A function, by the position of its key.
    Key(usize),
    Cost(Cost),
}

struct Statistics<'a> {
    marshal: Marshal<'a, Tuple>,
    gather: Gather,
    /// The keys, each as the numbers of its texts and its line.
    keys: Interner,
    /// By the position of its key, the function's position in the profile, once it has a row.
    functions: Vec<Option<usize>>,
    /// Caller and callee by the positions of their keys.
    edges: Vec<(usize, usize, Cost)>,
    /// Whether callers come with a number of calls alone, as old profilers wrote them.
    bare_counts: bool,
}

impl Statistics<'_> {
    fn dict(&mut self) -> Result<(), Fault> {
        let begin = self.marshal.position();
        if self.marshal.next_item()? != Item::Dict {
            return Err(self.marshal.fault(begin, "the statistics are no dict"));
        }
        while let Some(key) = self.key_or_end()? {
            self.row(key)?;
        }
        Ok(())
    }

    /// The value that belongs to a function.
    fn row(&mut self, key: usize) -> Result<(), Fault> {
        self.tuple(5, "the costs of a function")?;
        let cost = self.cost()?;
        self.callers(key)?;
        let function = self.function(key);
        self.gather.add(function, cost);
        Ok(())
    }

    fn callers(&mut self, callee: usize) -> Result<(), Fault> {
        let begin = self.marshal.position();
        if self.marshal.next_item()? != Item::Dict {
            return Err(self.marshal.fault(begin, "the callers are no dict"));
        }
        while let Some(caller) = self.key_or_end()? {
            let cost = self.caller_cost()?;
            self.edges.push((caller, callee, cost));
        }
        Ok(())
    }

    fn caller_cost(&mut self) -> Result<Cost, Fault> {
        let begin = self.marshal.position();
        match self.marshal.next_item()? {
            Item::Tuple { length: 4, mark } => {
                let cost = self.cost()?;
                self.marshal.keep(mark, Tuple::Cost(cost));
                Ok(cost)
            }
            Item::Kept(Tuple::Cost(cost)) => Ok(cost),
            Item::Int(count) => {
                self.bare_counts = true;
                let ncall = self.count(count, begin)?;
                Ok(Cost { ncall, nactual: ncall, ..Cost::default() })
            }
            _ => Err(self.marshal.fault(begin, "the costs of a caller are no tuple of 4")),
        }
    }

    /// Two counts and two times.
    fn cost(&mut self) -> Result<Cost, Fault> {
        let (first, second) = (self.calls()?, self.calls()?);
        let (tsub, ttot) = (self.time()?, self.time()?);
        Ok(Cost { ncall: first.max(second), nactual: first.min(second), tsub, ttot })
    }

    fn calls(&mut self) -> Result<u64, Fault> {
        let begin = self.marshal.position();
        match self.marshal.next_item()? {
            Item::Int(count) => self.count(count, begin),
            _ => Err(self.marshal.fault(begin, "a call count is no whole number")),
        }
    }

    fn count(&self, count: i128, begin: usize) -> Result<u64, Fault> {
        u64::try_from(count).map_err(|_| {
            let problem = format!("{count} is not a number of calls");
            self.marshal.fault(begin, &problem)
        })
    }

    fn time(&mut self) -> Result<f64, Fault> {
        let begin = self.marshal.position();
        let time = match self.marshal.next_item()? {
            Item::Float(time) => time,
            Item::Int(time) => time as f64,
            _ => return Err(self.marshal.fault(begin, "a time is no number")),
        };
        if !time.is_finite() {
            let problem = format!("the time {time} is not finite");
            return Err(self.marshal.fault(begin, &problem));
        }
        Ok(self.gather.time(time))
    }

    /// A key of a dict; `None` at the dict's end.
    fn key_or_end(&mut self) -> Result<Option<usize>, Fault> {
        let begin = self.marshal.position();
        match self.marshal.next_item()? {
            Item::End => Ok(None),
            Item::Kept(Tuple::Key(key)) => Ok(Some(key)),
            Item::Tuple { length: 3, mark } => {
                let key = self.key()?;
                self.marshal.keep(mark, Tuple::Key(key));
                Ok(Some(key))
            }
            _ => Err(self.marshal.fault(begin, "a function is no tuple of file, line and name")),
        }
    }

    fn key(&mut self) -> Result<usize, Fault> {
        let file = self.text("a file")?;
        let begin = self.marshal.position();
        let line = match self.marshal.next_item()? {
            Item::Int(line) => u32::try_from(line).unwrap_or_default(),
            _ => return Err(self.marshal.fault(begin, "a line is no whole number")),
        };
        let name = self.text("a function's name")?;
        let file = match self.marshal.texts.get(file) == BUILT_IN_MODULE.as_bytes() && line == 0 {
            true => self.marshal.texts.intern(BUILT_IN.as_bytes()),
            false => Some(file),
        };
        let key = file.and_then(|file| self.keys.intern(&packed([file, line, name])));
        let key =
            key.ok_or_else(|| self.marshal.fault(begin, "more functions than can be numbered"))?;
        if key as usize == self.functions.len() {
            self.functions.push(None);
        }
        Ok(key as usize)
    }

    fn text(&mut self, what: &str) -> Result<u32, Fault> {
        let begin = self.marshal.position();
        match self.marshal.next_item()? {
            Item::Text(text) => Ok(text),
            _ => Err(self.marshal.fault(begin, &format!("{what} is no string"))),
        }
    }

    fn tuple(&mut self, expected: u64, what: &str) -> Result<(), Fault> {
        let begin = self.marshal.position();
        match self.marshal.next_item()? {
            Item::Tuple { length, .. } if length == expected => Ok(()),
            _ => Err(self.marshal.fault(begin, &format!("{what} are no tuple of {expected}"))),
        }
    }

    /// The function of a key, which from now on has a row.
    fn function(&mut self, key: usize) -> usize {
        if let Some(function) = self.functions[key] {
            return function;
        }
        let [file, line, name] = unpacked(self.keys.get(key as u32));
        let text = |number| String::from_utf8_lossy(self.marshal.texts.get(number)).into_owned();
        let key_of_function = FunctionKey { name: text(name), file: text(file), line };
        let function = self.gather.push(Function { key: key_of_function, cost: Cost::default() });
        self.functions[key] = Some(function);
        function
    }

    fn profile(mut self) -> Result<Profile, Fault> {
        let all = self.edges.len();
        let known = |key: usize| self.functions[key];
        self.gather.profile.edges = self
            .edges
            .iter()
            .filter_map(|&(caller, callee, cost)| {
                Some(Edge { caller: known(caller)?, callee: known(callee)?, cost })
            })
            .collect();
        let lost = all - self.gather.profile.edges.len();
        if lost > 0 {
            self.gather.warn(format!(
                "{lost} call edges are left out: their callers have no figures of their own"
            ));
        }
        if self.bare_counts {
            self.gather.warn("the call edges carry numbers of calls, but no times".into());
        }
        self.gather.finish()
    }
}

/// File, line and name as the text of a key.
fn packed(place: [u32; 3]) -> [u8; 12] {
    let mut bytes = [0; 12];
    for (to, number) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(place) {
        *to = number.to_le_bytes();
    }
    bytes
}

/// The reverse of [`packed`].
fn unpacked(bytes: &[u8]) -> [u32; 3] {
    let mut place = [0; 3];
    for (to, number) in place.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *to = u32::from_le_bytes(*number);
    }
    place
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// A key, as version 2 writes it.
    fn key(file: &str, line: u8, name: &str) -> Vec<u8> {
        let text = |text: &str| [&[b'u', text.len() as u8, 0, 0, 0], text.as_bytes()].concat();
        [b"(\x03\0\0\0", &text(file)[..], &[b'i', line, 0, 0, 0], &text(name)].concat()
    }

    /// Counts and times of a tuple.
    fn costs(first: u8, second: u8, tsub: f64, ttot: f64) -> Vec<u8> {
        let counts = [b'i', first, 0, 0, 0, b'i', second, 0, 0, 0, b'g'];
        let (tsub, ttot) = (tsub.to_le_bytes(), ttot.to_le_bytes());
        [&counts[..], &tsub, b"g", &ttot].concat()
    }

    fn row(key: &[u8], costs: &[u8], callers: &[&[u8]]) -> Vec<u8> {
        [key, b"(\x05\0\0\0", costs, b"{", &callers.concat(), b"0"].concat()
    }

    fn dict(rows: &[&[u8]]) -> Vec<u8> {
        [b"{", &rows.concat()[..], b"0"].concat()
    }

    fn read(content: &[u8]) -> Result<Profile, String> {
        profile(content).map_err(|fault| fault.at(Path::new("p")).to_string())
    }

    #[test]
    fn the_larger_count_is_the_total_in_either_order() {
        for (first, second) in [(2, 7), (7, 2)] {
            let row = row(&key("a.py", 3, "f"), &costs(first, second, 0.5, 1.5), &[]);
            let profile = read(&dict(&[&row])).unwrap();
            let cost = profile.functions[0].cost;
            assert_eq!((cost.ncall, cost.nactual), (7, 2));
            assert_eq!((cost.tsub, cost.ttot), (0.5, 1.5));
        }
    }

    #[test]
    fn builtins_are_one_file_under_either_name() {
        let rows =
            ["~", "builtins"].map(|file| row(&key(file, 0, "len"), &costs(1, 1, 0.0, 0.0), &[]));
        let profile = read(&dict(&[&rows[0], &rows[1]])).unwrap();
        assert_eq!(profile.functions.len(), 1);
        assert_eq!(profile.functions[0].key.file, "~");
        assert_eq!(profile.functions[0].cost.ncall, 2);
    }

    #[test]
    fn callers_become_edges_with_or_without_times() {
        let (f, g) = (key("a.py", 3, "f"), key("a.py", 9, "g"));
        let timed = [&f[..], b"(\x04\0\0\0", &costs(3, 2, 0.25, 0.5)].concat();
        let bare = [&f[..], b"i\x03\0\0\0"].concat();
        let unknown = [&key("b.py", 1, "h")[..], b"i\x01\0\0\0"].concat();
        let own = costs(3, 3, 0.5, 0.5);
        let with = |callers: &[&[u8]]| {
            let rows = [row(&g, &own, callers), row(&f, &costs(1, 1, 0.0, 0.5), &[])];
            read(&dict(&[&rows[0], &rows[1]])).unwrap()
        };
        let profile = with(&[&timed]);
        let edge = profile.edges[0];
        assert_eq!((edge.caller, edge.callee), (1, 0));
        assert_eq!((edge.cost.ncall, edge.cost.nactual), (3, 2));
        assert_eq!((edge.cost.tsub, edge.cost.ttot), (0.25, 0.5));
        assert!(profile.origin.warnings.is_empty());
        let profile = with(&[&bare, &unknown]);
        assert_eq!(profile.edges.len(), 1);
        assert_eq!(profile.edges[0].cost.ncall, 3);
        assert_eq!(profile.origin.warnings.len(), 2);
    }

    #[test]
    fn one_dict_of_callers_cannot_stand_for_many() {
        let f = key("a.py", 3, "f");
        let own = costs(1, 1, 0.0, 0.0);
        let first = [&f[..], b"(\x05\0\0\0", &own, b"\xfb", b"0"].concat();
        let second = [&key("a.py", 4, "g")[..], b"(\x05\0\0\0", &own, b"r\0\0\0\0"].concat();
        let message = read(&dict(&[&first, &second])).unwrap_err();
        assert!(message.contains("a reference to a container"), "{message}");
    }

    fn refuse(content: &[u8], message: &str) {
        assert_eq!(read(content).unwrap_err(), format!("`p`: {message}"));
    }

    #[test]
    fn what_is_no_profile_is_told_with_its_byte() {
        let f = key("a", 3, "f");
        let fine = costs(1, 1, 0.0, 0.0);
        refuse(b"i\0\0\0\0", "byte 0: the statistics are no dict");
        refuse(b"{i\0\0\0\0", "byte 1: a function is no tuple of file, line and name");
        refuse(
            &[b"{", &f[..], b"{0"].concat(),
            "byte 23: the costs of a function are no tuple of 5",
        );
        refuse(
            &[b"{", &f[..], b"(\x05\0\0\0i\xff\xff\xff\xff"].concat(),
            "byte 28: -1 is not a number of calls",
        );
        refuse(
            &dict(&[&row(&f, &costs(1, 1, f64::NAN, 0.0), &[])]),
            "byte 38: the time NaN is not finite",
        );
        refuse(
            &[&dict(&[&row(&f, &fine, &[])])[..], b"xy"].concat(),
            "byte 59: 2 bytes follow the end of the statistics",
        );
        refuse(b"", "the file was cut in the middle: it ends after 0 bytes, within the statistics");
    }

    #[test]
    fn nesting_and_lengths_that_lie_cost_nothing() {
        let deep = b"{".repeat(1 << 20);
        assert!(read(&deep).unwrap_err().contains("no tuple of file"));
        let deep = [&b"{"[..], &b"(\x03\0\0\0".repeat(1 << 18)].concat();
        assert!(read(&deep).unwrap_err().contains("a file is no string"));
        refuse(
            b"{(\x03\0\0\0u\xff\xff\xff\xff",
            "the file was cut in the middle: it ends after 11 bytes, within the statistics",
        );
        refuse(b"{(\xff\xff\xff\xff", "byte 1: a function is no tuple of file, line and name");
    }
}
