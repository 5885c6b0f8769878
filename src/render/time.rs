//! Renders durations.

/// A duration in its two largest units: `3 s`, `2 min 5 s`, `1 h 12 min`.
pub fn seconds(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => two(seconds / 60, "min", seconds % 60, "s"),
        _ => two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
    }
}

fn two(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    match small {
        0 => format!("{large} {large_unit}"),
        _ => format!("{large} {large_unit} {small} {small_unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn shows_at_most_two_units() {
        let shown: Vec<String> = [3, 60, 125, 3600, 4325].map(seconds).to_vec();
        assert_eq!(shown, ["3 s", "1 min", "2 min 5 s", "1 h", "1 h 12 min"]);
    }
}
