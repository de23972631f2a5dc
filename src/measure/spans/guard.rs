//! The value that keeps a measured call open until it is dropped, on the program's own stack. It
//! must stay in the thread and in the scope that made it; async code is measured through `tracing`.

use std::fmt;
use std::marker::PhantomData;

use crate::measure::spans::recorder;
use crate::measure::spans::recorder::Call;
use crate::measure::spans::site::Site;

/// A measured call in progress; [`span!`](crate::span) makes one.
///
/// Unwinding closes it like any other end of its scope.
#[must_use = "a span that is not kept in a variable ends at once"]
pub struct Guard {
    /// `None` when nothing is recorded.
    call: Option<Call>,
    stays_in_its_thread: PhantomData<*const ()>,
}

impl Guard {
    #[inline(always)]
    pub fn enter(site: &'static Site) -> Self {
        Self { call: recorder::enter(site.number(), 1), stays_in_its_thread: PhantomData }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

impl Drop for Guard {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(call) = self.call {
            recorder::exit(call);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::spans::snapshot::snapshot;
    use crate::profile::Cost;
    use crate::profile::Profile;

    /// Everything recorded until `act` has ended, what other tests recorded included: names differ.
    fn recorded(act: impl FnOnce()) -> Profile {
        recorder::start();
        act();
        snapshot()
    }

    fn place(profile: &Profile, name: &str) -> usize {
        let named = |function: &crate::profile::Function| function.key.name == name;
        profile.functions.iter().position(named).unwrap()
    }

    fn cost(profile: &Profile, name: &str) -> Cost {
        profile.functions[place(profile, name)].cost
    }

    fn edge(profile: &Profile, caller: &str, callee: &str) -> Cost {
        let (caller, callee) = (place(profile, caller), place(profile, callee));
        profile
            .edges
            .iter()
            .find(|edge| (edge.caller, edge.callee) == (caller, callee))
            .map(|edge| edge.cost)
            .unwrap()
    }

    fn spin() {
        let watch = std::time::Instant::now();
        while watch.elapsed().as_micros() < 2_000 {
            std::hint::spin_loop();
        }
    }

    #[test]
    fn calls_and_edges_are_exact_and_times_add_up() {
        fn leaf() {
            let _span = crate::span!("exact leaf");
        }
        fn middle() {
            let _span = crate::span!("exact middle");
            spin();
            for _ in 0..5 {
                leaf();
            }
        }
        let profile = recorded(|| {
            let _span = crate::span!("exact root");
            for _ in 0..3 {
                middle();
            }
            leaf();
        });
        let (root, middle) = (cost(&profile, "exact root"), cost(&profile, "exact middle"));
        assert_eq!((root.ncall, root.nactual), (1, 1));
        assert_eq!((middle.ncall, middle.nactual), (3, 3));
        assert_eq!(cost(&profile, "exact leaf").ncall, 16);
        assert_eq!(edge(&profile, "exact middle", "exact leaf").ncall, 15);
        assert_eq!(edge(&profile, "exact root", "exact leaf").ncall, 1);
        let leaf = cost(&profile, "exact leaf");
        let own = root.tsub + middle.tsub + leaf.tsub;
        assert!((own - root.ttot).abs() < 1e-12, "{own} {}", root.ttot);
        assert!((0.006..1.0).contains(&middle.tsub), "{}", middle.tsub);
        assert!(root.tsub < middle.tsub);
    }

    #[test]
    fn a_recursion_is_timed_once_and_counted_in_full() {
        fn descend(levels: u32) {
            let _span = crate::span!("recursive descent");
            if levels > 1 {
                descend(levels - 1);
            } else {
                spin();
            }
        }
        let watch = std::time::Instant::now();
        let profile = recorded(|| {
            descend(2_000);
            descend(7);
        });
        let most = watch.elapsed().as_secs_f64();
        let descent = cost(&profile, "recursive descent");
        assert_eq!((descent.ncall, descent.nactual), (2_007, 2));
        assert!((0.004..most).contains(&descent.ttot), "{}", descent.ttot);
        let inner = edge(&profile, "recursive descent", "recursive descent");
        assert_eq!((inner.ncall, inner.nactual, inner.ttot), (2_005, 0, 0.0));
    }

    #[test]
    fn mutual_recursion_keeps_its_edges() {
        fn ping(levels: u32) {
            let _span = crate::span!("ping");
            if levels > 0 {
                pong(levels - 1);
            }
        }
        fn pong(levels: u32) {
            let _span = crate::span!("pong");
            if levels > 0 {
                ping(levels - 1);
            }
        }
        let profile = recorded(|| ping(9));
        assert_eq!(cost(&profile, "ping").nactual, 1);
        assert_eq!(edge(&profile, "ping", "pong").ncall, 5);
        assert_eq!(edge(&profile, "pong", "ping").ncall, 4);
        assert_eq!(edge(&profile, "pong", "ping").ttot, 0.0);
    }

    #[test]
    fn a_panic_that_unwinds_leaves_the_stack_right() {
        fn fails() {
            let _span = crate::span!("fails");
            let _inner = crate::span!("fails within");
            panic!("on purpose");
        }
        let profile = recorded(|| {
            let _span = crate::span!("survives");
            for _ in 0..2 {
                assert!(std::panic::catch_unwind(fails).is_err());
            }
            let _after = crate::span!("after the panic");
        });
        assert_eq!(edge(&profile, "survives", "fails").ncall, 2);
        assert_eq!(edge(&profile, "fails", "fails within").ncall, 2);
        assert_eq!(edge(&profile, "survives", "after the panic").ncall, 1);
    }

    #[test]
    fn guards_that_end_out_of_order_or_never_do_no_harm() {
        let profile = recorded(|| {
            let outer = crate::span!("disorder outer");
            let first = crate::span!("disorder first");
            let second = crate::span!("disorder second");
            drop(first);
            let third = crate::span!("disorder third");
            drop(second);
            drop(third);
            std::mem::forget(crate::span!("disorder forgotten"));
            drop(outer);
            let _next = crate::span!("disorder next");
        });
        for name in ["outer", "first", "second", "third", "forgotten", "next"] {
            let cost = cost(&profile, &format!("disorder {name}"));
            assert_eq!((cost.ncall, cost.nactual), (1, 1), "{name}");
        }
        assert_eq!(edge(&profile, "disorder outer", "disorder third").ncall, 1);
        let next = place(&profile, "disorder next");
        assert!(profile.edges.iter().all(|edge| edge.callee != next));
    }

    #[test]
    fn threads_that_ended_and_threads_that_live_are_both_in_it() {
        use std::sync::mpsc::channel;
        let ((ready, is_ready), (stop, stopped)) = (channel(), channel::<()>());
        fn work() {
            let _span = crate::span!("threaded work");
        }
        let named = |name: &str| std::thread::Builder::new().name(name.into());
        recorder::start();
        let ended = named("ended").spawn(|| (0..4).for_each(|_| work()));
        ended.unwrap().join().unwrap();
        let living = named("living").spawn(move || {
            let _span = crate::span!("open in a living thread");
            work();
            ready.send(()).unwrap();
            stopped.recv().unwrap_err();
        });
        is_ready.recv().unwrap();
        spin();
        let profile = snapshot();
        drop(stop);
        living.unwrap().join().unwrap();
        assert_eq!(cost(&profile, "threaded work").ncall, 5);
        let open = cost(&profile, "open in a living thread");
        assert_eq!((open.ncall, open.nactual), (1, 1));
        assert!(open.ttot >= 0.002 && open.tsub > 0.0, "{open:?}");
        let work = place(&profile, "threaded work");
        let on = |name: &str| {
            let thread = profile.threads.iter().find(|thread| thread.name == name);
            let costs = &thread.unwrap().costs;
            let (_, cost) = costs.iter().find(|(place, _)| *place == work).unwrap();
            cost.ncall
        };
        assert_eq!((on("ended"), on("living")), (4, 1));
    }

    #[test]
    fn more_sites_than_one_table_holds_are_all_recorded() {
        let sites: Vec<&'static Site> = (0..3_000_u32)
            .map(|line| &*Box::leak(Box::new(Site::new("one of many", "many.rs", line))))
            .collect();
        let profile = recorded(|| {
            for site in &sites {
                let _span = Guard::enter(site);
                let _again = Guard::enter(sites[0]);
            }
        });
        let many = profile.functions.iter().filter(|f| f.key.file == "many.rs");
        assert_eq!(many.count(), 3_000);
        let first = &profile.functions[place(&profile, "one of many")];
        assert_eq!((first.cost.ncall, first.cost.nactual), (3_001, 3_000));
    }
}
