//! How long a step waits between two calls, and for how long in total. Times are those on AWS: a
//! faster cloud, such as the sandbox, shortens its pauses itself.

const FIRST_PAUSE_S: f64 = 1.0;
const GROWTH: f64 = 1.5;
const LONGEST_PAUSE_S: f64 = 15.0;

/// Growing pauses, with a limit on their sum.
#[derive(Debug)]
pub struct Backoff {
    next_s: f64,
    spent_s: f64,
    limit_s: f64,
}

impl Backoff {
    /// For operations that are in progress, up to 60 minutes: the slowest creations on AWS take most
    /// of that.
    pub fn progress() -> Self {
        Backoff::of_minutes(60.0)
    }

    /// For resources that are in use by others, up to 20 minutes: the network interfaces of a deleted
    /// load balancer take longest.
    pub fn in_use() -> Self {
        Backoff::of_minutes(20.0)
    }

    /// For errors that should pass, up to 1 minute. The cloud has already repeated the calls that
    /// are safe to repeat.
    pub fn fault() -> Self {
        Backoff::of_minutes(1.0)
    }

    fn of_minutes(minutes: f64) -> Self {
        Backoff { next_s: FIRST_PAUSE_S, spent_s: 0.0, limit_s: minutes * 60.0 }
    }

    /// The next pause in seconds; `None` once the limit is reached.
    pub fn pause_s(&mut self) -> Option<f64> {
        if self.spent_s >= self.limit_s {
            return None;
        }
        let pause = self.next_s.min(self.limit_s - self.spent_s);
        self.spent_s += pause;
        self.next_s = (self.next_s * GROWTH).min(LONGEST_PAUSE_S);
        Some(pause)
    }

    /// Restarts the limit after progress. The length of the pauses is kept.
    pub fn renew(&mut self) {
        self.spent_s = 0.0;
    }

    pub fn limit_minutes(&self) -> f64 {
        self.limit_s / 60.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_at_the_limit() {
        let mut backoff = Backoff::fault();
        let pauses: Vec<f64> = std::iter::from_fn(|| backoff.pause_s()).collect();
        assert!(pauses.starts_with(&[1.0, 1.5, 2.25]) && pauses.contains(&LONGEST_PAUSE_S));
        assert!((pauses.iter().sum::<f64>() - 60.0).abs() < 1e-9);
    }
}
