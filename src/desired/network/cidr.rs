//! How a network's addresses are divided into subnets.
//!
//! The VPC's block is divided into sixteen. Blocks 0 to 5 are the app subnets, one for each zone;
//! block 8 contains the data subnets and block 12 the public ones, each zone with a sixteenth of
//! the block; the rest is reserved. A zone's subnets depend only on its position in the order of
//! zone IDs, so adding a zone renumbers nothing.
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

const DATA_BLOCK: u32 = 8;
const PUBLIC_BLOCK: u32 = 12;

/// The app subnet of the zone at `index` (0 to 5): a sixteenth of the VPC.
pub fn app(vpc: Ipv4Net, index: u32) -> Ipv4Net {
    part(vpc, 4, index)
}

/// The data subnet of the zone at `index` (0 to 5): a sixteenth of block 8.
pub fn data(vpc: Ipv4Net, index: u32) -> Ipv4Net {
    part(part(vpc, 4, DATA_BLOCK), 4, index)
}

/// The public subnet of the zone at `index` (0 to 5): a sixteenth of block 12.
pub fn public(vpc: Ipv4Net, index: u32) -> Ipv4Net {
    part(part(vpc, 4, PUBLIC_BLOCK), 4, index)
}

/// Part `index` of a block divided into 2^`bits`.
fn part(block: Ipv4Net, bits: u8, index: u32) -> Ipv4Net {
    let prefix = (block.prefix_len() + bits).min(32);
    let first = u32::from(block.network()) + (index << (32 - u32::from(prefix)));
    Ipv4Net::new(Ipv4Addr::from(first), prefix).unwrap_or(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subnets_of_a_zone_never_change() {
        let vpc: Ipv4Net = "10.20.0.0/16".parse().unwrap();
        assert_eq!(app(vpc, 0).to_string(), "10.20.0.0/20");
        assert_eq!(app(vpc, 5).to_string(), "10.20.80.0/20");
        assert_eq!(data(vpc, 0).to_string(), "10.20.128.0/24");
        assert_eq!(public(vpc, 0).to_string(), "10.20.192.0/24");
        assert_eq!(public(vpc, 5).to_string(), "10.20.197.0/24");
    }

    #[test]
    fn subnets_are_within_the_vpc_and_do_not_overlap() {
        for prefix in 16..=19 {
            let vpc = Ipv4Net::new([10, 0, 0, 0].into(), prefix).unwrap();
            let all: Vec<_> =
                (0..6).flat_map(|i| [app(vpc, i), data(vpc, i), public(vpc, i)]).collect();
            for (at, subnet) in all.iter().enumerate() {
                assert!(vpc.contains(subnet), "{subnet}");
                let apart = |other: &Ipv4Net| !other.contains(subnet) && !subnet.contains(other);
                assert!(all.iter().skip(at + 1).all(apart), "{subnet}");
            }
        }
    }
}
