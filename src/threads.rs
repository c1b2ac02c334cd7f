//! Threads, and what to do where the system gives none.
//!
//! A process limit (`ulimit -u`), a container or a lack of memory can refuse every new thread.
//! Work then runs on the thread that asks for it: slower, and with the same result.

use rayon::ThreadPoolBuilder;
use std::sync::{Arc, OnceLock, RwLock};
use std::thread::{self, Builder};

/// Readies the threads that share the work, on the thread that will hand it out.
///
/// Programs call it once, at their start. Returns whether there are any but the caller's own.
pub fn prepare() -> bool {
    static HAS_WORKERS: OnceLock<bool> = OnceLock::new();
    *HAS_WORKERS.get_or_init(|| {
        let available = available();
        // Fails only if somebody else has readied the threads already, and then they are there.
        let _ = if available == 0 {
            // What is handed to this pool waits until the caller works on it itself, so no other
            // thread may hand anything to it.
            ThreadPoolBuilder::new()
                .num_threads(1)
                .use_current_thread()
                .build_global()
        } else {
            ThreadPoolBuilder::new()
                .num_threads(available)
                .build_global()
        };
        available > 0
    })
}

/// Counts the threads that the system gives, up to the number that is wanted: that of the pool's
/// own environment variable, or one for each core. The pool cannot be asked: once it has failed, it
/// panics at every later use.
fn available() -> usize {
    let given = std::env::var("RAYON_NUM_THREADS").ok();
    let wanted = given
        .and_then(|given| given.parse().ok())
        .filter(|number| *number > 0)
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    // Each waits until all have started, so that they are there at one time.
    let all_started = Arc::new(RwLock::new(()));
    let hold = all_started.write();
    let threads: Vec<_> = (0..wanted)
        .map_while(|_| {
            let all_started = all_started.clone();
            let wait = move || drop(all_started.read());
            Builder::new().spawn(wait).ok()
        })
        .collect();
    drop(hold);
    let available = threads.len();
    for thread in threads {
        let _ = thread.join();
    }
    available
}
