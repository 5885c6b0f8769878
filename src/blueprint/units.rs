//! Values that carry their unit.

use serde::Serialize;

/// A share in hundredths: `55%` is 55.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Percent(pub f64);

/// So many of something in a time: `100/s`, `20/5m`, `10k/day`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    pub count: f64,
    pub window_s: u32,
}

impl Rate {
    pub fn per_second(self) -> f64 {
        self.count / f64::from(self.window_s)
    }

    /// How AWS counts requests per target.
    pub fn per_minute(self) -> f64 {
        self.count * 60.0 / f64::from(self.window_s)
    }
}
