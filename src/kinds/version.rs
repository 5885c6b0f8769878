//! Versions of engines.

/// The numbers of a version such as `17.4`, for comparison with another version.
pub fn numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn compares_versions_by_number() {
        assert!(numbers("17.10") > numbers("17.9"));
        assert!(numbers("17.1") > numbers("17"));
    }
}
