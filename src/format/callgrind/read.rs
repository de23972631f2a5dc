//! From the lines of a callgrind file to its graph of calls. Each line means something or is
//! refused.

use std::io::Read;

use crate::format::callgrind::graph::Graph;
use crate::format::callgrind::graph::Names;
use crate::format::callgrind::header::Header;
use crate::format::callgrind::inclusive;
use crate::format::callgrind::name::Numbered;
use crate::format::callgrind::name::Spelt;
use crate::format::callgrind::name::spelt;
use crate::format::callgrind::position::Position;
use crate::format::callgrind::position::split_word;
use crate::format::fault::Fault;
use crate::format::gather::Gather;
use crate::format::lines::Line;
use crate::format::lines::Lines;
use crate::format::lines::shown;
use crate::format::table::cell::calls;
use crate::format::table::cell::count;
use crate::format::table::cell::decimal;
use crate::profile::Profile;

const HINT: &str = "copy or measure it again";

/// Reads a whole file, however many parts it has.
///
/// # Errors
/// In which line and column the content is not what such a file holds, or that it was cut.
pub fn profile(input: &mut dyn Read) -> Result<Profile, Fault> {
    let mut lines = Lines::new(input);
    let mut parser = Parser::new();
    let mut last = 0;
    while let Some(line) = lines.advance()? {
        last = line.number;
        parser.line(&line)?;
    }
    parser.finish(last)
}

struct Parser {
    header: Header,
    graph: Graph,
    gather: Gather,
    objects: Numbered,
    files: Numbered,
    functions: Numbered,
    object: u32,
    file: u32,
    callee_object: Option<u32>,
    callee_file: Option<u32>,
    /// The function whose costs come.
    function: Option<Names>,
    /// Its node, once it has a cost: yappi lists all names first, in the wrong files.
    caller: Option<usize>,
    callee: Option<usize>,
    /// Calls whose cost comes in the next line.
    pending: Option<Calls>,
    position: Position,
    /// Whether the last line that said anything was `totals:`, with its end.
    is_whole: bool,
}

#[derive(Clone, Copy)]
struct Calls {
    callee: usize,
    count: u64,
    /// Where the callee begins.
    line: u32,
}

/// Which of the three lists a name belongs to.
#[derive(Clone, Copy)]
enum Kind {
    Object,
    File,
    Function,
}

impl Parser {
    fn new() -> Self {
        let mut graph = Graph::default();
        let unknown = graph.texts.intern(b"").unwrap_or_default();
        Self {
            header: Header::new(),
            graph,
            gather: Gather::default(),
            objects: Numbered::default(),
            files: Numbered::default(),
            functions: Numbered::default(),
            object: unknown,
            file: unknown,
            callee_object: None,
            callee_file: None,
            function: None,
            caller: None,
            callee: None,
            pending: None,
            position: Position::default(),
            is_whole: false,
        }
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), Fault> {
        let text = line.text;
        match text.first() {
            None | Some(b'#') => return Ok(()),
            Some(b'0'..=b'9' | b'+' | b'-' | b'*') => {
                self.is_whole = false;
                return self.cost(line);
            }
            Some(_) if self.pending.is_some() => {
                return Err(line.fault(0, "the cost of the calls before is missing", HINT));
            }
            Some(_) => {}
        }
        let Some(at) = memchr::memchr2(b'=', b':', text) else {
            return Err(not_understood(line));
        };
        let (key, value) = (&text[..at], &text[at + 1..]);
        if text[at] == b'=' {
            self.is_whole = false;
            self.specification(line, key, value, at + 1)
        } else {
            self.header_line(line, key, value)
        }
    }

    fn header_line(&mut self, line: &Line<'_>, key: &[u8], value: &[u8]) -> Result<(), Fault> {
        if key.is_empty() || !key.iter().all(u8::is_ascii_lowercase) {
            return Err(not_understood(line));
        }
        self.is_whole = key == b"totals" && line.is_ended;
        if key == b"part" {
            self.position = Position::default();
        }
        self.header.take(line, key, value.trim_ascii())
    }

    fn specification(
        &mut self,
        line: &Line<'_>,
        key: &[u8],
        value: &[u8],
        at: usize,
    ) -> Result<(), Fault> {
        match key {
            b"fn" => {
                let function = self.text(line, Kind::Function, value, at)?;
                self.function = Some(Names { object: self.object, file: self.file, function });
                self.caller = None;
            }
            b"cfn" => {
                let function = self.text(line, Kind::Function, value, at)?;
                let names = Names {
                    object: self.callee_object.take().unwrap_or(self.object),
                    file: self.callee_file.take().unwrap_or(self.file),
                    function,
                };
                self.callee = Some(self.node(line, names)?);
            }
            b"fl" | b"fi" | b"fe" => self.file = self.text(line, Kind::File, value, at)?,
            b"cfl" | b"cfi" => {
                self.callee_file = Some(self.text(line, Kind::File, value, at)?);
            }
            b"ob" => self.object = self.text(line, Kind::Object, value, at)?,
            b"cob" => self.callee_object = Some(self.text(line, Kind::Object, value, at)?),
            b"calls" => self.calls(line, value, at)?,
            // Jumps cost nothing, but a name may be written there for the first time.
            b"jfi" | b"jfl" => {
                self.text(line, Kind::File, value, at)?;
            }
            b"jfn" => {
                self.text(line, Kind::Function, value, at)?;
            }
            b"jump" | b"jcnd" => {}
            _ => return Err(not_understood(line)),
        }
        Ok(())
    }

