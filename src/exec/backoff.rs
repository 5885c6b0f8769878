//! How long is waited between two looks, and for how long in all. Times are AWS's: a cloud that
//! is faster makes its pauses shorter.

const FIRST_PAUSE_S: f64 = 1.0;
const GROWTH: f64 = 1.5;
const LONGEST_PAUSE_S: f64 = 15.0;

/// Pauses that grow, up to a limit on their sum.
#[derive(Debug)]
pub struct Backoff {
    next_s: f64,
    spent_s: f64,
    limit_s: f64,
}

impl Backoff {
    /// For what is on its way by itself; the slowest of AWS's creations take most of this.
    pub fn progress() -> Self {
        Backoff::of_minutes(60.0)
    }

    /// For what is in use by something else: interfaces of a deleted load balancer take longest.
    pub fn in_use() -> Self {
        Backoff::of_minutes(20.0)
    }

    /// For a fault that should pass: the call path below has already repeated what it may.
    pub fn fault() -> Self {
        Backoff::of_minutes(1.0)
    }

    fn of_minutes(minutes: f64) -> Self {
        Backoff { next_s: FIRST_PAUSE_S, spent_s: 0.0, limit_s: minutes * 60.0 }
    }

    /// The next pause in seconds; nothing once backoff is at its end.
    pub fn pause_s(&mut self) -> Option<f64> {
        if self.spent_s >= self.limit_s {
            return None;
        }
        let pause = self.next_s.min(self.limit_s - self.spent_s);
        self.spent_s += pause;
        self.next_s = (self.next_s * GROWTH).min(LONGEST_PAUSE_S);
        Some(pause)
    }

    /// It has got somewhere: the limit holds anew from here.
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
