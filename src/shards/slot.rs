//! The slot of a key.
use sha2::{Digest, Sha256};

/// The name of the slot function in maps.
pub const HASH: &str = "sha256-be64-and";

/// The lowest bits of the first eight bytes, big-endian, of the SHA-256 of the key in UTF-8.
/// `slots` is a power of two. PostgreSQL computes the same:
/// `(('x' || encode(substring(sha256(convert_to(k,'UTF8')) from 1 for 8),'hex'))::bit(64)::bigint
/// & 4095)::int`.
pub fn slot(key: &str, slots: u32) -> u32 {
    let digest = Sha256::digest(key.as_bytes());
    // The mask keeps only bits of the last four of the eight bytes.
    let low = digest.iter().skip(4).take(4).fold(0_u32, |low, byte| low << 8 | u32::from(*byte));
    low & slots.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_every_client() {
        let vectors =
            [("tenant-1", 3854), ("tenant-2", 1164), ("user:42", 3426), ("ünïcode", 3762)];
        for (key, expected) in vectors {
            assert_eq!(slot(key, 4096), expected, "{key}");
        }
        assert_eq!(slot("", 4096), 3092);
    }

    #[test]
    fn every_slot_is_used() {
        let mut keys = vec![0; 4096];
        for number in 0..100_000 {
            keys[slot(&format!("tenant-{number}"), 4096) as usize] += 1;
        }
        assert!(keys.iter().all(|keys| (4..=60).contains(keys)));
    }
}
