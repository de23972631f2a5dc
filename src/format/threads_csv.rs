//! The thread table: one row per thread and function, in comma-separated cells.
//! Written and read as `thread_id,thread_name,name,ncall,tsub,ttot,tavg`.

use std::collections::HashMap;
use std::io::Read;

use crate::format::fault::Fault;
use crate::format::reader::Reader;
use crate::format::table::cell;
use crate::format::table::columns::ThreadColumns;
use crate::format::table::columns::recognise;
use crate::format::table::rows::Rows;
use crate::format::table::text::cells;
use crate::format::table::text::push_row;
use crate::format::writer::Writer;
use crate::profile::Cost;
use crate::profile::FunctionKey;
use crate::profile::Profile;
use crate::profile::Thread;

#[derive(Debug)]
pub struct ThreadsCsv;

impl Reader for ThreadsCsv {
    fn name(&self) -> &'static str {
        "threads-csv"
    }

    fn about(&self) -> &'static str {
        "function table with a row per thread: the columns of functions-csv and thread_id"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        recognise(head) == Some(true)
    }

    /// The functions' costs are the sums over the threads.
    fn read(&self, input: &mut dyn Read) -> Result<Profile, Fault> {
        let mut rows = Rows::new(input)?;
        let Some(columns) = rows.columns.thread else {
            return Err(Fault::on_line(
                1,
                1,
                "the column `thread_id` is missing",
                "give a table with a row per thread and function",
            ));
        };
        let mut threads = Threads::default();
        while let Some(row) = rows.advance()? {
            let thread = threads.position(&rows, columns)?;
            threads.add(thread, row.function, row.cost);
        }
        let mut profile = rows.gather.finish()?;
        profile.threads = threads.list;
        Ok(profile)
    }
}

impl Writer for ThreadsCsv {
    fn name(&self) -> &'static str {
        "threads-csv"
    }

    fn about(&self) -> &'static str {
        "function table with a row per thread and function, threads by number"
    }

    /// Sorted by thread, then by `ttot`, the largest first, then by name and place.
    fn write(&self, profile: &Profile) -> Vec<u8> {
        let mut table = String::from("thread_id,thread_name,name,ncall,tsub,ttot,tavg\n");
        let mut threads: Vec<&Thread> = profile.threads.iter().collect();
        threads.sort_by(|a, b| (a.id, &a.name).cmp(&(b.id, &b.name)));
        for thread in threads {
            let id = thread.id.to_string();
            for (key, cost) in sorted(profile, thread) {
                let cells = cells(key, cost);
                let thread = [id.as_str(), thread.name.as_str()];
                push_row(&mut table, thread.into_iter().chain(cells.iter().map(String::as_str)));
            }
        }
        table.into_bytes()
    }
}

fn sorted<'a>(profile: &'a Profile, thread: &'a Thread) -> Vec<(&'a FunctionKey, &'a Cost)> {
    let mut rows: Vec<_> = thread
        .costs
        .iter()
        .filter_map(|(function, cost)| Some((&profile.functions.get(*function)?.key, cost)))
        .collect();
    rows.sort_by(|a, b| b.1.ttot.total_cmp(&a.1.ttot).then_with(|| a.0.cmp(b.0)));
    rows
}

/// The threads met so far, and where in their costs a function stands.
#[derive(Default)]
struct Threads {
    list: Vec<Thread>,
    known: HashMap<u64, usize>,
    costs: HashMap<(usize, usize), usize>,
}

impl Threads {
    /// The thread of the present row; its name is the first that is met.
    fn position<R: Read>(
        &mut self,
        rows: &Rows<R>,
        columns: ThreadColumns,
    ) -> Result<usize, Fault> {
        let id = cell::count(rows.records.cell(columns.id)).ok_or_else(|| {
            rows.no_number(columns.id, "`thread_id` is not a number", "number the threads from 0")
        })?;
        if let Some(&position) = self.known.get(&id) {
            return Ok(position);
        }
        let name = columns.name.map_or(Ok(""), |name| rows.text(name))?;
        self.known.insert(id, self.list.len());
        self.list.push(Thread { id, name: name.into(), costs: Vec::new() });
        Ok(self.list.len() - 1)
    }

    fn add(&mut self, thread: usize, function: usize, cost: Cost) {
        let costs = &mut self.list[thread].costs;
        let at = *self.costs.entry((thread, function)).or_insert(costs.len());
        match costs.get_mut(at) {
            Some((_, sum)) => *sum = sum.plus(cost),
            None => costs.push((function, cost)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::profile::Function;

    fn read(table: &str) -> Result<Profile, String> {
        let words = |fault: Fault| fault.at(Path::new("t")).to_string();
        ThreadsCsv.read(&mut table.as_bytes()).map_err(words)
    }

    fn cost(ncall: u64, nactual: u64, tsub: f64, ttot: f64) -> Cost {
        Cost { ncall, nactual, tsub, ttot }
    }

    #[test]
    fn functions_are_the_sums_over_threads() {
        let profile = read(
            "thread_id,thread_name,name,ncall,tsub,ttot,tavg\n\
             7,\"Pool, 1\",a:1 f,2,1.0,2.0,1.0\n\
             0,Main,a:1 f,3/1,0.5,0.5,\n\
             0,Main,a:2 g,1,0,0,0\n\
             7,again,a:1 f,1,1.0,1.0,1.0\n",
        )
        .unwrap();
        assert_eq!(profile.functions[0].cost, cost(6, 4, 2.5, 3.5));
        assert_eq!(profile.threads.len(), 2);
        assert_eq!(profile.threads[0].name, "Pool, 1");
        assert_eq!(profile.threads[0].costs, [(0, cost(3, 3, 2.0, 3.0))]);
        let main = [(0, cost(3, 1, 0.5, 0.5)), (1, cost(1, 1, 0.0, 0.0))];
        assert_eq!(profile.threads[1].costs, main);
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let named = |name: &str, cost| Function {
            key: FunctionKey { name: name.into(), file: "a,b.py".into(), line: 4 },
            cost,
        };
        let thread = |id, name: &str, costs: &[(usize, Cost)]| Thread {
            id,
            name: name.into(),
            costs: costs.to_vec(),
        };
        let profile = Profile {
            counts_calls: true,
            functions: vec![named("f", cost(5, 2, 0.75, 2.5)), named("g", cost(1, 1, 0.1, 0.1))],
            threads: vec![
                thread(0, "Main", &[(0, cost(2, 1, 0.5, 2.0)), (1, cost(1, 1, 0.1, 0.1))]),
                thread(9, "\"a\",\n", &[(0, cost(3, 1, 0.25, 0.5))]),
            ],
            ..Profile::default()
        };
        let table = ThreadsCsv.write(&profile);
        assert_eq!(ThreadsCsv.read(&mut &table[..]).unwrap(), profile);
    }

    #[test]
    fn refuses_a_thread_that_has_no_number() {
        assert_eq!(
            read("name,thread_id,ncall,tsub,ttot\nf,x,1,1,1\n").unwrap_err(),
            "`t`, line 2, column 3: `thread_id` is not a number: `x`"
        );
        assert_eq!(
            read("name,ncall,tsub,ttot\nf,1,1,1\n").unwrap_err(),
            "`t`, line 1, column 1: the column `thread_id` is missing"
        );
    }
}
