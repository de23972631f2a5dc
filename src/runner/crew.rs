//! The workers that this runner has placed and that are not gone yet, and what reaches the runner
//! while it waits for them.

use std::fmt;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::error::Result;
use crate::executor::Placed;
use crate::system::process::Signal;
use crate::system::signal;

/// Workers at work.
pub struct Crew {
    members: Vec<Member>,
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    placed: u64,
}

struct Member {
    number: u64,
    stop: Box<dyn Fn(Signal)>,
}

impl fmt::Debug for Crew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a crew of {}", self.members.len())
    }
}

enum Message {
    Gone(u64),
    Asked(Signal),
}

impl Crew {
    /// A crew of nobody; from now on and as long as it lives requests to stop reach it.
    ///
    /// # Errors
    /// When signals cannot be listened for.
    pub fn listening() -> Result<Self> {
        let (sender, receiver) = mpsc::channel();
        let asked = sender.clone();
        signal::listen(move |signal| asked.send(Message::Asked(signal)).is_ok())
            .map_err(|error| Error::bug(format!("cannot listen for signals: {error}")))?;
        Ok(Self { members: Vec::new(), sender, receiver, placed: 0 })
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Takes a worker in; a thread of its own waits for its end.
    ///
    /// # Errors
    /// When there can be no more threads; the worker goes on.
    pub fn add(&mut self, worker: Box<dyn Placed>) -> Result<()> {
        self.placed += 1;
        let number = self.placed;
        let stop = worker.stopper();
        let gone = self.sender.clone();
        let waiting = thread::Builder::new().name(format!("worker {number}"));
        waiting
            .spawn(move || {
                worker.wait();
                gone.send(Message::Gone(number))
            })
            .map_err(|error| Error::bug(format!("cannot wait for a worker: {error}")))?;
        self.members.push(Member { number, stop });
        Ok(())
    }

    /// Passes a request to stop on to everybody.
    pub fn stop(&self, signal: Signal) {
        self.members.iter().for_each(|member| (member.stop)(signal));
    }

    /// Waits until a worker is gone or a request arrives, which is returned; at most for `limit`.
    pub fn wait(&mut self, limit: Option<Duration>) -> Option<Signal> {
        let message = match limit {
            Some(limit) => self.receiver.recv_timeout(limit),
            None => self.receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match message {
            Ok(Message::Asked(signal)) => return Some(signal),
            Ok(Message::Gone(number)) => self.members.retain(|member| member.number != number),
            Err(_) => {}
        }
        None
    }
}
