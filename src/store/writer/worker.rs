//! Tasks that run on their own thread.

use crate::store::error::ArchiveError;
use crate::threads;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

/// A value and the task that works on it, on its own thread. There is one task at a time: starting
/// the next one waits for it, so that no more than that piles up.
#[derive(Debug)]
pub(crate) struct Worker<T> {
    thing: Arc<Mutex<T>>,
    running: Option<JoinHandle<Result<(), ArchiveError>>>,
}

impl<T: Send + 'static> Worker<T> {
    /// Returns a worker that is idle.
    pub(crate) fn new(thing: T) -> Self {
        Self {
            thing: Arc::new(Mutex::new(thing)),
            running: None,
        }
    }

    /// Starts a task and returns at once; waits first if the last task is not finished. Fails if
    /// the last task failed, and starts nothing then. If the system gives no thread, the task runs
    /// on the calling one, and this fails if the task does.
    pub(crate) fn start(
        &mut self,
        work: impl FnOnce(&mut T) -> Result<(), ArchiveError> + Send + 'static,
    ) -> Result<(), ArchiveError> {
        self.wait()?;
        let waiting = Arc::new(Mutex::new(Some(work)));
        let (thing, handed_over) = (self.thing.clone(), waiting.clone());
        let started = threads::prepare()
            .then(|| Builder::new().spawn(move || do_waiting(&handed_over, &thing)));
        match started {
            Some(Ok(running)) => {
                self.running = Some(running);
                Ok(())
            }
            // A thread that was not made has not taken the work.
            Some(Err(_)) | None => do_waiting(&waiting, &self.thing),
        }
    }

    /// Waits until the last task is finished. Fails, once, if it failed.
    pub(crate) fn wait(&mut self) -> Result<(), ArchiveError> {
        self.running.take().map_or(Ok(()), |running| {
            running
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Waits until the last task is finished, and returns the value. Fails, once, if the task
    /// failed.
    pub(crate) fn join(&mut self) -> Result<MutexGuard<'_, T>, ArchiveError> {
        self.wait()?;
        Ok(locked(&self.thing))
    }
}

/// Runs a task on the value, unless another thread has taken it.
fn do_waiting<T>(
    waiting: &Mutex<Option<impl FnOnce(&mut T) -> Result<(), ArchiveError>>>,
    thing: &Mutex<T>,
) -> Result<(), ArchiveError> {
    let work = locked(waiting).take();
    work.map_or(Ok(()), |work| work(&mut locked(thing)))
}

fn locked<T>(thing: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panics takes the whole program with it, in `wait`.
    thing.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_in_order_and_failures_are_told_once() {
        let mut worker = Worker::new(Vec::new());
        for n in 0..5 {
            let push = move |list: &mut Vec<i32>| {
                list.push(n);
                Ok(())
            };
            worker.start(push).unwrap();
        }
        assert_eq!(*worker.join().unwrap(), [0, 1, 2, 3, 4]);
        worker
            .start(|_| {
                Err(ArchiveError::UnknownId {
                    prefix: "1f".into(),
                    near: Vec::new(),
                })
            })
            .unwrap();
        let refused = worker.start(|_| panic!("begun after a failure"));
        assert!(refused.is_err());
        assert_eq!(worker.join().unwrap().len(), 5);
    }
}
