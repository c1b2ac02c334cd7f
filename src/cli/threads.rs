//! The threads that stories are read on: one for each core, or as many as can be had.

use rayon::{ThreadBuilder, ThreadPoolBuilder};
use std::num::NonZero;
use std::sync::mpsc::{self, Sender};
use std::thread;

/// Sets up the pool of threads. Where the system refuses threads (`ulimit -u`), the pool is those
/// that it gave; if it gave none, the calling thread does all the work.
///
/// Left to itself the pool would end the program with a panic as soon as one thread is refused.
pub fn prepare() {
    let mut threads: Vec<Sender<ThreadBuilder>> = (0..wanted()).map_while(|_| idle()).collect();
    let pool = ThreadPoolBuilder::new();
    // Fails only if a pool is there already, which is as good.
    let _ = if threads.is_empty() {
        pool.num_threads(1).use_current_thread().build_global()
    } else {
        pool.num_threads(threads.len())
            .spawn_handler(|work| {
                // As many as were announced.
                if let Some(thread) = threads.pop() {
                    let _ = thread.send(work);
                }
                Ok(())
            })
            .build_global()
    };
}

/// How many threads there should be: as `RAYON_NUM_THREADS` says, else one for each core.
fn wanted() -> usize {
    let said = std::env::var("RAYON_NUM_THREADS").ok();
    said.and_then(|count| count.parse().ok())
        .filter(|count| *count > 0)
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// A thread that waits for its work; `None` if the system refuses it.
fn idle() -> Option<Sender<ThreadBuilder>> {
    let (sender, receiver) = mpsc::channel::<ThreadBuilder>();
    let run = move || {
        if let Ok(work) = receiver.recv() {
            work.run();
        }
    };
    thread::Builder::new().spawn(run).is_ok().then_some(sender)
}