    /// `calls=COUNT POSITION`, where the position is that of the callee.
    fn calls(&mut self, line: &Line<'_>, value: &[u8], at: usize) -> Result<(), Fault> {
        let callee = self.callee.take();
        let callee = callee.ok_or_else(|| line.fault(0, "calls of no function", HINT))?;
        let split = split_word(value).and_then(|(word, rest)| Some((calls(word)?.0, rest)));
        let (count, rest) = split.ok_or_else(|| {
            line.fault(at, format!("not a number of calls: `{}`", shown(value)), HINT)
        })?;
        let target = self.position.read(rest, &self.header);
        let (target, _) = target.ok_or_else(|| no_position(line, rest))?;
        self.pending = Some(Calls { callee, count, line: target.line() });
        Ok(())
    }

    /// A line of costs: of the function itself, or of the calls in the line before.
    fn cost(&mut self, line: &Line<'_>) -> Result<(), Fault> {
        let (position, rest) = self
            .position
            .read(line.text, &self.header)
            .ok_or_else(|| no_position(line, line.text))?;
        self.position = position;
        let cost = self.count(line, rest)?;
        let names = self.function.ok_or_else(|| line.fault(0, "a cost of no function", HINT))?;
        let function = match self.caller {
            Some(function) => function,
            None => self.node(line, names)?,
        };
        self.caller = Some(function);
        match self.pending.take() {
            Some(Calls { callee, count, line: begins }) => {
                self.graph.add_calls(function, callee, count, cost);
                let node = &mut self.graph.nodes[callee];
                if node.line == 0 {
                    node.line = begins;
                }
            }
            None => {
                let node = &mut self.graph.nodes[function];
                // The costs of a function are in the order of its code, so the first one that is
                // not of something inlined is where it begins.
                if node.own == 0.0 && names.file == self.file && position.line() > 0 {
                    node.line = position.line();
                }
                node.own += cost;
            }
        }
        Ok(())
    }

    /// The cost in the column of the event; what is left out at the end of a line is 0.
    fn count(&mut self, line: &Line<'_>, costs: &[u8]) -> Result<f64, Fault> {
        let Some(event) = self.header.event else {
            return Err(line.fault(0, "a cost before the line `events:`", HINT));
        };
        let mut rest = costs;
        for _ in 0..event.column {
            match split_word(rest) {
                Some((_, after)) => rest = after,
                None => return Ok(0.0),
            }
        }
        let Some((word, _)) = split_word(rest) else { return Ok(0.0) };
        let cost = count(word).map(|count| count as f64).or_else(|| decimal(word));
        let cost = cost.ok_or_else(|| {
            let at = line.text.len() - rest.trim_ascii_start().len();
            line.fault(at, format!("not a cost: `{}`", shown(word)), HINT)
        })?;
        Ok(self.gather.time(cost))
    }

    fn node(&mut self, line: &Line<'_>, names: Names) -> Result<usize, Fault> {
        self.graph.node(names).ok_or_else(|| too_many(line, "functions"))
    }

    /// The number of the text that `value` spells or stands for.
    fn text(&mut self, line: &Line<'_>, kind: Kind, value: &[u8], at: usize) -> Result<u32, Fault> {
        let numbers = match kind {
            Kind::Object => &mut self.objects,
            Kind::File => &mut self.files,
            Kind::Function => &mut self.functions,
        };
        match spelt(value) {
            Spelt::Plain(name) => self.graph.texts.intern(name),
            Spelt::Defined(number, name) => self.graph.texts.intern(name).inspect(|&text| {
                numbers.set(number, text);
            }),
            Spelt::Known(number) => {
                let known = numbers.get(number);
                return known.ok_or_else(|| {
                    line.fault(at, format!("the name ({number}) stands for nothing yet"), HINT)
                });
            }
        }
        .ok_or_else(|| too_many(line, "names"))
    }

    fn finish(mut self, last: u64) -> Result<Profile, Fault> {
        let cut = |what: &str| {
            Fault::on_line(last, 1, format!("the file was cut in the middle: {what}"), HINT)
        };
        if self.pending.is_some() {
            return Err(cut("it ends before the cost of the calls in this line"));
        }
        let Some(event) = self.header.event else {
            return Err(cut("it ends before the line `events:`"));
        };
        if !self.is_whole {
            if self.header.ends_with_totals() {
                return Err(cut("it does not end with the line `totals:`"));
            }
            self.gather.warn(
                "the file does not say where it ends (there is no last line `totals:`), so a part \
                 may be missing"
                    .into(),
            );
        }
        self.graph.merge();
        self.gather.profile.origin.backend = self.header.creator.clone();
        inclusive::profile(&self.graph, self.gather, &self.header, event)
    }
}

fn not_understood(line: &Line<'_>) -> Fault {
    line.fault(0, format!("not a line of a callgrind file: `{}`", shown(line.text)), HINT)
}

fn no_position(line: &Line<'_>, rest: &[u8]) -> Fault {
    let at = line.text.len() - rest.len();
    line.fault(at, format!("not a position in a source file: `{}`", shown(rest)), HINT)
}

fn too_many(line: &Line<'_>, what: &str) -> Fault {
    line.fault(0, format!("more {what} than can be numbered"), "check that this is a profile")
}
